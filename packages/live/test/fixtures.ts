import { until } from '@nanometer/testing';
import { LiveClient, LiveServer } from '@nanometer/live';
import type {
  FrameError,
  LiveClientOptions,
  LiveError,
  LiveFrame,
  LiveSeries,
  LiveServerOptions,
  LiveStatus,
  SeriesDescriptor,
} from '@nanometer/live';

/** A gauge with the given attributes. */
export function gauge(name: string, attributes: SeriesDescriptor['attributes'] = {}): SeriesDescriptor {
  return { name, kind: 'gauge', field: 'value', unit: '1', attributes, resource: { 'service.name': 'desk' } };
}

/** Everything a client has been told, in order. */
export interface Heard {
  readonly series: LiveSeries[];
  readonly frames: LiveFrame[];
  readonly statuses: LiveStatus[];
  readonly errors: (LiveError | FrameError)[];
  readonly resets: number[];
}

/** Servers and clients that end with the test. */
export class Bench {
  readonly #ends: (() => Promise<void> | void)[] = [];

  async server(options: Partial<LiveServerOptions> = {}): Promise<{ server: LiveServer; url: string; port: number }> {
    const server = new LiveServer({ ...(options.server === undefined ? { port: 0 } : {}), tickMillis: 1, ...options });
    this.#ends.push(() => server.close());
    const { url, port } = await server.ready();
    return { server, url, port };
  }

  client(url: string, options: Partial<LiveClientOptions> = {}): { client: LiveClient; heard: Heard } {
    const heard: Heard = { series: [], frames: [], statuses: [], errors: [], resets: [] };
    const client = new LiveClient({
      url,
      backoffInitialMs: 1,
      backoffMaxMs: 20,
      onDescriptors: (series) => heard.series.push(...series),
      onFrame: (frame) => heard.frames.push(frame),
      onStatus: (status) => heard.statuses.push(status),
      onError: (error) => heard.errors.push(error),
      onReset: (epoch) => heard.resets.push(epoch),
      ...options,
    });
    this.#ends.push(() => client.close());
    return { client, heard };
  }

  /** Ends with the test whatever it is. */
  defer(end: () => Promise<void> | void): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }
}

/** Waits until the store holds exactly this value. */
export async function untilValue(client: LiveClient, id: number, value: number): Promise<void> {
  await until(`series ${id} is ${value}`, () => client.store.hasValue(id) && Object.is(client.store.values[id], value));
}

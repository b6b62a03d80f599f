import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
  type Grant,
  LiveServer,
  type LiveServerOptions,
  type LiveServerStats,
  type PublishOptions,
  type SeriesDescriptor,
} from '@nanometer/live';
import type { FanOut, FanOutStats } from './fan-out.ts';

const NOTHING_BETWEEN: FanOutStats = {
  mode: 'inline',
  isUp: true,
  restarts: { ended: 0, stalled: 0, overflow: 0 },
  rowsConflated: 0,
  rowsWaiting: 0,
  producerWaits: 0,
  eventsRefused: 0,
};

/** The stream, served by the thread that takes requests and on the page's server. */
export class InlineFanOut implements FanOut {
  readonly #server: LiveServer;
  readonly #listen: () => Promise<number>;

  /** `listen` has the page's server listen. */
  constructor(page: Server, options: Omit<LiveServerOptions, 'server' | 'port'>, listen: () => Promise<number>) {
    this.#server = new LiveServer({ ...options, server: page });
    this.#listen = listen;
  }

  listen(): Promise<number> {
    return this.#listen();
  }

  register(descriptor: SeriesDescriptor): number {
    return this.#server.register(descriptor);
  }

  update(id: number, timeUnixMs: number, value: number): void {
    this.#server.update(id, timeUnixMs, value);
  }

  publishEvent(topic: string, body: unknown, options?: PublishOptions): boolean {
    return this.#server.publishEvent(topic, body, options) !== undefined;
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#server.handleRequest(request, response);
  }

  grantOf(authorization: string | undefined): Grant | undefined {
    return this.#server.grantOf(authorization);
  }

  room(): undefined {
    return undefined;
  }

  stats(): LiveServerStats {
    return this.#server.stats();
  }

  fanOutStats(): FanOutStats {
    return NOTHING_BETWEEN;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import { until } from '@nanometer/testing';
import { encodeFrame, LivePublisher, PushServer } from '@nanometer/live';
import type { FrameHeader, PushCounts, PushRows, PushSeries, PushServerOptions, PushSink } from '@nanometer/live';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Keeps the last value and time of each series by name; answers when it is told to, or at once. */
class Store implements PushSink<string> {
  readonly values = new Map<string, number>();
  readonly times = new Map<string, number>();
  readonly events: unknown[] = [];
  rows = 0;
  /** Rows that a full disk refuses. */
  refusing = false;
  hold: Promise<void> | undefined;

  define(series: PushSeries): string {
    return series.name;
  }

  async apply({ series, values, dt, baseTimeMs }: PushRows<string>): Promise<PushCounts> {
    if (this.refusing) throw new Error('disk full');
    series.forEach((name, row) => {
      this.rows += 1;
      this.values.set(name, values[row]!);
      this.times.set(name, baseTimeMs + dt[row]! / 1000);
    });
    await this.hold;
    return { applied: series.length, duplicate: 0, dropped: 0 };
  }

  publishEvent(_topic: string, body: unknown): boolean {
    this.events.push(body);
    return body !== 'refused';
  }
}

async function start(options: Partial<PushServerOptions<string>> = {}) {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const store = new Store();
  const server = new PushServer({ server: http, sink: store, ...options });
  ends.push(
    () => new Promise((resolve) => http.close(resolve)),
    () => server.close(),
  );
  return { server, http, store, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/push` };
}

function publisher(url: string, options: Partial<ConstructorParameters<typeof LivePublisher>[0]> = {}): LivePublisher {
  const made = new LivePublisher({ url, backoffInitialMs: 1, backoffMaxMs: 5, ...options });
  ends.push(() => made.close());
  return made;
}

const series = (name: string, more: Partial<PushSeries> = {}): PushSeries => ({
  name,
  kind: 'counter',
  unit: '1',
  attributes: {},
  resource: { 'service.name': 'desk' },
  scope: { name: 'desk', version: '' },
  startTimeUnixNano: '1700000000000000000',
  ...more,
});

const open = (each: LivePublisher): Promise<boolean> => until('open', () => each.status.state === 'open');

/** A producer that says what it is told to, right or wrong. */
async function raw(url: string) {
  const socket = new WebSocket(url);
  ends.push(() => socket.terminate());
  const heard: Record<string, unknown>[] = [];
  let closed: number | undefined;
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Record<string, unknown>));
  socket.on('close', (code) => {
    closed = code;
  });
  const hello = await until('hello', () => heard.find(({ type }) => type === 'hello'));
  const frame = (more: Partial<FrameHeader>, ids = [0], values = [1]): Uint8Array =>
    encodeFrame(
      {
        type: 'update',
        conflated: false,
        final: false,
        backfill: false,
        stream: 0,
        epoch: hello['epoch'] as number,
        sequence: 1,
        baseTimeMs: 1,
        ...more,
      },
      Uint32Array.from(ids),
      new Uint32Array(ids.length),
      Float64Array.from(values),
    );
  return {
    frame,
    send: (data: unknown): void =>
      socket.send(typeof data === 'string' || data instanceof Uint8Array ? data : JSON.stringify(data)),
    error: async (): Promise<unknown> =>
      (await until('an error', () => heard.find(({ type }) => type === 'error')))['code'],
    ack: (sequence: number): Promise<Record<string, unknown>> =>
      until(`ack ${sequence}`, () =>
        heard.find((message) => message['type'] === 'ack' && message['sequence'] === sequence),
      ),
    closed: (): Promise<number> => until('closed', () => closed),
  };
}

describe('what is wrong', () => {
  const entry = { ...series('x'), id: 0 };
  test.each<[string, unknown, string]>([
    ['text that is no JSON', '{', 'invalid_json'],
    ['a list', '[]', 'invalid_json'],
    ['an unknown type', { type: 'subscribe' }, 'unknown_type'],
    ['no entries', { type: 'dictionary' }, 'invalid_dictionary'],
    ['an entry that is none', { type: 'dictionary', entries: [null] }, 'invalid_dictionary'],
    ['a negative id', { type: 'dictionary', entries: [{ ...entry, id: -1 }] }, 'invalid_dictionary'],
    ['an id beyond the limit', { type: 'dictionary', entries: [{ ...entry, id: 10 }] }, 'too_many_series'],
    ['an unknown kind', { type: 'dictionary', entries: [{ ...entry, kind: 'histogram' }] }, 'invalid_dictionary'],
    ['an empty name', { type: 'dictionary', entries: [{ ...entry, name: '' }] }, 'invalid_dictionary'],
    [
      'a start as a number',
      { type: 'dictionary', entries: [{ ...entry, startTimeUnixNano: 5 }] },
      'invalid_dictionary',
    ],
    [
      'a start beyond 63 bits',
      { type: 'dictionary', entries: [{ ...entry, startTimeUnixNano: '9223372036854775808' }] },
      'invalid_dictionary',
    ],
    ['nested attributes', { type: 'dictionary', entries: [{ ...entry, attributes: { a: {} } }] }, 'invalid_dictionary'],
    ['no scope', { type: 'dictionary', entries: [{ ...entry, scope: 'desk' }] }, 'invalid_dictionary'],
    ['an event without a topic', { type: 'event', body: 1 }, 'invalid_event'],
    ['bytes that are no frame', new Uint8Array(40), 'invalid_frame'],
    ['a truncated frame', Uint8Array.of(0x4e, 0x4d, 1), 'invalid_frame'],
  ])('%s ends the connection with a code', async (_what, message, code) => {
    const { url, server } = await start({ limits: { seriesPerConnection: 10 } });
    const producer = await raw(url);
    producer.send(message);
    expect(await producer.error()).toBe(code);
    expect(await producer.closed()).toBe(1002);
    expect(server.stats().refused).toEqual({ [code]: 1 });
  });

  test.each<[string, Partial<FrameHeader>]>([
    ['a snapshot', { type: 'snapshot' }],
    ['a flag', { conflated: true }],
    ['another stream', { stream: 1 }],
    ['another epoch', { epoch: 0 }],
    ['a number out of order', { sequence: 2 }],
  ])('%s is no frame of a producer', async (_what, header) => {
    const { url, store } = await start();
    const producer = await raw(url);
    producer.send(producer.frame(header));
    expect(await producer.error()).toBe('invalid_frame');
    expect(store.rows).toBe(0);
  });

  test('a refused event is told, and the connection lives', async () => {
    const { url, store } = await start();
    const producer = await raw(url);
    producer.send({ type: 'event', topic: 'a', body: 'refused' });
    expect(await producer.error()).toBe('event_refused');
    producer.send({ type: 'event', topic: 'a', body: 'taken' });
    await until('the next one', () => store.events.includes('taken'));
  });

  test('rows of unknown ids are dropped and counted, the others kept', async () => {
    const { url, server, store } = await start();
    const producer = await raw(url);
    producer.send({ type: 'dictionary', entries: [{ ...series('x'), id: 3 }] });
    producer.send(producer.frame({}, [0, 3, 9, 4_294_967_295], [1, 2, 3, 4]));
    expect(await producer.ack(1)).toMatchObject({ applied: 1, duplicate: 0, dropped: 3 });
    expect([...store.values]).toEqual([['x', 2]]);
    expect(server.stats()).toMatchObject({ received: 4, applied: 1, dropped: 3, waiting: 0 });
  });

  test('arbitrary bytes never do more than end their connection', async () => {
    const { url, server } = await start();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.json()), async (message) => {
        const producer = await raw(url);
        producer.send(message);
        producer.send('{');
        expect(await producer.closed()).toBe(1002);
      }),
      { numRuns: 40 },
    );
    const { received, applied, duplicate, dropped, waiting } = server.stats();
    expect(received).toBe(applied + duplicate + dropped + waiting);
  });

  test('who comes once the server has closed is told, and the next server of that HTTP server takes over', async () => {
    const { server, http, url } = await start();
    const statusOf = (socket: WebSocket): Promise<[number | undefined, unknown]> => {
      socket.on('error', () => undefined);
      return new Promise((resolve) => {
        socket.on('open', () => resolve([101, undefined]));
        socket.on('unexpected-response', (_, { statusCode, headers }) => resolve([statusCode, headers['retry-after']]));
      });
    };
    const comes = async (path = ''): Promise<[number | undefined, unknown]> => {
      const socket = new WebSocket(`${url}${path}`, 'nanometer.push.v1');
      const status = await statusOf(socket);
      socket.terminate();
      return status;
    };
    await server.close();
    await server.close();
    expect(await comes()).toEqual([503, '1']);
    expect(await comes('?x=1')).toEqual([503, '1']);
    const next = new PushServer({ server: http, sink: new Store() });
    expect(await comes()).toEqual([101, undefined]);
    await next.close();
    expect(await comes()).toEqual([503, '1']);
    expect(http.listeners('upgrade')).toHaveLength(1);
  });

  test('a producer too many is told so', async () => {
    const { url } = await start({ limits: { connections: 1 } });
    const first = publisher(url);
    first.connect();
    await open(first);
    const second = new WebSocket(url);
    ends.push(() => second.terminate());
    const code = await new Promise((resolve) => second.on('close', resolve));
    expect(code).toBe(4002);
  });
});

describe('LivePublisher', () => {
  const started = async (options: Partial<PushServerOptions<string>> = {}) => {
    const { url, ...rest } = await start(options);
    const each = publisher(url);
    each.connect();
    await open(each);
    return { ...rest, url, each };
  };

  test('sends the latest value of what changed, to the microsecond', async () => {
    const { each, store } = await started();
    const id = each.register(series('x'));
    for (const value of [1, 2, 3]) each.update(id, 1_700_000_000_000.125, value);
    each.flush();
    expect(await each.settled(10_000)).toBe(true);
    expect(store.rows).toBe(1);
    expect([store.values.get('x'), store.times.get('x')]).toEqual([3, 1_700_000_000_000.125]);
  });

  test('NaN, infinities, -0 and the least double travel as they are', async () => {
    const { each, store } = await started();
    const values = [NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 2];
    values.forEach((value, index) => each.update(each.register(series(`x${index}`)), 1, value));
    each.flush();
    await each.settled(10_000);
    expect(values.map((_, index) => store.values.get(`x${index}`))).toEqual(values);
  });

  test('many series, far apart in time, go in frames and messages within the limits', async () => {
    const { each, store, server } = await started({ limits: { messageBytes: 4_096 } });
    for (let index = 0; index < 1_000; index++) {
      each.update(each.register(series(`x${index}`)), index * 1e7, index);
    }
    each.flush();
    await each.settled(10_000);
    expect(server.stats()).toMatchObject({ applied: 1_000, refused: {} });
    expect(store.times.get('x999')).toBe(999 * 1e7);
  });

  test('a description that no message holds is dropped and counted', async () => {
    const { each } = await started({ limits: { messageBytes: 4_096 } });
    each.update(each.register(series('x', { description: 'd'.repeat(5_000) })), 1, 1);
    each.update(each.register(series('y')), 1, 1);
    each.flush();
    await each.settled(10_000);
    expect(each.stats()).toMatchObject({ seriesDropped: 1, acknowledged: { applied: 1, dropped: 1 } });
  });

  test('what the server could not keep is told again once it can', async () => {
    const { each, store } = await started();
    store.refusing = true;
    each.update(each.register(series('x')), 1, 7);
    each.flush();
    await until('it is told', () => each.stats().acknowledged.dropped === 1);
    store.refusing = false;
    await until('it is there', () => store.values.get('x') === 7);
  });

  test('frames that wait for a slow store beyond the limit are dropped, said so, and told again', async () => {
    const { each, store, server } = await started({ limits: { waitingBytes: 64 } });
    let go = (): void => undefined;
    store.hold = new Promise((resolve) => (go = resolve));
    const ids = ['x', 'y'].map((name) => each.register(series(name)));
    ids.forEach((id) => {
      each.update(id, 1, 1);
      each.flush();
    });
    await until('one is dropped', () => server.stats().dropped === 1);
    store.hold = undefined;
    go();
    await until('both are there', () => store.values.get('y') === 1);
  });

  test('an id that is used again stands for the new series', async () => {
    const { each, store } = await started();
    const id = each.register(series('x'));
    each.update(id, 1, 1);
    each.flush();
    each.unregister(id);
    const next = each.register(series('y'));
    expect(next).toBe(id);
    each.update(next, 2, 2);
    each.flush();
    await each.settled(10_000);
    expect([...store.values]).toEqual([
      ['x', 1],
      ['y', 2],
    ]);
  });

  test('tells a new server everything anew, unasked', async () => {
    const { each, server, store, url } = await started();
    each.update(each.register(series('x')), 1, 1);
    each.flush();
    await each.settled(10_000);
    await server.close();
    await until('it knows', () => each.status.state !== 'open');
    const http = createServer();
    const second = new Store();
    const { port } = new URL(url);
    expect(store.rows).toBe(1);
    // The first server's HTTP server still has the port: end it.
    await ends.splice(0, 1)[0]!();
    await new Promise<void>((resolve) => http.listen(Number(port), '127.0.0.1', resolve));
    const next = new PushServer({ server: http, sink: second });
    ends.unshift(() => new Promise((resolve) => http.close(resolve)));
    ends.push(() => next.close());
    await until('the value is there', () => second.values.get('x') === 1);
  });

  test('options out of range are errors', () => {
    expect(() => new LivePublisher({ url: 'http://x' })).toThrow(expect.objectContaining({ code: 'invalid_option' }));
    expect(() => new LivePublisher({ url: 'ws://x', bufferedBytes: 0 })).toThrow('bufferedBytes');
    expect(() => new LivePublisher({ url: 'ws://x', seriesLimit: NaN })).toThrow('seriesLimit');
  });
});

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import { until } from '@nanometer/testing';
import { LiveClient, LiveError, LiveServer } from '@nanometer/live';
import type { LiveServerOptions } from '@nanometer/live';
import { DEFAULT_LIMITS } from '../src/server/options.ts';
import { parseClientMessage } from '../src/server/parse-message.ts';
import { Bench, gauge, untilValue } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

const bench = new Bench();
afterEach(() => bench.end());

async function rawClient(url: string): Promise<RawClient> {
  const client = new RawClient(url);
  bench.defer(() => client.socket.terminate());
  await client.heard('hello');
  return client;
}

describe('a message that makes no sense', () => {
  test.each<[string, unknown, string, string]>([
    ['not JSON', '{"type":', 'invalid_json', 'the message is not JSON'],
    ['JSON of no object', '[1]', 'invalid_json', 'a message is a JSON object with a "type"'],
    [
      'an unknown type',
      { type: 'subscrbe', id: 1 },
      'unknown_type',
      '"type" is "subscrbe", expected "subscribe", "unsub',
    ],
    ['no type', {}, 'unknown_type', '"type" is absent'],
    ['binary garbage', Buffer.from([1, 2, 3]), 'unexpected_binary', 'text messages only'],
    [
      'no id',
      { type: 'subscribe', names: ['x'] },
      'invalid_subscription',
      '"id" is absent, expected an integer from 0',
    ],
    ['no names', { type: 'subscribe', id: 1 }, 'invalid_subscription', 'subscribe.names is absent, expected a list'],
    [
      'a name that is none',
      { type: 'subscribe', id: 1, names: ['x', 7] },
      'invalid_subscription',
      'subscribe.names[1] is 7, expected a name or glob of 1 to 256 characters',
    ],
    [
      'a misspelled key',
      { type: 'subscribe', id: 1, names: ['x'], atributes: {} },
      'invalid_subscription',
      'subscribe has an unknown key "atributes", it knows type, id, names, attributes',
    ],
    [
      'an attribute filter that is none',
      { type: 'subscribe', id: 1, names: ['x'], attributes: { k: { suffix: 'x' } } },
      'invalid_subscription',
      'subscribe.attributes["k"] is {"suffix":"x"}, expected a string, number or boolean, a list of those, or {"prefix"',
    ],
    [
      'a negative interval',
      { type: 'subscribe', id: 1, names: ['x'], minIntervalMs: -1 },
      'invalid_subscription',
      'subscribe.minIntervalMs is -1, expected milliseconds from 0 to 3600000',
    ],
    [
      'an unknown field',
      { type: 'subscribe', id: 1, names: ['x'], fields: ['p95'] },
      'invalid_subscription',
      'subscribe.fields is ["p95"], expected a list of value, count',
    ],
    [
      'an unknown lane',
      { type: 'subscribe', id: 1, names: ['x'], lane: 'fast' },
      'invalid_subscription',
      'subscribe.lane is "fast", expected "bulk" or "risk"',
    ],
    [
      'a risk lane that waits',
      { type: 'subscribe', id: 1, names: ['x'], lane: 'risk', minIntervalMs: 5 },
      'invalid_subscription',
      'subscribe.minIntervalMs is 5, expected 0 on the risk lane',
    ],
    ['an unsubscribe of nothing', { type: 'unsubscribe', id: 9 }, 'unknown_subscription', 'there is no subscription 9'],
  ])('%s: gets an error, and the connection lives', async (_what, message, code, text) => {
    const { server, url } = await bench.server();
    server.update(server.register(gauge('x')), 1, 1);
    const client = await rawClient(url);
    client.send(message);
    expect(await client.error()).toMatchObject({ code, message: expect.stringContaining(text) });
    client.send({ type: 'subscribe', id: 1, names: ['x'] });
    await until('the snapshot arrives', () => client.frames.length > 0);
    expect(server.stats()).toMatchObject({ clients: 1, rejected: { [code]: 1 } });
  });

  test('is refused by a typed error whatever it is', () => {
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record(
          {
            type: fc.constant('subscribe'),
            id: fc.oneof(fc.nat(), fc.anything()),
            names: fc.oneof(fc.array(fc.string()), fc.anything()),
            attributes: fc.anything(),
            fields: fc.anything(),
            minIntervalMs: fc.anything(),
          },
          { requiredKeys: ['type'] },
        )
        .map((message) => JSON.stringify(message, (_key, value: unknown) => (typeof value === 'bigint' ? 1 : value))),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parseClientMessage(text, DEFAULT_LIMITS);
        } catch (error) {
          if (!(error instanceof LiveError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('equal filters are equal however they are written', () => {
    const parse = (message: unknown): string =>
      JSON.stringify(parseClientMessage(JSON.stringify(message), DEFAULT_LIMITS));
    const plain = parse({ type: 'subscribe', id: 1, names: ['a', 'b'], attributes: { k: [1, '1'], l: 'x' } });
    expect(
      parse({ attributes: { l: 'x', k: ['1', 1, 1] }, names: ['b', 'a', 'b'], id: 1, type: 'subscribe', lane: 'bulk' }),
    ).toBe(plain);
  });
});

describe('a limit', () => {
  const subscribe = (id: number, names: string[] = ['x']): unknown => ({ type: 'subscribe', id, names });

  test.each<[string, LiveServerOptions['limits'], unknown[], Record<string, unknown>]>([
    [
      'on subscriptions',
      { subscriptionsPerConnection: 2 },
      [subscribe(1), subscribe(2), subscribe(3)],
      { code: 'too_many_subscriptions', id: 3, limit: 2, message: 'this connection has 2 subscriptions, the limit' },
    ],
    [
      'on patterns',
      { patternsPerSubscription: 1 },
      [subscribe(1, ['a', 'b'])],
      { code: 'too_many_patterns', limit: 1, message: 'subscribe.names has 2 patterns, the limit is 1' },
    ],
    [
      'on series',
      { seriesPerSubscription: 2 },
      [subscribe(1, ['x*'])],
      {
        code: 'too_many_series',
        id: 1,
        limit: 2,
        message: expect.stringContaining('matches 3 series, the limit is 2'),
      },
    ],
    [
      'on one id for two subscriptions',
      {},
      [subscribe(1), subscribe(1)],
      { code: 'duplicate_subscription', id: 1, message: expect.stringContaining('subscription 1 exists') },
    ],
  ])('%s is an error with its number, and the connection lives', async (_what, limits, messages, expected) => {
    const { server, url } = await bench.server({ limits: limits! });
    for (const name of ['x', 'xx', 'xxx']) server.register(gauge(name));
    const client = await rawClient(url);
    for (const message of messages) client.send(message);
    expect(await client.error()).toMatchObject(expected);
    expect(client.closeCode).toBeUndefined();
    expect(server.stats().clients).toBe(1);
  });

  test('on series that is reached later leaves the new ones out and says so once', async () => {
    const { server, url } = await bench.server({ limits: { seriesPerSubscription: 1 } });
    const first = server.register(gauge('x', { n: 1 }));
    const { client, heard } = bench.client(url);
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
    for (const n of [2, 3]) server.update(server.register(gauge('x', { n })), 1, n);
    server.update(first, 1, 1);
    await untilValue(client, first, 1);
    server.update(first, 1, 2);
    await untilValue(client, first, 2);
    expect(heard.errors.map(({ code }) => code)).toEqual(['too_many_series']);
    expect(client.store.size).toBe(1);
  });

  test('on connections closes the next with 4002', async () => {
    const { server, url } = await bench.server({ limits: { connections: 1 } });
    await rawClient(url);
    const second = new RawClient(url);
    await until('the second is closed', () => second.closeCode);
    expect(second.closeCode).toBe(4002);
    expect(await second.error()).toMatchObject({ code: 'too_many_connections', limit: 1 });
    expect(server.stats()).toMatchObject({ clients: 1, rejected: { too_many_connections: 1 } });
  });

  test('on the rate closes with 4004, pings included', async () => {
    const { server, url } = await bench.server({ clock: new ManualClock(), limits: { messageBurst: 5 } });
    const talker = await rawClient(url);
    for (let id = 0; id < 6; id++) talker.send(subscribe(id));
    await until('the talker is closed', () => talker.closeCode);
    expect(await talker.error()).toMatchObject({ code: 'rate_limited', limit: 20 });
    const pinger = await rawClient(url);
    for (let count = 0; count < 6; count++) pinger.socket.ping();
    await until('the pinger is closed', () => pinger.closeCode);
    expect([talker.closeCode, pinger.closeCode]).toEqual([4004, 4004]);
    expect(server.stats()).toMatchObject({ clients: 0, streams: 0, rejected: { rate_limited: 2 } });
  });

  test('on the rate is kept by a client with many subscriptions', async () => {
    const { url } = await bench.server({ limits: { messagesPerSecond: 100, messageBurst: 20 } });
    const { client, heard } = bench.client(url);
    const subscriptions = Array.from({ length: 30 }, (_, index) => client.subscribe({ names: [`x${index}`] }));
    await client.connect();
    await Promise.all(subscriptions.map(({ ready }) => ready));
    expect(heard.errors).toEqual([]);
  });

  test('on message size closes with 1009', async () => {
    const { server, url } = await bench.server({ limits: { messageBytes: 1_000 } });
    const client = await rawClient(url);
    client.send('x'.repeat(1_001));
    await until('the client is closed', () => client.closeCode);
    expect(client.closeCode).toBe(1009);
    expect(server.stats().rejected).toEqual({ message_too_large: 1 });
  });

  test('on the time to subscribe closes with 4001', async () => {
    const clock = new ManualClock();
    const { url } = await bench.server({ clock });
    const client = await rawClient(url);
    clock.advance(6_001);
    await until('the client is closed', () => client.closeCode);
    expect(client.closeCode).toBe(4001);
    expect(await client.error()).toMatchObject({ code: 'subscribe_timeout', limit: 5_000 });
    expect(clock.waiting).toEqual([]);
  });

  test('on silence cuts off a client that answers no ping', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock });
    const silent = await rawClient(url);
    silent.send({ type: 'subscribe', id: 1, names: ['x'] });
    await silent.heard('subscribed');
    silent.socket.pause();
    clock.advance(31_000);
    expect(server.stats()).toMatchObject({ clients: 0, rejected: { idle_timeout: 1 } });
    silent.socket.resume();
    await until('the socket is closed', () => silent.closeCode);
    expect(silent.closeCode).toBe(1006);
  });
});

describe('an upgrade request', () => {
  test.each<[string, string | undefined, LiveServerOptions['allowedOrigins'], boolean]>([
    ['without an origin', undefined, undefined, true],
    ['from a page of the same host', 'http://HOST', undefined, true],
    ['from a page of another host', 'http://evil.example', undefined, false],
    ['from a local file', 'null', undefined, false],
    ['from an allowed page', 'https://desk.example', ['https://desk.example'], true],
    ['from a page that is not in the list', 'http://HOST', ['https://desk.example'], false],
    ['from any page, when all are allowed', 'http://evil.example', '*', true],
  ])('%s', async (_what, origin, allowedOrigins, accepted) => {
    const { server, url, port } = await bench.server(allowedOrigins === undefined ? {} : { allowedOrigins });
    const from = origin?.replace('HOST', `127.0.0.1:${port}`);
    const client = new RawClient(url, [], from === undefined ? {} : { origin: from });
    bench.defer(() => client.socket.terminate());
    await until('there is an answer', () => client.status ?? client.texts.length);
    expect(client.status).toBe(accepted ? undefined : 403);
    expect(server.stats().rejected).toEqual(accepted ? {} : { origin_refused: 1 });
  });

  test.each([
    ['localhost', true],
    ['LocalHost:1', true],
    ['[::1]:8080', true],
    ['rebound.example', false],
    ['rebound.example:80', false],
    ['127.0.0.1.rebound.example', false],
  ])('for the host "%s" on a loopback server: %s', async (host, accepted) => {
    const { server, url } = await bench.server();
    const client = new RawClient(url, [], { host });
    bench.defer(() => client.socket.terminate());
    await until('there is an answer', () => client.status ?? client.texts.length);
    expect(client.status).toBe(accepted ? undefined : 403);
    expect(server.stats().rejected).toEqual(accepted ? {} : { host_refused: 1 });
  });

  test('for another path gets 404 and plain HTTP gets 426 on a port of its own', async () => {
    const { url, port } = await bench.server();
    const client = new RawClient(url.replace('/live', '/other'));
    await until('there is an answer', () => client.status);
    expect(client.status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(426);
  });
});

describe('a server', () => {
  test('names the port that is taken and the way out', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    bench.defer(() => new Promise((resolve) => taken.close(() => resolve())));
    const { port } = taken.address() as AddressInfo;
    const server = new LiveServer({ port });
    await expect(server.ready()).rejects.toMatchObject({
      code: 'address_in_use',
      message: `127.0.0.1:${port} is in use; give another \`port\`, or 0 for any free one`,
    });
    await server.close();
  });

  test.each<[string, LiveServerOptions, string]>([
    ['no place', {}, 'give either `server` (an http.Server) or `port`'],
    ['port', { port: 65_536 }, 'port is 65536, expected an integer from 0 to 65535'],
    ['tick', { port: 0, tickMillis: 0 }, 'tickMillis is 0, expected milliseconds above 0'],
    ['tick', { port: 0, tickMillis: NaN }, 'tickMillis is NaN'],
    ['epoch', { port: 0, epoch: 0 }, 'epoch is 0, expected an integer from 1 to 4294967295'],
    ['limit', { port: 0, limits: { connections: -1 } }, 'limits.connections is -1, expected an integer from 1'],
    ['path', { port: 0, path: 'live' }, 'path is "live", expected it to start with "/"'],
  ])('refuses an option out of range: %s', (_what, options, text) => {
    expect(() => new LiveServer(options)).toThrow(text);
  });

  test('says goodbye with a time to come back, after everything that was pending', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, retryAfterMs: 250 });
    const id = server.register(gauge('x'));
    const client = await rawClient(url);
    client.send({ type: 'subscribe', id: 1, names: ['x'], minIntervalMs: 3_600_000 });
    await until('the snapshot arrives', () => client.frames.length > 0);
    server.update(id, 1, 1);
    clock.advance(20);
    server.update(id, 2, 2);
    await server.close();
    await until('the client is closed', () => client.closeCode);
    expect(client.frames.flatMap(({ values }) => [...values])).toEqual([1, 2]);
    expect(client.messages.at(-1)).toEqual({ type: 'goaway', reason: 'the server is closing', retryAfterMs: 250 });
    expect(client.closeCode).toBe(4000);
    expect(clock.waiting).toEqual([]);
  });
});

test('a client without a WebSocket or a usable URL says so at once', () => {
  expect(() => new LiveClient({ url: 'live' })).toThrow('url is "live", expected one like ws://127.0.0.1:8080/live');
  const original = globalThis.WebSocket;
  try {
    // @ts-expect-error: a runtime without a global WebSocket
    globalThis.WebSocket = undefined;
    expect(() => new LiveClient({ url: 'ws://127.0.0.1:1/live' })).toThrow('there is no global WebSocket here');
  } finally {
    globalThis.WebSocket = original;
  }
  expect(new LiveClient({ url: 'ws://127.0.0.1:1/live', WebSocket: WebSocket as never }).status.state).toBe('idle');
});

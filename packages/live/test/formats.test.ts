import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { DEFAULT_LIMITS } from '@nanometer/live';
import type { SeriesDescriptor } from '@nanometer/live';
import { parseServerMessage } from '../src/client/parse-server-message.ts';
import { parseClientMessage } from '../src/server/parse-message.ts';
import { Bench, gauge, untilValue } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

const bench = new Bench();
afterEach(() => bench.end());

const MESSAGES = JSON.parse(readFileSync(new URL('../vectors/messages.json', import.meta.url), 'utf8')) as {
  client: { name: string; message: object }[];
  server: { name: string; text: string }[];
};

function rawClient(url: string, protocols: string[] = []): RawClient {
  const client = new RawClient(url, protocols);
  bench.defer(() => client.socket.terminate());
  return client;
}

function exposure(symbol: string): SeriesDescriptor {
  return { ...gauge('risk.exposure.notional', { 'trading.symbol': symbol }), unit: '{currency}' };
}

interface Row {
  readonly name: string;
  readonly attributes: Record<string, unknown>;
  readonly value: unknown;
}

const rowsOf = (client: RawClient): Row[] =>
  client.messages.flatMap((message) => (message['rows'] as Row[] | undefined) ?? []);

describe('the golden messages', () => {
  test.each(MESSAGES.client)('of a client are understood: $name', ({ message }) => {
    expect(parseClientMessage(JSON.stringify(message), DEFAULT_LIMITS)).toMatchObject({ type: expect.any(String) });
  });

  test.each(MESSAGES.server.filter(({ name }) => name !== 'snapshot' && name !== 'update'))(
    'of a server are understood: $name',
    ({ text }) => {
      expect(parseServerMessage(text)).toEqual(JSON.parse(text));
    },
  );

  test('are what a server says in JSON, byte for byte', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, epoch: 7, tickMillis: 16 });
    const btc = server.register(exposure('BTCUSDT'));
    const eth = server.register(exposure('ETHUSDT'));
    server.update(btc, 1_700_000_000_000.25, 125_000.5);
    server.update(eth, 1_700_000_000_001, -0);
    const client = rawClient(url, ['nanometer.json.v1']);
    await client.heard('hello');
    expect(client.socket.protocol).toBe('nanometer.json.v1');
    const heardAll = (count: number): Promise<boolean> =>
      until(`${count} messages`, () => client.texts.length >= count);
    client.send({ type: 'subscribe', id: 1, names: ['risk.*'] });
    await heardAll(3);
    server.update(eth, 1_700_000_000_002, NaN);
    clock.advance(20);
    await heardAll(4);
    client.send({ type: 'listen', topics: ['alerts'] });
    await heardAll(5);
    server.publishEvent('alerts', { rule: 'exposure', value: 125_000.5 });
    await heardAll(6);
    clock.advance(980);
    await heardAll(7);
    client.send({ type: 'subscribe', id: 2, names: Array.from({ length: 33 }, (_, index) => `n${index}`) });
    await heardAll(8);
    client.send({ type: 'unsubscribe', id: 1 });
    await heardAll(9);
    await server.close();
    await until('it is closed', () => client.closeCode);
    expect(client.texts).toEqual(MESSAGES.server.map(({ text }) => text));
    expect(client.frames).toEqual([]);
  });
});

describe('a tool that only receives', () => {
  test('gets rows for the query of its URL', async () => {
    const { server, url } = await bench.server();
    for (const symbol of ['BTCUSDT', 'BTCUSDC', 'ETHUSDT']) server.update(server.register(exposure(symbol)), 1, 1);
    const symbols = async (query: string): Promise<unknown[]> => {
      const client = rawClient(`${url}?format=json&${query}`);
      await until('a snapshot', () => client.texts.find((text) => text.startsWith('{"type":"snapshot"')));
      return rowsOf(client).map(({ attributes }) => attributes['trading.symbol']);
    };
    expect(await symbols('names=risk.*')).toEqual(['BTCUSDT', 'BTCUSDC', 'ETHUSDT']);
    expect(await symbols('names=risk.*&attributes.trading.symbol=BTC*')).toEqual(['BTCUSDT', 'BTCUSDC']);
    expect(await symbols('names=nothing,risk.*&attributes.trading.symbol=ETHUSDT,BTCUSDC')).toEqual([
      'BTCUSDC',
      'ETHUSDT',
    ]);
    expect(await symbols('names=risk.*&fields=p99')).toEqual([]);
  });

  test('gets every update and events, when it says so', async () => {
    const { server, url } = await bench.server();
    const id = server.register(exposure('BTCUSDT'));
    server.publishEvent('alerts', 'hot', { retain: true });
    const client = rawClient(`${url}?format=json&names=risk.*&lane=risk&delivery=lossless&topics=alerts`);
    expect(await client.heard('event')).toMatchObject({ body: 'hot', replayed: true });
    for (let value = 1; value <= 20; value++) server.update(id, value, value);
    await until('all rows', () => rowsOf(client).length === 20);
    expect(rowsOf(client).map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test.each([
    ['names=x&lane=fast', 'invalid_subscription', 'subscribe.lane is "fast"'],
    ['names=x&minIntervalMs=soon', 'invalid_subscription', 'subscribe.minIntervalMs is null'],
    ['topics=a%20b', 'invalid_topics', '"topics"[0] is "a b"'],
  ])('is told what is wrong with %s', async (query, code, text) => {
    const { url } = await bench.server();
    const client = rawClient(`${url}?format=json&${query}`);
    expect(await client.error()).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(client.closeCode).toBeUndefined();
  });
});

describe('equal subscriptions', () => {
  test('share one encoding of each frame, whoever makes them', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, limits: { connections: 50 } });
    const ids = Array.from({ length: 10 }, (_, index) => server.register(gauge('x', { index })));
    for (const id of ids) server.update(id, 1, id);
    const clients = Array.from({ length: 20 }, () => rawClient(url));
    for (const client of clients) await client.heard('hello');
    clients.forEach((client, index) =>
      client.send({ type: 'subscribe', id: index, names: index % 2 === 0 ? ['x', 'y'] : ['y', 'x', 'x'] }),
    );
    await until('all have their snapshot', () => clients.every(({ frames }) => frames.length === 1));
    expect(server.stats()).toMatchObject({ streams: 1, framesEncoded: 1, framesSent: 20 });
    for (let round = 1; round <= 5; round++) {
      for (const id of ids) server.update(id, round, round);
      clock.advance(16);
    }
    await until('all have their updates', () => clients.every(({ frames }) => frames.length === 6));
    expect(server.stats()).toMatchObject({ framesEncoded: 6, framesSent: 120 });
  });

  test.each(['conflate', 'lossless'])('that let snapshots be compressed share one, %s', async (delivery) => {
    const { server, url } = await bench.server();
    const ids = Array.from({ length: 5_000 }, (_, index) => server.register(gauge('x', { index })));
    for (const id of ids) server.update(id, 1_700_000_000_000, 100 + (id % 7));
    const plain = bench.client(url).client;
    const compressed = Array.from({ length: 5 }, () => bench.client(url).client);
    for (const client of [plain, ...compressed]) await client.connect();
    const subscriptions = [plain, ...compressed].map((client, index) =>
      client.subscribe({ names: ['x'], delivery: delivery as 'conflate' }, { compressSnapshot: index > 0 }),
    );
    // What follows a compressed frame must not overtake it.
    server.update(ids[0]!, 1_700_000_000_001, -1);
    await Promise.all(subscriptions.map(({ ready }) => ready));
    for (const client of compressed) {
      await untilValue(client, ids[0]!, -1);
      expect(ids.slice(1).every((id) => client.store.values[id] === 100 + (id % 7))).toBe(true);
      expect(client.stats.gaps).toBe(0);
    }
    await untilValue(plain, ids[0]!, -1);
    const { framesCompressed } = server.stats();
    expect(framesCompressed).toBeGreaterThan(0);
    expect(framesCompressed).toBeLessThan(5);
    // The dictionary is the same text for all.
    expect(compressed[0]!.stats.bytes).toBeLessThan(plain.stats.bytes - 40_000);
  });
});

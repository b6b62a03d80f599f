import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import type { AddressInfo } from 'node:net';
import { until } from '@nanometer/testing';
import { DEFAULT_LIMITS, encodeFrame } from '@nanometer/live';
import type { LiveClient, WebSocketConstructor } from '@nanometer/live';
import { Bench, gauge, untilValue } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

afterEach(() => bench.end());

const bench = new Bench();

/** A WebSocket constructor that keeps what it makes, so that a test can stall or cut it. */
function capture(): { sockets: WebSocket[]; Constructor: WebSocketConstructor } {
  const sockets: WebSocket[] = [];
  class Captured extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  return { sockets, Constructor: Captured as unknown as WebSocketConstructor };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a client that does not read', () => {
  test('is skipped, costs others nothing, and gets the last value of every series afterwards', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, tickMillis: 16 });
    const ids = Array.from({ length: 4_000 }, (_, index) => server.register(gauge('x', { index })));
    const { sockets, Constructor } = capture();
    const slow = bench.client(url, { WebSocket: Constructor });
    const fast = bench.client(url);
    for (const { client } of [slow, fast]) {
      await client.connect();
      await client.subscribe({ names: ['x'] }).ready;
    }
    sockets[0]!.pause();
    let round = 0;
    const step = async (series: readonly number[]): Promise<void> => {
      round += 1;
      for (const id of series) server.update(id, round, round * 10_000 + id);
      clock.advance(16);
      await untilValue(fast.client, series.at(-1)!, round * 10_000 + series.at(-1)!);
    };
    while (server.stats().framesConflated < 5) await step(ids);
    // Other series than those that filled the buffer; a new one; and one more word after the last.
    await step(ids.slice(0, 10));
    const late = server.register(gauge('x', { index: 'late' }));
    await step([late]);
    const { framesConflated } = server.stats();
    expect(fast.client.stats.conflatedFrames).toBe(0);
    expect(slow.client.store.descriptor(late)).toBeUndefined();
    sockets[0]!.resume();
    await until('the slow client has caught up', async () => {
      clock.advance(16);
      await nextTurn();
      return slow.client.store.hasValue(late);
    });
    const all = [...ids, late];
    expect(all.filter((id) => slow.client.store.values[id] !== fast.client.store.values[id])).toEqual([]);
    expect(slow.client.stats).toMatchObject({ conflatedFrames: 1, gaps: 0, unknownRows: 0, reconnects: 0 });
    expect(server.stats().framesConflated).toBe(framesConflated);
    // Afterwards it shares frames again.
    await step(ids);
    await untilValue(slow.client, ids[0]!, round * 10_000 + ids[0]!);
    expect(slow.client.stats.conflatedFrames).toBe(1);
    expect(slow.heard.errors).toEqual([]);
  });

  test('catches up in a tick with changes without a gap, although others get the same changes', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, limits: { unackedBytes: 1_000 } });
    const id = server.register(gauge('x'));
    const [slow, fast] = [new RawClient(url), new RawClient(url)];
    for (const client of [slow, fast]) {
      bench.defer(() => client.socket.terminate());
      await client.heard('hello');
      client.send({ type: 'subscribe', id: 1, names: ['x'] });
      await until('the snapshot', () => client.frames.length === 1);
    }
    const step = (value: number): void => {
      server.update(id, value, value);
      clock.advance(16);
    };
    slow.send({ type: 'ack', bytes: 0, streams: [] });
    slow.send({ type: 'nothing' });
    await slow.error();
    for (let value = 1; value <= 100; value++) step(value);
    slow.send({ type: 'ack', bytes: 1e6, streams: [] });
    slow.send({ type: 'nothing' });
    await slow.error(2);
    for (let value = 101; value <= 103; value++) step(value);
    await until('both have the last', () => [slow, fast].every(({ frames }) => frames.at(-1)!.values[0] === 103));
    let last = 0;
    for (const { type, sequence, conflated } of slow.frames) {
      if (type === 'update' && !conflated) expect(sequence).toBe(last + 1);
      last = sequence;
    }
    expect(slow.frames.filter(({ conflated }) => conflated)).toHaveLength(1);
  });

  test('gets its snapshot when it reads again', async () => {
    // More bytes than the buffers of two sockets ever hold.
    const SUBSCRIPTIONS = 300;
    const clock = new ManualClock();
    const { server, url } = await bench.server({
      clock,
      limits: { bufferedBytes: 1_000, messageBurst: 500, subscriptionsPerConnection: 400 },
    });
    const ids = Array.from({ length: 5_000 }, (_, index) => server.register(gauge('x', { index })));
    for (const id of ids) server.update(id, 1, id);
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    client.socket.pause();
    for (let id = 0; id < SUBSCRIPTIONS; id++) client.send({ type: 'subscribe', id, names: ['x', `y${id}`] });
    await until('all are subscribed', () => server.stats().subscriptions === SUBSCRIPTIONS);
    expect(server.stats().framesSent).toBeLessThan(SUBSCRIPTIONS);
    client.socket.resume();
    await until('all snapshots are there', async () => {
      clock.advance(16);
      await nextTurn();
      return client.frames.filter(({ final }) => final).length === SUBSCRIPTIONS;
    });
    expect(client.frames.every(({ count, type }) => count === 5_000 && type === 'snapshot')).toBe(true);
  });
});

describe('after a cut', () => {
  test('the client subscribes again and gets what it missed, under the same ids', async () => {
    const { server, url } = await bench.server();
    const id = server.register(gauge('x'));
    const { sockets, Constructor } = capture();
    const { client, heard } = bench.client(url, { WebSocket: Constructor });
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
    sockets[0]!.terminate();
    await until('the client notices', () => heard.statuses.some(({ state }) => state === 'waiting'));
    server.update(id, 1, 42);
    await untilValue(client, id, 42);
    expect(heard.series).toHaveLength(1);
    expect(heard.resets).toEqual([]);
    expect(client.stats).toMatchObject({ reconnects: 1, gaps: 0 });
    expect(heard.statuses.map(({ state }) => state)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
    expect(heard.errors.map(({ code }) => code)).toEqual(['connection_failed']);
  });

  test('a restarted server is another epoch: ids of before are void', async () => {
    const first = await bench.server({ epoch: 1, retryAfterMs: 0 });
    first.server.register(gauge('other'));
    first.server.update(first.server.register(gauge('x')), 1, 10);
    const { client, heard } = bench.client(first.url);
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
    expect(client.store.idsOf('x')).toEqual([1]);
    await first.server.close();
    const second = await bench.server({ epoch: 2, port: first.port });
    second.server.update(second.server.register(gauge('x')), 1, 20);
    await untilValue(client, 0, 20);
    expect(heard.resets).toEqual([2]);
    expect(client.store.idsOf('x')).toEqual([0]);
    expect(client.store.hasValue(1)).toBe(false);
    expect(client.hello).toMatchObject({ epoch: 2, protocol: 1, server: 'nanometer', heartbeatMillis: 1_000 });
  });

  test('waits grow to the ceiling with full jitter, after the time the server asked for', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ retryAfterMs: 700 });
    const { client, heard } = bench.client(url, {
      clock,
      random: () => 0.5,
      backoffInitialMs: 100,
      backoffMaxMs: 10_000,
    });
    await client.connect();
    await server.close();
    const waits = (): (number | undefined)[] =>
      heard.statuses.filter(({ state }) => state === 'waiting').map(({ retryInMs }) => retryInMs);
    for (let attempt = 1; attempt <= 9; attempt++) {
      await until(`attempt ${attempt}`, () => waits().length === attempt);
      clock.advance(waits().at(-1)!);
    }
    expect(waits()).toEqual([750, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  test('a connection that falls silent is given up, however open it looks', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server();
    const { client, heard } = bench.client(url, { clock, silenceMs: 2_500 });
    await client.connect();
    await until('the server has it', () => server.stats().clients === 1);
    clock.advance(2_499);
    expect(client.status.state).toBe('open');
    expect(client.silenceMs).toBe(2_499);
    clock.advance(1);
    expect(client.status).toMatchObject({ state: 'waiting', reason: expect.stringContaining('for 2500 ms') });
    expect(heard.errors.map(({ code }) => code)).toEqual(['heartbeat_lost']);
    clock.advance(10_000);
    await until('it is back', () => client.status.state === 'open');
  });

  test('connect() waits for the server to appear, and close() ends the wait', async () => {
    const { server, url, port } = await bench.server();
    await server.close();
    const { client } = bench.client(url);
    const other = bench.client(url).client;
    const connected = client.connect();
    const refused = other.connect();
    const subscription = other.subscribe({ names: ['x'] });
    await until('both have tried', () => client.status.attempts > 1 && other.status.attempts > 1);
    other.close();
    await expect(refused).rejects.toMatchObject({ code: 'client_closed' });
    await expect(subscription.ready).rejects.toMatchObject({ code: 'client_closed' });
    await bench.server({ port });
    await connected;
    await expect(other.connect()).rejects.toMatchObject({ code: 'client_closed' });
    await expect(other.total('x')).rejects.toMatchObject({ code: 'client_closed' });
  });
});

describe('a server that breaks the protocol', () => {
  const HELLO = {
    type: 'hello',
    protocol: 1,
    server: 'broken',
    epoch: 9,
    timeMs: 0,
    tickMillis: 16,
    heartbeatMillis: 1_000,
    limits: DEFAULT_LIMITS,
  };
  const ENTRY = { id: 0, kind: 'gauge', field: 'value', unit: '1', attributes: {}, resource: {}, name: 'x' };
  const dictionary = (...entries: unknown[]): unknown => ({ type: 'dictionary', epoch: 9, entries });
  const frame = (sequence: number, epoch = 9): Uint8Array =>
    encodeFrame(
      { type: 'update', conflated: false, final: false, backfill: false, stream: 0, epoch, sequence, baseTimeMs: 0 },
      Uint32Array.of(0),
      Uint32Array.of(0),
      Float64Array.of(sequence),
    );

  async function play(
    messages: unknown[],
  ): Promise<{ client: LiveClient; codes: () => string[]; texts: () => string }> {
    const broken = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    bench.defer(() => new Promise((resolve) => broken.close(() => resolve())));
    bench.defer(() => broken.clients.forEach((socket) => socket.terminate()));
    broken.on('connection', (socket) => {
      for (const message of messages) {
        socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message));
      }
    });
    await until('it listens', () => broken.address());
    const url = `ws://127.0.0.1:${(broken.address() as AddressInfo).port}/live`;
    const { client, heard } = bench.client(url, {
      seriesCapacity: 100,
      backoffInitialMs: 10_000,
      backoffMaxMs: 60_000,
      random: () => 0.9,
    });
    client.connect().catch(() => undefined);
    const texts = (): string => heard.errors.map(({ message }) => message).join();
    return { client, codes: () => heard.errors.map(({ code }) => code), texts };
  }

  test.each<[string, unknown[], string, string]>([
    ['text that is not JSON', ['hello'], 'protocol_violation', 'a text message is not JSON'],
    [
      'another version',
      [{ ...HELLO, protocol: 2 }],
      'protocol_violation',
      'the server speaks protocol 2, this client 1',
    ],
    ['a hello without limits', [{ ...HELLO, limits: {} }], 'protocol_violation', 'malformed "hello" message'],
    ['binary garbage', [HELLO, Uint8Array.of(1, 2, 3)], 'truncated', '3 bytes, a frame has at least 32'],
    ['a frame before hello', [frame(1)], 'protocol_violation', 'a frame is of epoch 9'],
    ['a frame of another epoch', [HELLO, frame(1, 8)], 'protocol_violation', 'a frame is of epoch 8, hello said 9'],
    [
      'a gap',
      [HELLO, dictionary(ENTRY), frame(1), frame(3)],
      'protocol_violation',
      'frame 3 of stream 0 follows frame 1',
    ],
    [
      'a dictionary entry without a name',
      [HELLO, dictionary({ ...ENTRY, name: 1 })],
      'protocol_violation',
      'malformed',
    ],
    ['an id to fill the memory', [HELLO, dictionary({ ...ENTRY, id: 100 })], 'protocol_violation', '`seriesCapacity`'],
  ])('%s: is reported, and the client tries again later', async (_what, messages, code, text) => {
    const { client, codes, texts } = await play(messages);
    await until('the client gives up on it', () => client.status.state === 'waiting');
    expect(codes()).toEqual([code]);
    expect(texts()).toContain(text);
  });

  test('rows of series nobody announced are left out and counted; unknown message types are ignored', async () => {
    const { client, codes } = await play([
      HELLO,
      { type: 'weather', rain: true },
      frame(1),
      dictionary(ENTRY),
      frame(2),
    ]);
    await untilValue(client, 0, 2);
    expect(client.stats).toMatchObject({ unknownRows: 1, frames: 2 });
    expect(codes()).toEqual([]);
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { Bench, gauge } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

afterEach(() => bench.end());

const bench = new Bench();

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a lossless subscriber that does not read', () => {
  test('is served from the ring at its own pace, and others do not wait for it', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, limits: { resumeBytes: 64 * 1_048_576 } });
    const ids = Array.from({ length: 4_000 }, (_, index) => server.register(gauge('x', { index })));
    const clients = [new RawClient(url), new RawClient(url)] as const;
    const [slow, fast] = clients;
    for (const client of clients) {
      bench.defer(() => client.socket.terminate());
      await client.heard('hello');
      client.send({ type: 'subscribe', id: 1, names: ['x'], delivery: 'lossless' });
      await until('the snapshot', () => client.frames.length === 1);
    }
    slow.socket.pause();
    let round = 0;
    const { framesSent } = server.stats();
    // Until frames wait in the ring because the kernel's buffers and the server's own are full.
    while (server.stats().framesSent - framesSent > 2 * round - 10) {
      round += 1;
      for (const id of ids) server.update(id, round, round);
      clock.advance(16);
      await until('the fast one has it', () => fast.frames.length === 1 + round);
    }
    slow.socket.resume();
    await until('the slow one has all', async () => {
      clock.advance(16);
      await nextTurn();
      return slow.frames.length === 1 + round;
    });
    expect(slow.frames.map(({ sequence }) => sequence)).toEqual(fast.frames.map(({ sequence }) => sequence));
    expect(slow.frames.every(({ conflated }) => !conflated)).toBe(true);
  });

  test('and falls out of the ring is closed with 4008, counted, and comes back by its number', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, limits: { resumeBytes: 200_000, bufferedBytes: 50_000 } });
    const ids = Array.from({ length: 4_000 }, (_, index) => server.register(gauge('x', { index })));
    const slow = new RawClient(url);
    bench.defer(() => slow.socket.terminate());
    await slow.heard('hello');
    slow.send({ type: 'subscribe', id: 1, names: ['x'], delivery: 'lossless' });
    await until('the snapshot', () => slow.frames.length === 1);
    slow.socket.pause();
    let round = 0;
    await until('the server gives up', async () => {
      round += 1;
      for (const id of ids) server.update(id, round, round);
      clock.advance(16);
      await nextTurn();
      return server.stats().rejected.slow_consumer;
    });
    slow.socket.resume();
    await until('it is closed', () => slow.closeCode);
    expect(slow.closeCode).toBe(4008);
    expect(await slow.error()).toMatchObject({ code: 'slow_consumer', limit: 200_000 });
    expect(server.stats().rejected.slow_consumer).toBe(1);
  });
});

describe('a client that acknowledges', () => {
  test('is sent no more than a window beyond it, however fast its network is', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, limits: { unackedBytes: 10_000 } });
    const ids = Array.from({ length: 100 }, (_, index) => server.register(gauge('x', { index })));
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    client.send({ type: 'subscribe', id: 1, names: ['x'] });
    await until('the snapshot', () => client.frames.length === 1);
    client.send({ type: 'ack', bytes: 32, streams: [[0, 0]] });
    client.send({ type: 'unsubscribe', id: 9 });
    await client.error();
    for (let round = 1; round <= 50; round++) {
      for (const id of ids) server.update(id, round, round);
      clock.advance(16);
      await nextTurn();
    }
    // A frame of 100 rows has 1,632 bytes.
    await until('the window is full', () => client.frames.length === 7);
    expect(server.stats().framesUnackedMax).toBe(50);
    clock.advance(1_000);
    await client.heard('heartbeat');
    client.send({ type: 'ack', bytes: 32 + 6 * 1_632, streams: [[0, 6]] });
    const last = await until('the rest, conflated', () => {
      clock.advance(16);
      return client.frames[7];
    });
    expect([last.conflated, last.sequence, new Set(last.values)]).toEqual([true, 50, new Set([50])]);
  });

  test('does so by itself', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server();
    const id = server.register(gauge('x'));
    const { client } = bench.client(url, { clock });
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
    for (let value = 1; value <= 300; value++) {
      server.update(id, value, value);
      await until('it arrives', () => client.store.values[id] === value);
    }
    await until('most is acknowledged', () => server.stats().framesUnackedMax < 300);
    clock.advance(1_000);
    await until('all is acknowledged', () => server.stats().framesUnackedMax === 0);
  });

  test.each([
    [{ type: 'ack' }],
    [{ type: 'ack', bytes: -1, streams: [] }],
    [{ type: 'ack', bytes: 1, streams: [[1]] }],
    [{ type: 'ack', bytes: 1, streams: [[1, 'x']] }],
  ])('and says %j is told what an ack is', async (message) => {
    const { url } = await bench.server();
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    client.send(message);
    expect(await client.error()).toMatchObject({ code: 'invalid_ack' });
  });
});

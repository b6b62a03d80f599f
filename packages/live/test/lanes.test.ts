import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import type { LiveServer } from '@nanometer/live';
import { Bench, gauge } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

afterEach(() => bench.end());

const bench = new Bench();

describe('lanes and intervals', () => {
  async function subscribed(
    clock: ManualClock,
    filter: Record<string, unknown>,
  ): Promise<{ server: LiveServer; id: number; client: RawClient; values: () => number[] }> {
    const { server, url } = await bench.server({ clock, tickMillis: 16 });
    const id = server.register(gauge('x'));
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    client.send({ type: 'subscribe', id: 1, names: ['x'], ...filter });
    await until('the snapshot arrives', () => client.frames.length > 0);
    clock.advance(100);
    const values = (): number[] => client.frames.flatMap((frame) => [...frame.values]);
    return { server, id, client, values };
  }

  test('bulk sends one frame per tick, the first change after a quiet time at once', async () => {
    const clock = new ManualClock();
    const { server, id, values } = await subscribed(clock, {});
    server.update(id, 1, 1);
    clock.advance(0);
    await until('the first', () => values().length === 1);
    server.update(id, 1, 2);
    clock.advance(15);
    server.update(id, 1, 3);
    clock.advance(1);
    await until('the second', () => values().length === 2);
    expect(values()).toEqual([1, 3]);
  });

  test('risk sends at the end of each turn that changed something', async () => {
    const clock = new ManualClock();
    const { server, id, values } = await subscribed(clock, { lane: 'risk' });
    for (const value of [1, 2, 3]) {
      server.update(id, 1, -value);
      server.update(id, 1, value);
      clock.advance(0);
      await until('it is there', () => values().length === value);
    }
    expect(values()).toEqual([1, 2, 3]);
  });

  test('a minimum interval holds values back, and the last of them arrives', async () => {
    const clock = new ManualClock();
    const { server, id, values } = await subscribed(clock, { minIntervalMs: 1_000 });
    for (let value = 1; value <= 60; value++) {
      server.update(id, 1, value);
      clock.advance(20);
    }
    expect(clock.waiting.length).toBeGreaterThan(0);
    clock.advance(1_000);
    await until('the last', () => values().at(-1) === 60);
    expect(values()).toEqual([1, 50, 60]);
  });

  test('a stream that waits for its interval does not delay another', async () => {
    const clock = new ManualClock();
    const { server, id, client } = await subscribed(clock, { minIntervalMs: 3_600_000 });
    server.update(id, 1, 1);
    clock.advance(16);
    server.update(id, 1, 2);
    clock.advance(100);
    client.send({ type: 'subscribe', id: 2, names: ['x'] });
    const other = await until('the other stream', () => client.frames.find(({ stream }) => stream === 1));
    server.update(id, 1, 3);
    clock.advance(16);
    await until('the update', () =>
      client.frames.some((frame) => frame.stream === other.stream && frame.values[0] === 3),
    );
  });

  test('a heartbeat reaches all of many clients, and the event loop turns in between', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, limits: { connectionsPerAddress: 40 } });
    const clients = Array.from({ length: 40 }, () => new RawClient(url));
    for (const client of clients) await client.heard('hello');
    await until('all are here', () => server.stats().clients === 40);
    const pauses: number[] = [];
    const after = clock.after.bind(clock);
    clock.after = (delayMs, action) => {
      pauses.push(delayMs);
      return after(delayMs, action);
    };
    clock.advance(1_000);
    for (const client of clients) expect(await client.heard('heartbeat')).toMatchObject({ counter: 1 });
    expect(pauses).toEqual([0, 0, 1_000]);
  });

  test('no timer runs while nobody is connected, and only the heartbeat while nothing changes', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock });
    const id = server.register(gauge('x'));
    server.update(id, 1, 1);
    expect(clock.waiting).toEqual([]);
    const client = new RawClient(url);
    await client.heard('hello');
    client.send({ type: 'subscribe', id: 1, names: ['x'] });
    await until('the snapshot arrives', () => client.frames.length > 0);
    clock.advance(100);
    expect(clock.waiting).toHaveLength(1);
    clock.advance(1_000);
    expect(await client.heard('heartbeat')).toMatchObject({ counter: 1 });
    client.socket.terminate();
    await until('it is gone', () => server.stats().clients === 0);
    clock.advance(1_000);
    expect(clock.waiting).toEqual([]);
  });
});

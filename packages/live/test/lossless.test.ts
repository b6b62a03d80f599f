import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { until } from '@nanometer/testing';
import type { HistoryRows, LiveFrame, LiveServerOptions, Recovery } from '@nanometer/live';
import { CuttableLink } from './cuttable-link.ts';
import { Bench, gauge } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

afterEach(() => bench.end());

const bench = new Bench();

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A lossless subscriber behind a link that can be cut, and every row it was told. */
async function follow(options: Partial<LiveServerOptions> = {}) {
  const { server, port } = await bench.server({ epoch: 7, ...options });
  const link = new CuttableLink(port);
  bench.defer(() => link.close());
  const url = `ws://127.0.0.1:${await link.listen()}/live`;
  const recoveries: Recovery[] = [];
  const { client, heard } = bench.client(url, {
    onRecovery: (_subscription, recovery) => recoveries.push(recovery),
    backoffMaxMs: 5,
  });
  const frames: LiveFrame[] = [];
  const rows: { id: number; value: number }[] = [];
  const backfilled: number[] = [];
  const subscription = client.subscribe(
    { names: ['fills.*'], delivery: 'lossless', lane: 'risk' },
    {
      onFrame: (frame) => {
        frames.push(frame);
        if (frame.backfill) backfilled.push(...frame.values);
        if (frame.type !== 'update') return;
        frame.ids.forEach((id, row) => rows.push({ id, value: frame.values[row]! }));
      },
    },
  );
  await client.connect();
  await subscription.ready;
  return { server, link, client, heard, frames, rows, backfilled, recoveries, subscription };
}

describe('a lossless subscription', () => {
  test('is told every update in order, where a conflated one gets the last', async () => {
    const { server, rows, client } = await follow();
    const a = server.register(gauge('fills.quantity', { symbol: 'a' }));
    const b = server.register(gauge('fills.quantity', { symbol: 'b' }));
    server.register(gauge('other'));
    for (let value = 1; value <= 1_000; value++) {
      server.update(a, value, value);
      if (value % 3 === 0) server.update(b, value, -value);
    }
    await until('all rows', () => rows.length === 1_333);
    expect(rows.filter(({ id }) => id === a).map(({ value }) => value)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => index + 1),
    );
    expect(rows.slice(0, 5)).toEqual([1, 2, 3, -3, 4].map((value) => ({ id: value < 0 ? b : a, value })));
    expect(client.stats).toMatchObject({ gaps: 0, conflatedFrames: 0 });
  });

  test('begins with a snapshot that holds what came before, and is told none of it twice', async () => {
    const { server, url } = await bench.server();
    const id = server.register(gauge('fills.quantity'));
    // Somebody else makes the server keep updates one by one.
    const other = bench.client(url);
    other.client.subscribe({ names: ['fills.*'], delivery: 'lossless' });
    await other.client.connect();
    await until('the other is there', () => server.stats().subscriptions === 1);
    for (let value = 1; value <= 10; value++) server.update(id, value, value);
    const frames: LiveFrame[] = [];
    const { client } = bench.client(url, { onFrame: (frame) => frames.push(frame) });
    await client.connect();
    await client.subscribe({ names: ['fills.*'], delivery: 'lossless' }).ready;
    server.update(id, 11, 11);
    await until('the update', () => frames.some(({ type }) => type === 'update'));
    expect(frames.map(({ type, values }) => `${type} ${values.join()}`)).toEqual(['snapshot 10', 'update 11']);
  });

  test('of rows whose times jump by hours keeps their order', async () => {
    const { server, rows } = await follow();
    const id = server.register(gauge('fills.quantity'));
    const hours = [0, 5, 1, 1, 9, -3, 0.5];
    hours.forEach((hour, value) => server.update(id, hour * 3_600_000, value));
    await until('all rows', () => rows.length === hours.length);
    expect(rows.map(({ value }) => value)).toEqual(hours.map((_, value) => value));
  });

  test('with a minimum interval gets its updates together', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock });
    const id = server.register(gauge('x'));
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    client.send({ type: 'subscribe', id: 1, names: ['x'], delivery: 'lossless', minIntervalMs: 1_000 });
    await until('the snapshot', () => client.frames.length === 1);
    for (let value = 1; value <= 30; value++) {
      server.update(id, value, value);
      clock.advance(100);
    }
    clock.advance(1_000);
    await until('all', () => client.frames.reduce((rows, { count }) => rows + count, 0) === 30);
    expect(client.frames.map(({ count }) => count)).toEqual([0, 1, 9, 10, 10]);
  });

  test('is refused a second time on one connection, as every update is told once', async () => {
    const { url } = await bench.server();
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    for (const id of [1, 2]) client.send({ type: 'subscribe', id, names: ['x'], delivery: 'lossless' });
    expect(await client.error()).toMatchObject({ code: 'duplicate_subscription', id: 2 });
  });
});

describe('after a cut a lossless subscription', () => {
  test('is told from the ring what it missed, each update once', async () => {
    const { server, link, rows, recoveries, client } = await follow();
    const id = server.register(gauge('fills.quantity'));
    server.update(id, 1, 1);
    await until('the first', () => rows.length === 1);
    link.down();
    await until('the server has noticed', () => server.stats().clients === 0);
    for (let value = 2; value <= 50; value++) {
      server.update(id, value, value);
      await nextTurn();
    }
    link.up();
    await until('the rest', () => rows.length === 50);
    expect(rows.map(({ value }) => value)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(recoveries).toEqual(['replay']);
    expect(server.stats().resumes).toEqual({ replayed: 1, backfilled: 0, reset: 0 });
    expect(client.stats.gaps).toBe(0);
  });

  test('that the ring does not bridge, begins anew with a snapshot and says so', async () => {
    const { server, link, rows, recoveries, client } = await follow({ limits: { resumeBytes: 200 } });
    const id = server.register(gauge('fills.sum'));
    link.down();
    await until('the server has noticed', () => server.stats().clients === 0);
    for (let value = 1; value <= 50; value++) {
      server.update(id, value, value);
      await nextTurn();
    }
    link.up();
    await until('the snapshot', () => client.store.values[id] === 50);
    server.update(id, 51, 51);
    await until('the next', () => rows.length === 1);
    expect(recoveries).toEqual(['reset']);
    expect(rows).toEqual([{ id, value: 51 }]);
  });

  test('that lasted longer than the stream was kept, cannot be mistaken for another stream', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, epoch: 7 });
    const id = server.register(gauge('x'));
    const subscribe = { type: 'subscribe', id: 1, names: ['x'], delivery: 'lossless' };
    const first = new RawClient(url);
    await first.heard('hello');
    first.send(subscribe);
    await until('the snapshot', () => first.frames.length === 1);
    server.update(id, 1, 1);
    clock.advance(16);
    const { sequence } = await until('the update', () => first.frames[1]);
    first.socket.terminate();
    await until('it is gone', () => server.stats().clients === 0);
    expect(server.stats().streams).toBe(1);
    clock.advance(60_000);
    expect(server.stats().streams).toBe(0);
    expect(clock.waiting).toEqual([]);
    const second = new RawClient(url);
    bench.defer(() => second.socket.terminate());
    await second.heard('hello');
    for (let round = 0; round < 5; round++) {
      second.send({ ...subscribe, id: round, names: ['x', `y${round}`], resume: { epoch: 7, sequence } });
    }
    await until('all are confirmed', () => second.messages.filter(({ type }) => type === 'subscribed').length === 5);
    const confirmed = second.messages.filter(({ type }) => type === 'subscribed');
    expect(confirmed.map(({ recovery }) => recovery)).toEqual(Array(5).fill('reset'));
    expect(second.frames.every((frame) => frame.sequence > sequence)).toBe(true);
  });

  test('keeps no more streams than the limit, and drops the one left first', async () => {
    const { server, url } = await bench.server({ limits: { resumableStreams: 2 } });
    const client = new RawClient(url);
    await client.heard('hello');
    for (let id = 0; id < 5; id++) client.send({ type: 'subscribe', id, names: [`x${id}`], delivery: 'lossless' });
    await until('all are there', () => server.stats().streams === 5);
    client.socket.terminate();
    await until('two are kept', () => server.stats().streams === 2);
  });

  test.each<[string, (rows: HistoryRows) => Promise<HistoryRows | undefined>, Recovery]>([
    ['gets the rows of the history and a snapshot', (rows) => Promise.resolve(rows), 'backfill'],
    ['gets a snapshot when the history has nothing', () => Promise.resolve(undefined), 'reset'],
    ['gets a snapshot when the history fails', () => Promise.reject(new Error('disk')), 'reset'],
    ['gets a snapshot when the history never answers', () => new Promise(() => undefined), 'reset'],
    [
      'gets a snapshot when the history speaks of other series',
      (rows) => Promise.resolve({ ...rows, ids: rows.ids.map((id) => id + 1) }),
      'reset',
    ],
    [
      'gets a snapshot when the history has columns of different length',
      (rows) => Promise.resolve({ ...rows, values: rows.values.subarray(1) }),
      'reset',
    ],
  ])('that the ring does not bridge %s', async (_what, answer, expected) => {
    const asked: { afterMs: number; names: string[] }[] = [];
    const kept: { id: number; timeMs: number; value: number }[] = [];
    const { server, link, rows, backfilled, recoveries, client } = await follow({
      limits: { resumeBytes: 200 },
      historyTimeoutMs: 50,
      history: {
        read: ({ series, afterMs, untilMs }) => {
          asked.push({ afterMs, names: series.map(({ name }) => name) });
          const wanted = kept.filter(({ timeMs }) => timeMs > afterMs && timeMs <= untilMs);
          return answer({
            ids: Uint32Array.from(wanted, ({ id }) => id),
            timesMs: Float64Array.from(wanted, ({ timeMs }) => timeMs),
            values: Float64Array.from(wanted, ({ value }) => value),
          });
        },
      },
    });
    const id = server.register(gauge('fills.sum'));
    const update = async (value: number): Promise<void> => {
      kept.push({ id, timeMs: value, value });
      server.update(id, value, value);
      await nextTurn();
    };
    await update(1);
    await until('the first', () => rows.length === 1);
    link.down();
    await until('the server has noticed', () => server.stats().clients === 0);
    for (let value = 2; value <= 50; value++) await update(value);
    link.up();
    await until('it is up to date', () => client.store.values[id] === 50);
    await update(51);
    await until('it goes on', () => rows.length === 2);
    expect(asked).toEqual([{ afterMs: 1, names: ['fills.sum'] }]);
    expect(recoveries).toEqual([expected]);
    expect(backfilled).toEqual(expected === 'backfill' ? Array.from({ length: 49 }, (_, index) => index + 2) : []);
    expect(rows.map(({ value }) => value)).toEqual([1, 51]);
    expect(client.stats.gaps).toBe(0);
  });
});

describe('however often the link is cut', () => {
  const STEP = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({ do: fc.constant('update' as const), series: fc.nat(4), value: fc.integer() }),
    },
    { weight: 3, arbitrary: fc.constant({ do: 'turn' as const }) },
    { weight: 2, arbitrary: fc.constant({ do: 'cut' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'down' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'up' as const }) },
  );
  const STEPS = fc.array(STEP, { minLength: 20, maxLength: 300 });

  test('the rows of a lossless subscriber are those of the producer, one by one', async () => {
    let replays = 0;
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => {
        const { server, link, rows, recoveries, client } = await follow();
        const ids = Array.from({ length: 5 }, (_, index) => server.register(gauge('fills.quantity', { index })));
        const sent: { id: number; value: number }[] = [];
        for (const [timeMs, step] of steps.entries()) {
          if (step.do === 'update') {
            sent.push({ id: ids[step.series]!, value: step.value });
            server.update(ids[step.series]!, timeMs, step.value);
          } else if (step.do === 'turn') await nextTurn();
          else link[step.do]();
        }
        link.up();
        await until('all rows', () => rows.length >= sent.length);
        expect(rows).toEqual(sent);
        expect(recoveries.every((recovery) => recovery === 'replay')).toBe(true);
        replays += recoveries.length;
        expect(client.stats.gaps).toBe(0);
        await bench.end();
      }),
      { numRuns: 25 },
    );
    expect(replays).toBeGreaterThan(10);
  });

  test('and however short the ring, the sums of a subscriber are those of the producer', async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, fc.integer({ min: 64, max: 600 }), async (steps, resumeBytes) => {
        const { server, link, client, rows, subscription } = await follow({ limits: { resumeBytes } });
        const ids = Array.from({ length: 5 }, (_, index) => server.register(gauge('fills.sum', { index })));
        const sums = [0, 0, 0, 0, 0];
        for (const [timeMs, step] of steps.entries()) {
          if (step.do === 'update') {
            sums[step.series]! += step.value;
            server.update(ids[step.series]!, timeMs, sums[step.series]!);
          } else if (step.do === 'turn') await nextTurn();
          else link[step.do]();
        }
        link.up();
        ids.forEach((id, index) => server.update(id, steps.length, sums[index]!));
        const told = (id: number): number | undefined =>
          client.store.times[id] === steps.length ? client.store.values[id] : undefined;
        await until('the subscriber is up to date', () => ids.every((id) => told(id) !== undefined));
        expect(ids.map(told)).toEqual(sums);
        expect(client.stats.gaps).toBe(0);
        expect([...new Set(rows.map(({ id }) => id))].every((id) => ids.includes(id))).toBe(true);
        expect(subscription.matched).toBeLessThanOrEqual(5);
        await bench.end();
      }),
      { numRuns: 25 },
    );
  });
});

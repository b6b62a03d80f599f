import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { RollupColumns } from '@nanometer/history';
import { counter, gauge, Histories, MINUTE_MS, minutesOf, NOW_MS } from './support/folder.ts';

let histories: Histories;
beforeEach(() => {
  histories = new Histories();
});
afterEach(() => histories.end());

/** Points of a gauge, straight into minutes. */
function bruteForce(points: readonly { readonly timeMs: number; readonly value: number }[]): RollupColumns {
  const minutes = new Map<number, { timeMs: number; value: number }[]>();
  for (const point of points) {
    const minute = Math.floor(point.timeMs / MINUTE_MS) * MINUTE_MS;
    minutes.set(minute, [...(minutes.get(minute) ?? []), point]);
  }
  const sorted = [...minutes].sort(([a], [b]) => a - b);
  const values = sorted.map(([, points]) => points.map(({ value }) => value));
  return {
    timeMs: sorted.map(([minute]) => minute),
    count: values.map((each) => each.length),
    min: values.map((each) => Math.min(...each)),
    max: values.map((each) => Math.max(...each)),
    sum: values.map((each) => each.reduce((sum, value) => sum + value, 0)),
    last: sorted.map(([, points]) => points.reduce((a, b) => (b.timeMs >= a.timeMs ? b : a)).value),
  };
}

const point = fc.record({
  timeMs: fc.integer({ min: NOW_MS - 20 * MINUTE_MS, max: NOW_MS + 5 * MINUTE_MS }),
  // Sums of these are exact, whatever their order.
  value: fc.integer({ min: -1e9, max: 1e9 }),
  commits: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});

describe('minutes', () => {
  test('of a gauge are those of brute force, in whatever order points come and commits fall', async () => {
    const history = await histories.open();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(point, { minLength: 1, maxLength: 60 }), async (points) => {
        const name = `g.${run++}`;
        const recorder = history.recorder(gauge(name))!;
        for (const { timeMs, value, commits } of points) {
          expect(recorder.gauge(timeMs, value)).toBeUndefined();
          if (commits) await history.commit();
        }
        await history.commit();
        const { series } = await minutesOf(history, name);
        expect(series[0]!.points).toEqual(bruteForce(points));
      }),
      { numRuns: 60 },
    );
  });

  test('of a counter sum up to what was counted, over resets and restarts of the history', async () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 1, max: 90_000 }),
      by: fc.nat(1000),
      resets: fc.integer({ min: 0, max: 7 }).map((number) => number === 0),
      reopens: fc.integer({ min: 0, max: 11 }).map((number) => number === 0),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        const name = `c.${run++}`;
        let history = await histories.open();
        let recorder = history.recorder(counter(name))!;
        let timeMs = NOW_MS - 60 * MINUTE_MS;
        histories.nowMs = timeMs;
        let startMs = timeMs;
        let total = 0;
        const byMinute = new Map<number, number>();
        // Its first total is what it is compared with.
        expect(recorder.counter(timeMs, 0, 0)).toBeUndefined();
        for (const { waitMs, by, resets, reopens } of steps) {
          timeMs += waitMs;
          histories.nowMs = timeMs;
          if (resets) [total, startMs] = [0, timeMs - 1];
          total += by;
          expect(recorder.counter(timeMs, startMs, total)).toBeUndefined();
          const minute = Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
          byMinute.set(minute, (byMinute.get(minute) ?? 0) + by);
          if (!reopens) continue;
          await history.close();
          history = await histories.open();
          recorder = history.recorder(counter(name))!;
          expect(recorder.counter(timeMs, startMs, total)).toBe('already_kept');
        }
        await history.commit();
        const [series] = (await minutesOf(history, name, timeMs)).series;
        const found = new Map(series!.points.timeMs.map((minute, index) => [minute, series!.points.sum[index]!]));
        for (const [minute, sum] of byMinute) expect(found.get(minute)).toBe(sum);
        expect(series!.points.last.at(-1)).toBe(total);
        await history.close();
      }),
      { numRuns: 12 },
    );
  });

  test('are also hours', async () => {
    const history = await histories.open();
    const recorder = history.recorder(gauge('g'))!;
    const from = Math.floor(NOW_MS / 3_600_000) * 3_600_000 - 3_600_000;
    for (let minute = 0; minute < 60; minute++) recorder.gauge(from + minute * MINUTE_MS, minute);
    await history.commit();
    const { series } = await history.rollups({
      name: 'g',
      attributes: {},
      resource: {},
      fromMs: from,
      toMs: from + 3_600_000,
      stepMs: 3_600_000,
      resolution: 'hour',
    });
    expect(series[0]!.points).toEqual({ timeMs: [from], count: [60], min: [0], max: [59], sum: [1770], last: [59] });
  });

  test('take hostile numbers as they are, or not at all', async () => {
    const history = await histories.open();
    const values = [-0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 2, -1.7976931348623157e308];
    for (const [index, value] of values.entries()) {
      expect(history.recorder(gauge(`h.${index}`))!.gauge(NOW_MS, value)).toBeUndefined();
    }
    const recorder = history.recorder(gauge('h.not'))!;
    for (const value of [Number.NaN, Infinity, -Infinity]) expect(recorder.gauge(NOW_MS, value)).toBe('non_finite');
    expect(history.recorder(counter('h.c'))!.counter(NOW_MS, 0, -1)).toBe('non_finite');
    for (const timeMs of [Number.NaN, -Infinity, 0, NOW_MS - 8 * 86_400_000]) {
      expect(recorder.gauge(timeMs, 1)).toBe('too_old');
    }
    for (const timeMs of [Infinity, NOW_MS + 700_000]) expect(recorder.gauge(timeMs, 1)).toBe('too_new');
    await history.commit();
    for (const [index, value] of values.entries()) {
      const { series } = await minutesOf(history, `h.${index}`);
      // JSON has no -0.
      expect(series[0]!.points).toMatchObject({
        min: [value + 0],
        max: [value + 0],
        sum: [value + 0],
        last: [value + 0],
      });
    }
    expect((await minutesOf(history, 'h.not')).series).toEqual([]);
  });

  test('have no sum where it is beyond the doubles', async () => {
    const history = await histories.open();
    const recorder = history.recorder(gauge('g'))!;
    for (let index = 0; index < 3; index++) recorder.gauge(NOW_MS + index, 1.7e308);
    await history.commit();
    expect((await minutesOf(history, 'g')).series[0]!.points).toMatchObject({
      count: [3],
      sum: [null],
      max: [1.7e308],
    });
  });

  test('a stream that began before the history is only compared with itself', async () => {
    const history = await histories.open();
    const old = history.recorder(counter('old'))!;
    old.counter(NOW_MS, NOW_MS - 3_600_000, 1_000_000);
    old.counter(NOW_MS + 1, NOW_MS - 3_600_000, 1_000_005);
    const young = history.recorder(counter('young'))!;
    young.counter(NOW_MS, NOW_MS - 10, 7);
    await history.commit();
    expect((await minutesOf(history, 'old')).series[0]!.points).toMatchObject({ sum: [5], last: [1_000_005] });
    expect((await minutesOf(history, 'young')).series[0]!.points).toMatchObject({ sum: [7] });
    expect(old.counter(NOW_MS, NOW_MS - 3_600_000, 1)).toBeUndefined();
    expect(young.counter(NOW_MS, NOW_MS - 10, 9)).toBe('stale_point');
  });
});

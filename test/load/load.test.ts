import { describe, expect, test } from '@jest/globals';
import { cpuSeconds, median, UsageWatch } from './usage.ts';
import { type LoadResult, pointsPerSecond, shortfalls } from './verdict.ts';

const usage = { name: 'bridge', cpuSeconds: 1, rssMibMax: 110, rssMibEarly: 100, rssMibLate: 105 };
const good: LoadResult = {
  pointsPerSecondAsked: 50_000,
  series: 5000,
  desk: { recorded: 500_000, exports: 100, skipped: 0, seconds: 10, dropped: {} },
  prometheus: { sum: 500_000, points: 505_000 },
  bridge: { sum: 500_000, received: 505_000, dropped: { duplicate_point: 3 } },
  collector: { accepted: 505_000, lost: 0 },
  drainSeconds: 1,
  usage: [usage],
};

describe('the verdict', () => {
  test('passes a run that kept the rate, lost nothing and stayed flat', () => {
    expect(pointsPerSecond(good)).toBe(50_000);
    expect(shortfalls(good)).toEqual([]);
  });

  test.each<[string, Partial<LoadResult>]>([
    ['45000 points/s of 50000', { desk: { ...good.desk, exports: 90 } }],
    ['the desk did not deliver: time is up', { desk: { ...good.desk, undelivered: 'time is up' } }],
    ['the desk dropped {"queue_full":1}', { desk: { ...good.desk, dropped: { queue_full: 1 } } }],
    ['the collector lost 1 points', { collector: { accepted: 505_000, lost: 1 } }],
    ['Prometheus has 499999 of 500000', { prometheus: { ...good.prometheus, sum: 499_999 } }],
    ['Prometheus has NaN of 500000', { prometheus: { ...good.prometheus, sum: Number.NaN } }],
    ['Prometheus has 499999 of 500000 points', { prometheus: { ...good.prometheus, points: 499_999 } }],
    ['the bridge has 500001 of 500000', { bridge: { ...good.bridge, sum: 500_001 } }],
    ['the bridge dropped {"stale_point":2}', { bridge: { ...good.bridge, dropped: { stale_point: 2 } } }],
    ['memory of bridge grew from 100 to 190 MiB', { usage: [{ ...usage, rssMibLate: 190 }] }],
  ])('fails with "%s"', (line, change) => {
    expect(shortfalls({ ...good, ...change })).toEqual([line]);
  });
});

describe('usage', () => {
  test('is read from /proc also when a program has brackets in its name', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index));
    expect(cpuSeconds(`1 (a) b (c)) ${fields.join(' ')}`)).toBe((11 + 12) / 100);
  });

  test('medians of nothing are nothing', () => {
    expect([median([]), median([3, 1, 2])]).toEqual([0, 2]);
  });

  test('of this process is seen, and of one that is gone is no error', () => {
    const watch = new UsageWatch({ here: process.pid, gone: 2 ** 22 + 1, none: undefined });
    watch.start();
    const [here, gone] = watch.stop();
    expect(here?.rssMibMax).toBeGreaterThan(10);
    expect(here?.cpuSeconds).toBeGreaterThan(0);
    expect(gone).toMatchObject({ name: 'gone', rssMibMax: 0 });
  });
});

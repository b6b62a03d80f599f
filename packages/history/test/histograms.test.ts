import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ExponentialBuckets, exponentialBound, sumOfDistributions } from '@nanometer/exporter-statsd';
import { Rollup } from '../src/rollup/rollup.ts';
import { BucketWriter, readBuckets } from '../src/rollup/bucket-bytes.ts';
import { histogram, Histories, MINUTE_MS, minutesOf, NOW_MS } from './support/folder.ts';

let histories: Histories;
beforeEach(() => {
  histories = new Histories();
});
afterEach(() => histories.end());

const range = fc.record({
  offset: fc.integer({ min: -40, max: 40 }),
  counts: fc.array(fc.nat(1_000_000), { maxLength: 12 }).map((counts) => Float64Array.from(counts)),
});
const exponential: fc.Arbitrary<ExponentialBuckets> = fc.record({
  scale: fc.integer({ min: -3, max: 8 }),
  zeroCount: fc.nat(100),
  zeroThreshold: fc.constant(0),
  positive: range,
  negative: range,
});

/** Count per bucket at a scale, as a bucket's index says it. */
function tally(buckets: ExponentialBuckets, scale: number): Map<string, number> {
  const tallied = new Map<string, number>();
  for (const side of ['positive', 'negative'] as const) {
    const { offset, counts } = buckets[side];
    for (let index = 0; index < counts.length; index++) {
      const key = `${side}${Math.floor((offset + index) / 2 ** (buckets.scale - scale))}`;
      if (counts[index]! > 0) tallied.set(key, (tallied.get(key) ?? 0) + counts[index]!);
    }
  }
  return tallied;
}

test('exponential buckets are merged exactly: every count stays in the bucket that holds it at the coarser scale', () => {
  fc.assert(
    fc.property(exponential, exponential, (a, b) => {
      const sum = sumOfDistributions(a, b) as ExponentialBuckets;
      expect(sum.scale).toBeLessThanOrEqual(Math.min(a.scale, b.scale));
      const wanted = tally(a, sum.scale);
      for (const [key, count] of tally(b, sum.scale)) wanted.set(key, (wanted.get(key) ?? 0) + count);
      expect(tally(sum, sum.scale)).toEqual(wanted);
      expect(sum.zeroCount).toBe(a.zeroCount + b.zeroCount);
    }),
  );
});

test('buckets come back from bytes as they were', () => {
  fc.assert(
    fc.property(exponential, (buckets) => {
      const writer = new BucketWriter();
      writer.write(buckets);
      const back = readBuckets(writer.take()) as ExponentialBuckets;
      expect(tally(back, back.scale)).toEqual(tally(buckets, buckets.scale));
      expect(back).toMatchObject({ scale: buckets.scale, zeroCount: buckets.zeroCount });
    }),
  );
  const writer = new BucketWriter();
  const explicit = { bounds: Float64Array.of(-1, 5e-324, 1e308), counts: Float64Array.of(0, 2 ** 53, 2 ** 32 + 1, 1) };
  writer.write(explicit);
  const bytes = writer.take();
  expect(readBuckets(bytes)).toEqual(explicit);
  for (let length = 0; length < bytes.length; length++)
    expect(() => readBuckets(bytes.slice(0, length))).toThrow(RangeError);
});

test('parts of a minute merge to the same rollup in any grouping', () => {
  const part = exponential.map((buckets) =>
    Object.assign(new Rollup(), { count: 1, sum: 2, min: 0, buckets, lastMs: 5 }),
  );
  fc.assert(
    fc.property(part, part, part, (a, b, c) => {
      const merged = (...parts: Rollup[]): Rollup => {
        const rollup = new Rollup();
        for (const each of parts) rollup.merge(each);
        return rollup;
      };
      const left = merged(merged(a, b), c).buckets as ExponentialBuckets;
      const right = merged(a, merged(b, c)).buckets as ExponentialBuckets;
      const scale = Math.min(left.scale, right.scale);
      expect(tally(left, scale)).toEqual(tally(right, scale));
    }),
  );
});

test('a histogram’s minutes hold what was recorded in them, over a reset, commits and a restart', async () => {
  const bounds = Float64Array.of(1, 2, 4);
  const counts = new Float64Array(4);
  const first = await histories.open();
  let recorder = first.recorder(histogram('h'))!;
  let [count, sum] = [0, 0];
  let startMs = NOW_MS - 1;
  const record = (values: readonly number[], timeMs: number): void => {
    for (const value of values) {
      counts[value <= 1 ? 0 : value <= 2 ? 1 : value <= 4 ? 2 : 3]!++;
      count++;
      sum += value;
    }
    // The counts are one array that is written over, as the bridge does it.
    const now = { count, sum, hasSum: true, min: undefined, max: undefined, distribution: { bounds, counts } };
    expect(recorder.histogram(timeMs, startMs, now)).toBeUndefined();
  };
  record([0.5, 1.5, 3], NOW_MS);
  await first.commit();
  record([3, 3], NOW_MS + 1000);
  counts.fill(0);
  [count, sum, startMs] = [0, 0, NOW_MS + 1500];
  record([1.5], NOW_MS + 2000);
  await first.close();
  const second = await histories.open();
  recorder = second.recorder(histogram('h'))!;
  record([1.5, 1.5], NOW_MS + 3000);
  record([8], NOW_MS + MINUTE_MS);
  await second.commit();
  const [series] = (await minutesOf(second, 'h')).series;
  expect(series!.points).toMatchObject({
    count: [8, 1],
    sum: [15.5, 8],
    last: [3, 4],
    max: [4, null],
    min: [null, 4],
  });
  // 1 in (…, 1], 4 in (1, 2], 3 in (2, 4]: the median is within the second.
  expect(series!.points.p50![0]).toBeGreaterThan(1);
  expect(series!.points.p50![0]).toBeLessThanOrEqual(2);
});

test('exponential histograms give percentiles within their buckets’ width', async () => {
  const history = await histories.open();
  const recorder = history.recorder(histogram('h'))!;
  const positive = { offset: 0, counts: new Float64Array(64).fill(10) };
  const distribution = { scale: 3, zeroCount: 0, zeroThreshold: 0, positive, negative: { offset: 0, counts: [] } };
  recorder.histogram(NOW_MS, NOW_MS - 1, { count: 640, sum: 1, hasSum: false, min: 1, max: 256, distribution });
  await history.commit();
  const { points } = (await minutesOf(history, 'h')).series[0]!;
  expect(points).toMatchObject({ count: [640], sum: [null], min: [1], max: [256] });
  expect(points.p50![0]).toBeGreaterThanOrEqual(exponentialBound(31, 3));
  expect(points.p50![0]).toBeLessThanOrEqual(exponentialBound(33, 3));
});

// Exponential histograms as classic buckets, as the exporter and the bridge print them.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { classicBuckets, type ExponentialBuckets } from '../src/render/classic-buckets.ts';

const range = fc.record({
  offset: fc.oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -(2 ** 20), max: 2 ** 20 })),
  bucketCounts: fc.array(fc.nat({ max: 1000 }), { maxLength: 170 }),
});
const histogram = fc.record({
  scale: fc.integer({ min: -10, max: 20 }),
  zeroCount: fc.nat(),
  zeroThreshold: fc.oneof(
    fc.constantFrom(0, 5e-324, 1, Number.MAX_VALUE),
    fc.double({ min: 0, max: 100, noNaN: true }),
  ),
  positive: range,
  negative: range,
});

/** How many values are surely at or below `bound`: every bucket by its upper edge, the widest that rounding leaves. */
function atMost(
  { scale, zeroCount, zeroThreshold = 0, positive, negative }: ExponentialBuckets,
  bound: number,
): number {
  const edge = (index: number): number => Math.max(2 ** (index * 2 ** -scale), zeroThreshold);
  const isZero = (index: number): boolean => 2 ** ((index + 1) * 2 ** -scale) <= zeroThreshold;
  let count = bound >= zeroThreshold ? zeroCount : 0;
  for (let i = 0; i < positive.bucketCounts.length; i++) {
    if (edge(positive.offset + i + 1) <= bound) count += positive.bucketCounts[i]!;
  }
  for (let i = 0; i < negative.bucketCounts.length; i++) {
    const index = negative.offset + i;
    if ((isZero(index) ? zeroThreshold : -edge(index)) <= bound) count += negative.bucketCounts[i]!;
  }
  return count;
}

describe('classic buckets', () => {
  const none = { offset: 0, bucketCounts: [] };

  test('end at powers of two, with everything in its place', () => {
    const buckets = classicBuckets({
      scale: 0,
      zeroCount: 5,
      positive: { offset: 0, bucketCounts: [3, 4] },
      negative: { offset: 1, bucketCounts: [1, 2] },
    });
    expect(buckets).toEqual({ bounds: [-8, -4, -2, 0, 1, 2, 4], counts: [0, 2, 1, 5, 0, 3, 4, 0] });
  });

  test('count what is near zero up to the threshold', () => {
    const common = { scale: 0, zeroCount: 5, negative: none };
    expect(classicBuckets({ ...common, zeroThreshold: 0.25, positive: { offset: 0, bucketCounts: [3] } })).toEqual({
      bounds: [-0.25, 0.25, 1, 2],
      counts: [0, 5, 0, 3, 0],
    });
    // The threshold has grown over the first bucket.
    expect(classicBuckets({ ...common, zeroThreshold: 2, positive: { offset: 0, bucketCounts: [3, 1] } })).toEqual({
      bounds: [-2, 2, 4],
      counts: [0, 8, 1, 0],
    });
  });

  test('count as zero what lies inside a threshold that a merged bucket reaches over', () => {
    // At scale 10 the bucket ends at 2^1023.5, below the threshold; merged to scale 1 it would end at infinity.
    const positive = { offset: 1_048_063, bucketCounts: [0, 1] };
    const given = { scale: 10, zeroCount: 2, zeroThreshold: Number.MAX_VALUE, positive, negative: none };
    expect(classicBuckets(given)).toEqual({ bounds: [-Number.MAX_VALUE, Number.MAX_VALUE], counts: [0, 3, 0] });
  });

  test('have strictly ascending finite bounds, all counts, and at every bound those that are at or below it', () => {
    fc.assert(
      fc.property(histogram, (given) => {
        const { bounds, counts } = classicBuckets(given);
        expect(counts.length).toBe(bounds.length + 1);
        let cumulative = 0;
        for (let i = 0; i < bounds.length; i++) {
          expect(Number.isFinite(bounds[i])).toBe(true);
          if (i > 0) expect(bounds[i]).toBeGreaterThan(bounds[i - 1]!);
          cumulative += counts[i]!;
          // A bound below the threshold and above its negative splits the zero bucket for nobody.
          expect(cumulative).toBe(atMost(given, bounds[i]!));
        }
        const all = [...given.positive.bucketCounts, ...given.negative.bucketCounts];
        expect(cumulative + counts.at(-1)!).toBe(all.reduce((sum, count) => sum + count, given.zeroCount));
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { AggregationType, MeterProvider } from '@nanometer/metrics';
import { MetricsError } from '../src/errors.ts';
import { quantileOfExplicit } from '../src/kernel/explicit-quantile.ts';
import { quantileOfExponential } from '../src/kernel/exponential-quantile.ts';
import { exponentialErrorBound, exponentialMidpoint } from '../src/kernel/midpoint.ts';
import { quantile } from '../src/kernel/quantile.ts';
import { rankOf } from '../src/kernel/rank.ts';
import { scalarBucketOfKnown } from '../src/kernel/scalar.ts';
import { deltaReader, TestReader } from './support/test-reader.ts';
import { simd, scalar, naiveBucket, countsArbitrary } from './support/kernel-buckets.ts';

/** Buckets of values at a scale, found by comparison with the boundaries as `exponentialMidpoint` sees them. */
function bucketsOf(values: readonly number[], scale: number): { offset: number; counts: number[] } {
  if (values.length === 0) return { offset: 0, counts: [] };
  const indices = values.map((value) => Math.ceil(Math.log2(value) * 2 ** scale) - 1);
  const offset = Math.min(...indices);
  const counts = Array.from({ length: Math.max(...indices) - offset + 1 }, () => 0);
  for (const index of indices) counts[index - offset]! += 1;
  return { offset, counts };
}

const quantileArbitrary = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, -0, 0.5, 0.99, 0.999, 1),
);

const NONE = { offset: 0, counts: [] };

const ZEROS = { scale: 3, zeroCount: 2, positive: NONE, negative: NONE };

describe('the quantile of an exponential histogram', () => {
  test('is within (base - 1) / (base + 1) of the exact one, of either sign, with and without extremes', () => {
    const value = fc.oneof(
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.double({ min: -1e3, max: -1e-3, noNaN: true }),
      fc.constant(0),
    );
    const values = fc.array(value, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, quantileArbitrary, fc.integer({ min: -10, max: 8 }), fc.boolean(), (raw, q, scale, bare) => {
        const sorted = [...raw].sort((a, b) => a - b);
        const exact = sorted[rankOf(q, sorted.length) - 1]!;
        const histogram = {
          scale,
          zeroCount: raw.filter((x) => x === 0).length,
          positive: bucketsOf(
            raw.filter((x) => x > 0),
            scale,
          ),
          negative: bucketsOf(
            raw.filter((x) => x < 0).map((x) => -x),
            scale,
          ),
          ...(bare ? {} : { min: sorted[0], max: sorted.at(-1) }),
        };
        const estimate = quantileOfExponential(histogram, q)!;
        // Logarithms in doubles put a value that lies on a boundary into either of two buckets.
        const bound = exponentialErrorBound(scale) * (1 + 1e-9) + 1e-12;
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(bound * Math.abs(exact));
      }),
      { numRuns: 500 },
    );
  });

  test('has the bound it states at every scale, which the ends of a bucket reach', () => {
    for (let scale = -9; scale <= 20; scale++) {
      const base = 2 ** (2 ** -scale);
      const bound = exponentialErrorBound(scale);
      expect(Math.abs(bound - (base - 1) / (base + 1))).toBeLessThan(1e-15);
      const middle = exponentialMidpoint(scale, 0);
      expect(middle - 1).toBeCloseTo(bound, 12);
      expect((base - middle) / base).toBeCloseTo(bound, 12);
    }
    expect(exponentialErrorBound(-10)).toBe(1);
  });

  test('agrees with the plain formula from the smallest to the largest double', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 }),
        fc.double({ min: -1021, max: 1023, noNaN: true }),
        (scale, power) => {
          const index = Math.floor(power * 2 ** scale);
          const low = 2 ** (index / 2 ** scale);
          const expected = low * (2 / (1 + 1 / 2 ** (2 ** -scale)));
          expect(Math.abs(exponentialMidpoint(scale, index) / expected - 1)).toBeLessThan(1e-12);
        },
      ),
    );
    expect(exponentialMidpoint(0, 1023)).toBeLessThan(Infinity);
    expect(exponentialMidpoint(20, 1024 * 2 ** 20 - 1)).toBeLessThan(Infinity);
    expect(exponentialMidpoint(-10, 0)).toBe(2);
  });

  test('of the smallest numbers is the smallest number', () => {
    const histogram = { scale: 0, zeroCount: 0, positive: { offset: -1075, counts: [3] }, negative: NONE, min: 5e-324 };
    expect(quantileOfExponential(histogram, 0.5)).toBe(5e-324);
  });

  test('of nothing, or for NaN, is undefined', () => {
    expect(quantileOfExponential({ scale: 3, zeroCount: 0, positive: NONE, negative: NONE }, 0.5)).toBeUndefined();
    expect(quantileOfExponential(ZEROS, NaN)).toBeUndefined();
    expect(quantileOfExponential(ZEROS, 0.5)).toBe(0);
  });

  test.each([-5e-324, 1 + 2 ** -52, 99, Infinity, -Infinity])('outside 0 to 1 is an error: %p', (q) => {
    expect(() => quantileOfExponential(ZEROS, q)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
    expect(() => quantileOfExplicit({ boundaries: [1], counts: [1, 0] }, q)).toThrow(MetricsError);
  });
});

describe('the quantile of an explicit histogram', () => {
  const boundaries = [-10, 0, 5, 10, 25, 100];

  test('lies in the bucket of the exact one, and between the extremes', () => {
    const values = fc.array(fc.double({ min: -200, max: 200, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, quantileArbitrary, (raw, q) => {
        const sorted = [...raw].sort((a, b) => a - b);
        const exact = sorted[rankOf(q, sorted.length) - 1]!;
        const counts = Array.from({ length: boundaries.length + 1 }, () => 0);
        const bucketOf = (x: number): number => [...boundaries, Infinity].findIndex((boundary) => x <= boundary);
        for (const x of raw) counts[bucketOf(x)]! += 1;
        const [min, max] = [sorted[0]!, sorted.at(-1)!];
        const estimate = quantileOfExplicit({ boundaries, counts, min, max }, q)!;
        const bucket = bucketOf(exact);
        expect(estimate).toBeGreaterThanOrEqual(Math.max(min, boundaries[bucket - 1] ?? -Infinity));
        expect(estimate).toBeLessThanOrEqual(Math.min(max, boundaries[bucket] ?? Infinity));
        if (q === 1) expect(estimate).toBe(max);
      }),
    );
  });

  test('interpolates in a straight line', () => {
    const histogram = { boundaries: [0, 10], counts: [0, 10, 0] };
    expect([0.1, 0.5, 0.99, 1].map((q) => quantileOfExplicit(histogram, q))).toEqual([1, 5, 10, 10]);
  });

  test('of an outermost bucket without extremes is its boundary', () => {
    expect(quantileOfExplicit({ boundaries: [1, 2], counts: [4, 0, 0] }, 0.5)).toBe(1);
    expect(quantileOfExplicit({ boundaries: [1, 2], counts: [0, 0, 4] }, 0.5)).toBe(2);
    expect(quantileOfExplicit({ boundaries: [], counts: [4] }, 0.5)).toBeUndefined();
  });

  test('survives extremes at infinity', () => {
    const histogram = { boundaries: [1], counts: [2, 2], min: -Infinity, max: Infinity };
    expect([0, 0.5, 1].map((q) => quantileOfExplicit(histogram, q))).toEqual([-Infinity, 1, Infinity]);
  });

  test('of nothing, or for NaN, is undefined', () => {
    expect(quantileOfExplicit({ boundaries: [1], counts: [0, 0] }, 0.5)).toBeUndefined();
    expect(quantileOfExplicit({ boundaries: [1], counts: [1, 0] }, NaN)).toBeUndefined();
  });
});

describe('the quantile of a data point', () => {
  test('takes either kind of histogram', () => {
    expect(quantile({ buckets: { boundaries: [0, 10], counts: [0, 10, 0] }, sum: 50, count: 10 }, 0.5)).toBe(5);
    const point = {
      count: 3,
      sum: 3.9,
      scale: 0,
      zeroCount: 0,
      positive: { offset: 0, bucketCounts: [3] },
      negative: { offset: 0, bucketCounts: [] },
      min: 1.1,
      max: 1.3,
    };
    expect(quantile(point, 0.5)).toBe(1.3);
  });
});

describe('the quantile of live series', () => {
  const values = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e9, noNaN: true })), {
    minLength: 1,
    maxLength: 300,
  });

  function setUp(kind: 'exponential' | 'explicit') {
    const readers = [new TestReader(), deltaReader()];
    const provider = new MeterProvider({ readers, exponentialAdvice: true });
    const advice = kind === 'exponential' ? { exponentialMaxSize: 160 } : { explicitBucketBoundaries: [1, 10, 100] };
    return { readers, histogram: provider.getMeter('m').createHistogram('h', { advice }) };
  }

  test('is that of the point a reader would be given, at any time, whoever collects in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('exponential' as const, 'explicit' as const),
        fc.array(values, { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (kind, rounds, q) => {
          const { readers, histogram } = setUp(kind);
          const bound = histogram.bind({ a: 1 });
          for (const round of rounds) {
            for (const value of round) bound.record(value);
            const live = bound.quantile(q);
            expect(histogram.quantile(q, { a: 1 })).toBe(live);
            const [point] = await readers[0]!.points('h');
            expect(live).toBe(quantile(point!.value as never, q));
            await readers[1]!.metrics();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is undefined without a measurement, of a series that is not there, and of another aggregation', () => {
    const { histogram } = setUp('explicit');
    expect(histogram.quantile(0.5)).toBeUndefined();
    expect(histogram.bind({ a: 1 }).quantile(0.5)).toBeUndefined();
    const views = [{ instrumentName: 'h', aggregation: { type: AggregationType.SUM } as const }];
    const summed = new MeterProvider({ readers: [new TestReader()], views }).getMeter('m').createHistogram('h');
    summed.record(1);
    expect(summed.quantile(0.5)).toBeUndefined();
  });

  test('makes no series and throws for what is no quantile', async () => {
    const { histogram, readers } = setUp('exponential');
    histogram.record(3);
    expect(histogram.quantile(1, { a: 'unseen' })).toBeUndefined();
    expect(await readers[0]!.points('h')).toHaveLength(1);
    expect(histogram.quantile(NaN)).toBeUndefined();
    for (const q of [-0.1, 1.1, Infinity]) {
      expect(() => histogram.quantile(q)).toThrow(MetricsError);
      expect(() => histogram.bind().quantile(q)).toThrow(MetricsError);
    }
  });

  test('finds from either end what a search from the beginning finds', () => {
    fc.assert(
      fc.property(countsArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (counts, q) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        for (const rank of [1, total / 2, total / 2 + 1, total - 1, total, total + 1, Math.ceil(q * total)]) {
          const expected = rank > total ? counts.length : naiveBucket(counts, rank);
          expect(scalarBucketOfKnown([7, ...counts, 7], 1, counts.length + 1, rank, total)).toBe(expected + 1);
          for (const memory of [simd, scalar]) {
            memory.cells.set(counts, 1);
            expect(memory.bucketOfRank(1, counts.length, rank, total)).toBe(expected);
          }
        }
      }),
    );
  });
});

test('a rank means what was written: 0.07 of 100 is the seventh', () => {
  expect([rankOf(0.07, 100), rankOf(0.99, 100), rankOf(0, 100), rankOf(1, 100), rankOf(1, 1)]).toEqual([
    7, 99, 1, 100, 1,
  ]);
});

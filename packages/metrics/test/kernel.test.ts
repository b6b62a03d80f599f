import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { AggregationType, mergeHistograms, MeterProvider } from '@nanometer/metrics';
import { MetricsError } from '../src/errors.ts';
import { CountMemory } from '../src/kernel/count-memory.ts';
import { quantileOfExplicit } from '../src/kernel/explicit-quantile.ts';
import { quantileOfExponential } from '../src/kernel/exponential-quantile.ts';
import { bucketOfRank, mergeCounts } from '../src/kernel/kernel.ts';
import { exponentialErrorBound, exponentialMidpoint } from '../src/kernel/midpoint.ts';
import { quantile } from '../src/kernel/quantile.ts';
import { rankOf } from '../src/kernel/rank.ts';
import { scalarBucketOfKnown } from '../src/kernel/scalar.ts';
import { deltaReader, TestReader } from './support/test-reader.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const LENGTH = 400;

const simd = new CountMemory({ cells: 4 * LENGTH, maxCells: 4 * LENGTH });
const scalar = new CountMemory({ cells: 4 * LENGTH, maxCells: 4 * LENGTH, simd: false });

function naiveBucket(counts: readonly number[], rank: number): number {
  let before = 0;
  const found = counts.findIndex((count) => (before += count) >= rank);
  return found === -1 ? counts.length : found;
}

/** Counts with many zeros, small and huge ones, whose total is at most 2^53 - 1. */
const countsArbitrary = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.nat(1000) },
      { weight: 1, arbitrary: fc.maxSafeNat() },
    ),
    { maxLength: LENGTH },
  )
  .map((counts) => {
    let left = MOST;
    return counts.map((count) => {
      const taken = Math.min(count, left);
      left -= taken;
      return taken;
    });
  });

const offsetArbitrary = fc.nat(37);

function place(memory: CountMemory, at: number, counts: readonly number[]): void {
  memory.cells.fill(0);
  memory.cells.set(counts, at);
}

describe('the SIMD kernel and its scalar twin', () => {
  test('the engine of the tests runs the kernel, so that they compare two things', () => {
    expect(simd.isSimd).toBe(true);
    expect(scalar.isSimd).toBe(false);
  });

  test('give the same total, bit for bit, at every length and offset', () => {
    fc.assert(
      fc.property(countsArbitrary, offsetArbitrary, (counts, at) => {
        place(simd, at, counts);
        place(scalar, at, counts);
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(simd.total(at, counts.length)).toBe(total);
        expect(scalar.total(at, counts.length)).toBe(total);
      }),
    );
  });

  test('find the same bucket for every rank: first, last, none, fractions, infinities, NaN', () => {
    fc.assert(
      fc.property(countsArbitrary, offsetArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (counts, at, share) => {
        place(simd, at, counts);
        place(scalar, at, counts);
        const total = counts.reduce((sum, count) => sum + count, 0);
        const ranks = [1, Math.ceil(share * total), total, total + 1, 0, -0, -5, 0.5, Infinity, -Infinity, NaN, 5e-324];
        for (const rank of ranks) {
          const expected = naiveBucket(counts, rank);
          expect(simd.bucketOfRank(at, counts.length, rank)).toBe(expected);
          expect(scalar.bucketOfRank(at, counts.length, rank)).toBe(expected);
          expect(bucketOfRank(counts, 0, counts.length, rank)).toBe(expected);
        }
      }),
    );
  });

  test('find every rank of a histogram that spans several blocks', () => {
    const counts = Array.from({ length: 53 }, (_, i) => i % 4);
    place(simd, 3, counts);
    const total = simd.total(3, counts.length);
    for (let rank = 1; rank <= total; rank++) {
      expect(simd.bucketOfRank(3, counts.length, rank)).toBe(naiveBucket(counts, rank));
    }
  });

  test('search only the given range', () => {
    const counts = [9, 9, 1, 2, 3, 9, 9];
    expect(bucketOfRank(counts, 2, 5, 3)).toBe(3);
    expect(bucketOfRank(counts, 2, 5, 7)).toBe(5);
    expect(bucketOfRank(counts, 2, 2, 1)).toBe(2);
  });

  test('merge to the same bits and touch nothing beside the range', () => {
    const pair = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: MOST - 2 ** 31 })), { maxLength: LENGTH });
    fc.assert(
      fc.property(pair, offsetArbitrary, (counts, at) => {
        const from = 2 * LENGTH + at;
        for (const memory of [simd, scalar]) {
          memory.cells.fill(7);
          memory.cells.set(
            counts.map(([a]) => a),
            at,
          );
          memory.cells.set(
            counts.map(([, b]) => b),
            from,
          );
          memory.merge(at, from, counts.length);
        }
        expect(Buffer.from(simd.cells.buffer).equals(Buffer.from(scalar.cells.buffer))).toBe(true);
        expect(Array.from(simd.cells.subarray(at, at + counts.length))).toEqual(counts.map(([a, b]) => a + b));
        expect(simd.cells[at + counts.length]).toBe(7);
      }),
    );
  });

  test('merge a range into itself', () => {
    for (const memory of [simd, scalar]) {
      place(memory, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
      memory.merge(1, 1, 9);
      expect(Array.from(memory.cells.subarray(0, 11))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 0]);
    }
  });
});

describe('a count memory', () => {
  test('keeps counts, and earlier views of them, where they are as it grows', () => {
    const memory = new CountMemory({ cells: 8192, maxCells: 3 * 8192 });
    const before = memory.cells;
    before.set([1, 2, 3], 8189);
    memory.grow(1);
    expect(memory.cells).toHaveLength(2 * 8192);
    expect(memory.total(8189, 100)).toBe(6);
    before[8191] = 4;
    expect(memory.total(8189, 100)).toBe(7);
    expect(() => memory.grow(2 * 8192)).toThrow(RangeError);
  });

  test('of another thread is searched where it is', () => {
    const recording = new CountMemory({ cells: 8192, maxCells: 8192 });
    const reading = new CountMemory({ memory: structuredClone(recording.memory) });
    recording.cells.set([1, 0, 5], 100);
    expect([reading.isSimd, reading.total(100, 3), reading.bucketOfRank(100, 3, 2)]).toEqual([true, 6, 2]);
  });

  test.each([0, -1, NaN, Infinity, 2 ** 29 + 1])('of %p cells cannot be', (cells) => {
    expect(() => new CountMemory({ cells })).toThrow(MetricsError);
    expect(() => new CountMemory({ maxCells: cells })).toThrow(MetricsError);
  });
});

describe('merging plain arrays', () => {
  const three = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 200 });
  const merged = (...parts: readonly number[][]): number[] => {
    const into = parts[0]!.map(() => 0);
    for (const part of parts) mergeCounts(into, part);
    return into;
  };

  test('is associative and commutative', () => {
    fc.assert(
      fc.property(three, (rows) => {
        const [a, b, c] = [rows.map(([x]) => x), rows.map(([, x]) => x), rows.map(([, , x]) => x)];
        expect(merged(a, b)).toEqual(merged(b, a));
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
      }),
    );
  });

  test('refuses arrays of different lengths', () => {
    expect(() => mergeCounts([1, 2], [1])).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });
});

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

const NONE = { offset: 0, counts: [] };
const ZEROS = { scale: 3, zeroCount: 2, positive: NONE, negative: NONE };

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

describe('merging histogram points', () => {
  const signed = fc.array(
    fc.oneof(fc.constantFrom(0, 1, -1, 5e-324, 2 ** 53 - 1), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    { maxLength: 60 },
  );

  async function pointOf(kind: 'explicit' | 'exponential', values: readonly number[]) {
    const reader = new TestReader();
    const type =
      kind === 'explicit' ? AggregationType.EXPLICIT_BUCKET_HISTOGRAM : AggregationType.EXPONENTIAL_HISTOGRAM;
    const options = kind === 'explicit' ? { boundaries: [-10, 0, 10] } : { maxSize: 20 };
    const views = [{ instrumentName: 'h', aggregation: { type, options } as never }];
    const gauge = new MeterProvider({ readers: [reader], views }).getMeter('m').createGauge('h');
    for (const value of values) gauge.record(value);
    return (await reader.points('h'))[0]!.value as never;
  }

  test('gives the histogram of all measurements together, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('explicit' as const, 'exponential' as const),
        fc.tuple(signed, signed, signed),
        async (kind, [x, y, z]) => {
          fc.pre(x.length > 0 && y.length > 0 && z.length > 0);
          const [a, b, c] = [await pointOf(kind, x), await pointOf(kind, y), await pointOf(kind, z)];
          const merge = (p: never, q: never): never => mergeHistograms(p, q, { maxSize: 20 });
          const merged = merge(merge(a, b), c);
          expect(merge(b, a)).toEqual(merge(a, b));
          expect(merge(a, merge(b, c))).toEqual(merged);
          expect(merged).toEqual(await pointOf(kind, [...x, ...y, ...z]));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('refuses what cannot be joined', async () => {
    const explicit = await pointOf('explicit', [1]);
    const other = { ...(explicit as object), buckets: { boundaries: [1], counts: [1, 0] } } as never;
    for (const wrong of [other, await pointOf('exponential', [1])]) {
      expect(() => mergeHistograms(explicit, wrong)).toThrow(MetricsError);
    }
    expect(() => mergeHistograms(explicit, explicit, { maxSize: 1 })).toThrow(MetricsError);
  });

  test('an empty one changes nothing; what one does not tell is not made up', () => {
    const boundaries = [1];
    const empty = { buckets: { boundaries, counts: [0, 0] }, count: 0 };
    const full = { buckets: { boundaries, counts: [1, 0] }, count: 1, sum: 1, min: 1, max: 1 };
    expect(mergeHistograms(empty, full)).toEqual(full);
    expect(mergeHistograms({ ...full, min: undefined } as never, full)).toMatchObject({
      min: undefined,
      max: 1,
      sum: 2,
    });
  });
});

test('a rank means what was written: 0.07 of 100 is the seventh', () => {
  expect([rankOf(0.07, 100), rankOf(0.99, 100), rankOf(0, 100), rankOf(1, 100), rankOf(1, 1)]).toEqual([
    7, 99, 1, 100, 1,
  ]);
});

const hasCompiler = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve('assemblyscript/package.json');
    return true;
  } catch {
    return false;
  }
})();

(hasCompiler ? test : test.skip)('the committed kernel is what its source compiles to', () => {
  const build = fileURLToPath(new URL('../kernel/build.ts', import.meta.url));
  execFileSync(process.execPath, [build, '--check'], { stdio: 'pipe' });
});

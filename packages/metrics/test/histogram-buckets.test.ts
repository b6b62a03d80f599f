import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Arena } from '../src/arena/arena.ts';
import { BucketFinder } from '../src/aggregation/histogram/bucket-finder.ts';
import {
  indexAtMaxScale,
  indexAtTableScale,
  scaleTableCells,
  TABLE_SCALE,
} from '../src/aggregation/histogram/exponential-index.ts';
import { ExponentialHistogramSeries, exponentialBlockLength } from '../src/aggregation/histogram/exponential-series.ts';
import { HIGH, MEASUREMENT, WORDS } from '../src/aggregation/measurement.ts';

function atTableScale(value: number): number {
  // Subnormal numbers are not for the table.
  MEASUREMENT[0] = Math.max(value, 2 ** -1022);
  return indexAtTableScale(WORDS[HIGH]!, scaleTableCells());
}

function atMaxScale(value: number): number {
  MEASUREMENT[0] = value;
  return indexAtMaxScale();
}

/**
 * Index by definition, in whole numbers: with value = m * 2^e exactly, bucket i at scale s is where
 * 2^i < (m * 2^e)^(2^s) <= 2^(i + 1). Feasible for small scales only, as the numbers double with each.
 */
function exactIndex(value: number, scale: number): number {
  let exponent = 0;
  let significand = value;
  while (!Number.isInteger(significand)) {
    significand *= 2;
    exponent--;
  }
  const power = 2 ** scale;
  const raised = BigInt(significand) ** BigInt(power);
  const bits = raised.toString(2).length;
  const isPowerOfTwo = raised === 1n << BigInt(bits - 1);
  return exponent * power + bits - 1 - (isPowerOfTwo ? 1 : 0);
}

const positiveNormal = fc.double({ min: 2 ** -1022, noNaN: true, noDefaultInfinity: true });
const around = (value: number): number[] => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  return [bits - 1n, bits, bits + 1n].map((next) => {
    view.setBigUint64(0, next);
    return view.getFloat64(0);
  });
};

describe('exponential bucket index', () => {
  test('equals the definition for doubles of everyday size', () => {
    const everyday = fc.double({ min: 2 ** -20, max: 2 ** 20, noNaN: true });
    fc.assert(
      fc.property(everyday, fc.integer({ min: 0, max: 6 }), (value, scale) => {
        expect(atTableScale(value) >> (TABLE_SCALE - scale)).toBe(exactIndex(value, scale));
      }),
      { numRuns: 400 },
    );
  });

  test.each([1, 2, 4, 0.5, 2 ** 1023, 2 ** -1022])(
    'an exact power of two, %d, belongs to the bucket below',
    (value) => {
      const octave = Math.round(Math.log2(value));
      expect(atTableScale(value)).toBe(octave * 1024 - 1);
      expect(atMaxScale(value)).toBe(octave * 2 ** 20 - 1);
    },
  );

  test('the doubles beside every boundary of scale 10 lie on either side of it', () => {
    const wrong: number[] = [];
    for (let step = 1; step < 1024; step++) {
      // The nearest double to the boundary; the boundary itself is irrational, so it lies between two neighbours.
      const [below, nearest, above] = around(2 ** (step / 1024)) as [number, number, number];
      if (atTableScale(below) !== step - 1 || atTableScale(above) !== step) wrong.push(step);
      if (atTableScale(nearest) !== step && atTableScale(nearest) !== step - 1) wrong.push(step);
    }
    expect(wrong).toEqual([]);
  });

  test('both ways of computing it agree wherever they can be compared', () => {
    fc.assert(
      fc.property(positiveNormal, (value) => {
        for (const near of around(value)) {
          if (near > 2 ** -1022 && Number.isFinite(near)) expect(atMaxScale(near) >> 10).toBe(atTableScale(near));
        }
      }),
      { numRuns: 2000 },
    );
    for (let step = 0; step < 1024; step++) {
      for (const near of around(2 ** (step / 1024))) expect(atMaxScale(near) >> 10).toBe(atTableScale(near));
    }
  });

  test('never decreases', () => {
    fc.assert(
      fc.property(positiveNormal, positiveNormal, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(atTableScale(low)).toBeLessThanOrEqual(atTableScale(high));
        expect(atMaxScale(low)).toBeLessThanOrEqual(atMaxScale(high));
      }),
    );
  });

  test('subnormal numbers count as the smallest normal one', () => {
    for (const value of [5e-324, 1e-310, 2 ** -1023]) expect(atMaxScale(value)).toBe(atMaxScale(2 ** -1022));
  });

  test('leaves the measurement as it was', () => {
    atMaxScale(1.7);
    expect(MEASUREMENT[0]).toBe(1.7);
  });
});

function seriesOf(maxSize: number, values: readonly number[]): ExponentialHistogramSeries {
  const arena = new Arena();
  const length = exponentialBlockLength(maxSize, true);
  const block = arena.blockAt(arena.allocate(length), length);
  const series = new ExponentialHistogramSeries({ block, ordinal: 0 }, maxSize, true);
  series.reset(0);
  for (const value of values) {
    MEASUREMENT[0] = value;
    series.record();
  }
  return series;
}

/** The same histogram by brute force: all indexes at scale 20, coarser until both signs fit. */
function modelOf(maxSize: number, values: readonly number[]): { scale: number; positive: object; negative: object } {
  const positive = values.filter((value) => value > 0).map(atMaxScale);
  const negative = values.filter((value) => value < 0).map((value) => atMaxScale(-value));
  const fits = (indexes: readonly number[], change: number): boolean =>
    indexes.length === 0 || (Math.max(...indexes) >> change) - (Math.min(...indexes) >> change) < maxSize;
  let change = 0;
  while (!fits(positive, change) || !fits(negative, change)) change++;
  const run = (indexes: readonly number[]): object => {
    if (indexes.length === 0) return { offset: 0, counts: [] };
    const scaled = indexes.map((index) => index >> change);
    const offset = Math.min(...scaled);
    const counts = Array.from({ length: Math.max(...scaled) - offset + 1 }, () => 0);
    for (const index of scaled) counts[index - offset]!++;
    return { offset, counts };
  };
  return { scale: 20 - change, positive: run(positive), negative: run(negative) };
}

describe('exponential histogram', () => {
  const measurement = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: 0.9, max: 1.1, noNaN: true }),
    fc.constantFrom(0, -0, 1, 2, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53 - 1, 2 ** 53 + 2),
    fc.integer({ min: -5, max: 1000 }),
  );

  test('is the best histogram that fits, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.array(measurement, { maxLength: 60 }), (maxSize, values) => {
        const series = seriesOf(maxSize, values);
        const model = modelOf(maxSize, values);
        const state = series.snapshot();
        expect({ positive: state.positive, negative: state.negative }).toEqual({
          positive: model.positive,
          negative: model.negative,
        });
        if (values.some((value) => value !== 0)) expect(state.scale).toBe(model.scale);
        expect(series.updates).toBe(values.length);
        expect(state.zeroCount).toBe(values.filter((value) => value === 0).length);
      }),
      { numRuns: 1000 },
    );
  });

  test('one value uses the largest scale, and the whole range of doubles the smallest', () => {
    expect(seriesOf(160, [17.5]).snapshot().scale).toBe(20);
    const widest = seriesOf(2, [5e-324, Number.MAX_VALUE]).snapshot();
    expect(widest.scale).toBe(-10);
    expect(widest.positive).toEqual({ offset: -1, counts: [1, 1] });
  });

  test('minimum, maximum and sum cover both signs', () => {
    const series = seriesOf(160, [-3, 0, 4]).snapshot();
    expect([series.min, series.max, series.sum]).toEqual([-3, 4, 1]);
  });
});

describe('explicit bucket search', () => {
  function find(finder: BucketFinder, value: number): number {
    MEASUREMENT[0] = value;
    return finder.find();
  }

  const boundary = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -100, max: 10_000 }),
    fc.double({ min: 0.99, max: 1.01, noNaN: true }),
  );

  test('finds the first boundary that is not below the value', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(boundary, { maxLength: 30 }),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
        (unsorted, values) => {
          const boundaries = unsorted.map((bound) => bound + 0).sort((a, b) => a - b);
          const finder = new BucketFinder(boundaries);
          for (const value of [...values, ...boundaries, ...boundaries.flatMap(around)].filter(Number.isFinite)) {
            const expected = boundaries.findIndex((bound) => value <= bound);
            expect(find(finder, value)).toBe(expected < 0 ? boundaries.length : expected);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('without boundaries there is one bucket', () => {
    const finder = new BucketFinder([]);
    for (const value of [-1, 0, 5e-324, 1e300]) expect(find(finder, value)).toBe(0);
  });
});

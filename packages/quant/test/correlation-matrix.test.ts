import { describe, expect, test } from '@jest/globals';
import {
  CorrelationMatrix,
  correlationOf,
  type CovarianceSource,
  EwmaCovariance,
  HayashiYoshida,
  HayashiYoshidaMatrix,
  heaviestPairs,
  largestEigenvalueShare,
  ledoitWolf,
  populationCovariance,
  ShrunkCovariance,
  triangleLength,
  WindowedCovariance,
} from '@nanometer/quant';
import * as fc from 'fast-check';

const value = fc.double({ min: -0.1, max: 0.1, noNaN: true }).map((each) => Math.round(each * 1e6) / 1e6);
const rowsOf = (size: number, most: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(value, { minLength: size, maxLength: size }), { minLength: 1, maxLength: most });

/** Uneven returns without randomness: a common move, an own one, and a jump now and then. */
function returnsAt(step: number, size: number): number[] {
  const common = Math.sin(step * 1.7) + 0.3 * Math.cos(step * 0.37);
  return Array.from({ length: size }, (_, i) => {
    const own = Math.sin(step * (2.1 + 0.13 * i) + i);
    const jump = (step * 31 + i * 17) % 97 === 0 ? 40 : 0;
    return 1e-4 * ((0.3 + 0.1 * i) * common + own + jump);
  });
}

function correlations(source: CovarianceSource): { cells: Float64Array; known: Uint8Array } {
  const cells = new Float64Array(triangleLength(source.size));
  const known = new Uint8Array(source.size);
  source.correlationsInto(cells, known);
  return { cells, known };
}

function expectTriangle(actual: Float64Array, expected: (i: number, j: number) => number, size: number): void {
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++, at++) expect(Math.abs(actual[at]! - expected(i, j))).toBeLessThan(1e-9);
  }
}

describe('windowed covariance', () => {
  test('equals the sample covariance of the latest rows at every step, over many windows and jumps', () => {
    const size = 4;
    const window = 7;
    const source = new WindowedCovariance(size, window);
    const rows: number[][] = [];
    for (let step = 0; step < 300; step++) {
      rows.push(returnsAt(step, size));
      source.add(rows.at(-1)!);
      if (step < window - 1) {
        expect(source.covariance(0, 1)).toBeUndefined();
        continue;
      }
      const latest = rows.slice(-window);
      const sample = populationCovariance(latest, size);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          expect(Math.abs(source.covariance(i, j)! - sample.cells[i * size + j]!)).toBeLessThan(1e-20);
        }
      }
      const whole = correlationOf(sample);
      expectTriangle(correlations(source).cells, (i, j) => whole.cells[i * size + j]!, size);
    }
  });

  test('a missing return makes an instrument unknown until it has left the window', () => {
    const source = new WindowedCovariance(2, 3);
    const known: boolean[] = [];
    for (const missing of [false, false, false, true, false, false, false]) {
      source.add([missing ? Number.NaN : 0.01, 0.02]);
      known.push(source.isKnown(0));
      expect(source.isKnown(1)).toBe(source.isFull);
    }
    expect(known).toEqual([false, false, true, false, false, false, true]);
  });

  test('refuses sizes and windows that make no sense', () => {
    expect(() => new WindowedCovariance(0, 5)).toThrow('0 instruments');
    for (const size of [Number.NaN, 1.5, -1, Infinity, 16_001, 2 ** 53]) {
      const message = `${size} instruments; it must be a whole number from 1 to 16000`;
      expect(() => new WindowedCovariance(size, 5)).toThrow(message);
      expect(() => new EwmaCovariance(size, 0.9)).toThrow(message);
      expect(() => new HayashiYoshidaMatrix(size)).toThrow(message);
    }
    expect(() => new WindowedCovariance(2, 2 ** 24 + 1)).toThrow('16777217 steps');
    expect(() => new ShrunkCovariance(16_000, 2 ** 24)).toThrow('it must hold 1073741824 returns at most');
    expect(() => new WindowedCovariance(2, 1)).toThrow('a window of 1 steps');
    expect(() => new HayashiYoshidaMatrix(Number.NaN)).toThrow('NaN instruments');
  });
});

describe('shrunk covariance', () => {
  test('equals Ledoit and Wolf on the rows of the window', () => {
    fc.assert(
      fc.property(rowsOf(3, 20), (rows) => {
        const window = 5;
        const source = new ShrunkCovariance(3, window);
        for (const row of rows) source.add(row);
        const { cells, known } = correlations(source);
        if (rows.length < window) {
          expect([...known]).toEqual([0, 0, 0]);
          return;
        }
        const shrunk = ledoitWolf(rows.slice(-window), 3)!;
        // Rounding alone decides about a window in which nothing moved.
        if (!shrunk.covariance.cells.some((each) => Math.abs(each) > 1e-12)) return;
        expect(source.intensity).toBeCloseTo(shrunk.intensity, 6);
        const whole = correlationOf(shrunk.covariance);
        for (let i = 0, at = 0; i < 3; i++) {
          for (let j = 0; j <= i; j++, at++)
            if (known[i] && known[j]) expect(cells[at]).toBeCloseTo(whole.cells[i * 3 + j]!, 6);
        }
      }),
    );
  });
});

describe('fading covariance', () => {
  test('an instrument that joins late is weighed as if the others had begun with it', () => {
    const size = 3;
    const fade = 0.9;
    const source = new EwmaCovariance(size, fade);
    const joins = [0, 5, 12];
    const rows: number[][] = [];
    for (let step = 0; step < 30; step++) {
      const row = returnsAt(step, size).map((each, i) => (step < joins[i]! ? Number.NaN : each));
      rows.push(row);
      source.add(row);
    }
    // Weighted averages from the step on at which both were there.
    const average = (i: number, j: number, from: number): number => {
      let sum = 0;
      let weights = 0;
      for (let step = from; step < rows.length; step++) {
        const weight = fade ** (rows.length - 1 - step);
        weights += weight;
        sum += weight * rows[step]![i]! * rows[step]![j]!;
      }
      return sum / weights;
    };
    expectTriangle(
      correlations(source).cells,
      (i, j) =>
        average(i, j, Math.max(joins[i]!, joins[j]!)) / Math.sqrt(average(i, i, joins[i]!) * average(j, j, joins[j]!)),
      size,
    );
    expect(source.correlation(2, 0)).toBeCloseTo(correlations(source).cells[3]!, 12);
  });

  test('an instrument is unknown before it has the minimum of returns, and without variance', () => {
    const source = new EwmaCovariance(3, 0.9, 4);
    for (let step = 0; step < 4; step++) source.add([0.01, step === 0 ? Number.NaN : 0.02, 0]);
    expect([...correlations(source).known]).toEqual([1, 0, 0]);
  });
});

test('Hayashi and Yoshida for many instruments equals the pairwise estimator', () => {
  const tick = fc.tuple(fc.nat(3), fc.double({ min: 0.5, max: 2, noNaN: true }));
  fc.assert(
    fc.property(fc.array(tick, { maxLength: 60 }), (ticks) => {
      const matrix = new HayashiYoshidaMatrix(4);
      for (const [index, price] of ticks) matrix.tick(index, price);
      for (let a = 0; a < 4; a++) {
        for (let b = 0; b < a; b++) {
          const pair = new HayashiYoshida();
          for (const [index, price] of ticks) if (index === a || index === b) pair.tick(index === a ? 0 : 1, price);
          expect(Math.abs(matrix.covariance(a, b) - pair.covariance)).toBeLessThan(1e-9);
        }
      }
    }),
  );
  const matrix = new HayashiYoshidaMatrix(2);
  for (const hostile of [Number.NaN, 0, -1, Infinity]) expect(matrix.tick(0, hostile)).toBe(false);
  expect(matrix.tick(2, 1)).toBe(false);
});

describe('correlation matrix', () => {
  test('average and largest eigenvalue share equal those of the whole matrix', () => {
    const size = 12;
    const source = new WindowedCovariance(size, 40);
    const rows = Array.from({ length: 90 }, (_, step) => returnsAt(step, size));
    const matrix = new CorrelationMatrix(size);
    matrix.update(source);
    expect([matrix.average, matrix.largestEigenvalueShare]).toEqual([undefined, undefined]);
    for (const row of rows) {
      source.add(row);
      matrix.update(source);
    }
    const whole = correlationOf(populationCovariance(rows.slice(-40), size));
    let sum = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum += whole.cells[i * size + j]!;
    expect(matrix.average).toBeCloseTo(sum / ((size * (size - 1)) / 2), 9);
    expect(matrix.largestEigenvalueShare).toBeCloseTo(largestEigenvalueShare(whole)!, 7);
    const square = new Float64Array(size * size);
    matrix.squareInto(square, size);
    for (let at = 0; at < square.length; at++) expect(square[at]).toBeCloseTo(whole.cells[at]!, 9);
  });

  test('leaves instruments without correlations out of everything', () => {
    const source = new EwmaCovariance(3, 0.9);
    for (let step = 0; step < 9; step++)
      source.add([0.01 * (step % 2 === 0 ? 1 : -1), Number.NaN, 0.02 * (step % 2 === 0 ? 1 : -1)]);
    const matrix = new CorrelationMatrix(3);
    matrix.update(source);
    expect(matrix.knownCount).toBe(2);
    expect(matrix.correlation(0, 2)).toBeCloseTo(1, 12);
    expect(matrix.correlation(0, 1)).toBeUndefined();
    expect(matrix.average).toBeCloseTo(1, 12);
    expect(matrix.largestEigenvalueShare).toBeCloseTo(1, 12);
    const square = new Float32Array(4);
    matrix.squareInto(square, 2);
    expect([...square]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
  });
});

test('the heaviest pairs are those of all pairs with the largest product of exposures', () => {
  const exposure = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(fc.array(exposure, { maxLength: 12 }), fc.integer({ min: 0, max: 8 }), (list, count) => {
      const exposures = Float64Array.from(list);
      const weights: number[] = [];
      for (let a = 0; a < list.length; a++) {
        for (let b = 0; b < a; b++) if (a !== 3 && b !== 3) weights.push(Math.abs(list[a]! * list[b]!));
      }
      const expected = weights.filter((each) => each > 0).toSorted((a, b) => b - a);
      const pairs = heaviestPairs(exposures, count, (index) => index !== 3);
      expect(pairs.map(([a, b]) => Math.abs(list[a]! * list[b]!))).toEqual(expected.slice(0, count));
      for (const [a, b] of pairs) expect(Math.abs(list[a]!)).toBeGreaterThanOrEqual(Math.abs(list[b]!));
    }),
  );
});

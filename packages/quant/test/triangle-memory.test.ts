import { describe, expect, test } from '@jest/globals';
import { CorrelationMatrix, EwmaCovariance } from '@nanometer/quant';
import * as fc from 'fast-check';
import { TriangleMemory } from '../src/correlation/triangle-memory.ts';

const HOSTILE = [0, -0, 5e-324, -5e-324, 2 ** 53 + 1, 1e308, -1e308, Infinity, -Infinity, Number.NaN];
const number = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(...HOSTILE));
const listOf = (size: number): fc.Arbitrary<number[]> => fc.array(number, { minLength: size, maxLength: size });

describe('the SIMD kernel of triangles and its scalar twin', () => {
  test('run here, each where it should', () => {
    expect(new TriangleMemory(16).isSimd).toBe(true);
    expect(new TriangleMemory(16, false).isSimd).toBe(false);
    expect(new TriangleMemory(15).isSimd).toBe(false);
  });

  test('give the same cells, bit for bit, for any number', () => {
    const given = fc.integer({ min: 16, max: 23 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        steps: fc.array(listOf(size), { minLength: 1, maxLength: 4 }),
        inverses: listOf(size),
        vector: listOf(size),
        known: fc.array(fc.constantFrom(0, 1), { minLength: size, maxLength: size }),
        factor: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(given, ({ size, steps, inverses, vector, known, factor }) => {
        const simd = new TriangleMemory(size);
        const scalar = new TriangleMemory(size, false);
        for (const memory of [simd, scalar]) {
          for (const returns of steps) {
            memory.returns.set(returns);
            memory.fade(factor);
          }
          memory.inverses.set(inverses);
          memory.normalise();
          memory.vector.set(vector);
          memory.known.set(known);
          memory.multiply();
        }
        for (const list of ['covariances', 'correlations', 'image'] as const) {
          expect(Array.from(simd[list])).toEqual(Array.from(scalar[list]));
        }
        expect(simd.total()).toBe(scalar.total());
      }),
      { numRuns: 100 },
    );
  });
});

/** Uneven returns without randomness, some instruments without one at some steps. */
function returnsAt(step: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) =>
    (step * 7 + i * 3) % 11 === 0 ? Number.NaN : 1e-3 * (Math.sin(step * 1.7) + Math.sin(step * (2.1 + 0.13 * i) + i)),
  );
}

test('fading covariances of many instruments are those of the definition, whoever did not trade', () => {
  const size = 37;
  const fade = 0.9;
  const source = new EwmaCovariance(size, fade);
  const expected = Array.from({ length: size }, () => new Float64Array(size));
  for (let step = 0; step < 60; step++) {
    const returns = returnsAt(step, size);
    if (step === 40) returns[5] = Infinity;
    source.add(returns);
    for (const [i, row] of expected.entries()) {
      for (let j = 0; j < size; j++) {
        const product = returns[i]! * returns[j]!;
        if (Number.isFinite(returns[i]!) && Number.isFinite(returns[j]!))
          row[j] = fade * row[j]! + (1 - fade) * product;
      }
    }
  }
  for (const [i, row] of expected.entries()) {
    for (const [j, covariance] of row.entries()) expect(source.covariance(i, j)).toBeCloseTo(covariance, 18);
  }
});

test('a matrix in the memory of its source is the one beside it', () => {
  const size = 37;
  const source = new EwmaCovariance(size, 0.9, 5);
  const beside = new EwmaCovariance(size, 0.9, 5);
  const inPlace = new CorrelationMatrix(size, source.memory);
  const apart = new CorrelationMatrix(size);
  for (let step = 0; step < 30; step++) {
    source.add(returnsAt(step, size));
    beside.add(returnsAt(step, size));
    inPlace.update(source);
    apart.update(beside);
    expect(inPlace.knownCount).toBe(apart.knownCount);
    expect(inPlace.average).toBe(apart.average);
    expect(inPlace.largestEigenvalueShare).toBe(apart.largestEigenvalueShare);
  }
  expect(inPlace.correlation(36, 3)).toBe(apart.correlation(36, 3));
});

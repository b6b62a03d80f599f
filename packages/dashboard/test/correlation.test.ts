import { describe, expect, test } from '@jest/globals';
import { array, assert, constant, double, integer, property, tuple } from 'fast-check';
import { clusteredOrder, matrixOfPairs, readCorrelation, strongestPairs } from '../src/page/correlation/matrix.ts';

const symbols = ['a', 'b', 'c'];

describe('an event of correlations', () => {
  test.each([
    ['numbers row after row', [1, 0.5, null, 0.5, 1, -0.2, null, -0.2, 1]],
    [
      'rows',
      [
        [1, 0.5, null],
        [0.5, 1, -0.2],
        [null, -0.2, 1],
      ],
    ],
    [
      'what JSON makes of a typed array',
      JSON.parse(JSON.stringify(new Float64Array([1, 0.5, NaN, 0.5, 1, -0.2, NaN, -0.2, 1]))),
    ],
  ])('is read from %s', (_, matrix) => {
    const read = readCorrelation({ timeMs: 5, symbols, matrix, method: 'ewma' });
    expect(read?.symbols).toEqual(symbols);
    expect([...(read?.values ?? [])]).toEqual([1, 0.5, NaN, 0.5, 1, -0.2, NaN, -0.2, 1]);
    expect(read?.timeMs).toBe(5);
  });

  test.each([
    undefined,
    null,
    5,
    {},
    { symbols, matrix: [1, 2] },
    { symbols: 'abc', matrix: [] },
    { symbols: ['a'], matrix: [1] },
  ])('is refused when it is %p', (body) => {
    expect(readCorrelation(body)).toBeUndefined();
  });

  test('values that are no correlations are none', () => {
    const read = readCorrelation({ symbols: ['a', 'b'], matrix: [1, Infinity, 1.5, 'x'] });
    expect([...(read?.values ?? [])]).toEqual([1, NaN, NaN, NaN]);
  });
});

describe('order and pairs', () => {
  test('what moves together stands together', () => {
    // a goes with c, b with d.
    const matrix = [1, 0, 0.9, 0, 0, 1, 0, 0.8, 0.9, 0, 1, 0.1, 0, 0.8, 0.1, 1];
    const read = readCorrelation({ symbols: ['a', 'b', 'c', 'd'], matrix });
    const order = clusteredOrder(read as NonNullable<typeof read>).map((index) => 'abcd'[index]);
    expect(Math.abs(order.indexOf('a') - order.indexOf('c'))).toBe(1);
    expect(Math.abs(order.indexOf('b') - order.indexOf('d'))).toBe(1);
  });

  test('the order holds every instrument once, whatever the matrix', () => {
    assert(
      property(
        integer({ min: 2, max: 12 }).chain((count) =>
          tuple(constant(count), array(double({ min: -1, max: 1 }), { minLength: count ** 2, maxLength: count ** 2 })),
        ),
        ([count, matrix]) => {
          const names = Array.from({ length: count }, (_, index) => `s${index}`);
          const order = clusteredOrder({ timeMs: 0, method: '', symbols: names, values: Float64Array.from(matrix) });
          expect([...order].sort((a, b) => a - b)).toEqual(names.map((_, index) => index));
        },
      ),
    );
  });

  test('pairs make a symmetric matrix, and the strongest come out of it first', () => {
    const pairs = [
      { first: 'x', second: 'y', value: 0.3 },
      { first: 'x', second: 'z', value: -0.8 },
    ];
    const matrix = matrixOfPairs(pairs, 0, 'ewma');
    expect(matrix?.values).toEqual(Float64Array.from([1, 0.3, -0.8, 0.3, 1, NaN, -0.8, NaN, 1]));
    expect(strongestPairs(matrix as NonNullable<typeof matrix>, 5)).toEqual([
      { first: 'x', second: 'z', value: -0.8 },
      { first: 'x', second: 'y', value: 0.3 },
    ]);
    expect(matrixOfPairs([], 0, '')).toBeUndefined();
  });
});

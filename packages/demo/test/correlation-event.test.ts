import { expect, test } from '@jest/globals';
import { correlationBody } from '../src/desk/correlation-event.ts';

test('a correlation matrix goes out as JSON that says null where there is none', () => {
  const matrix = Float32Array.of(1, 0.123_456, NaN, -0.5);
  const body = correlationBody({ timeMs: 7, symbols: ['a/X', 'a/Y'], matrix, method: 'ewma' });
  expect(JSON.parse(JSON.stringify(body))).toEqual({
    timeMs: 7,
    symbols: ['a/X', 'a/Y'],
    matrix: [1, 0.1235, null, -0.5],
    method: 'ewma',
  });
});

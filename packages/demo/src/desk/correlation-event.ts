import type { CorrelationMatrixEvent } from '@nanometer/risk';

/** Topic that the live page hears the whole matrix on. */
export const CORRELATION_TOPIC = 'correlation';

/** Four decimals are more than a picture shows, and a quarter of the digits of a double. */
const SCALE = 1e4;

/** The matrix as JSON carries it: numbers row after row, `null` where there is no correlation. */
export function correlationBody({ timeMs, symbols, matrix, method }: CorrelationMatrixEvent): object {
  const cells = Array.from(matrix, (cell) => (Number.isNaN(cell) ? null : Math.round(cell * SCALE) / SCALE));
  return { timeMs, symbols, matrix: cells, method };
}

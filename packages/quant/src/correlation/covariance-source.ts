/**
 * Estimates covariances of many instruments. The lower triangle of a symmetric matrix is kept row after row: row `i`
 * begins at i·(i + 1)/2.
 */
export interface CovarianceSource {
  readonly size: number;
  /**
   * Writes correlations, -1 to 1, to the lower triangle `into` and whether each instrument has one to `known` (1 or 0).
   * Cells of unknown instruments hold 0 beside a diagonal of 1.
   */
  correlationsInto(into: Float64Array, known: Uint8Array): void;
}

/** Cells of the lower triangle of a matrix of `size` rows. */
export function triangleLength(size: number): number {
  return (size * (size + 1)) / 2;
}

/**
 * Divides the covariances of a lower triangle by the deviations of its diagonal. `known` says which instruments may have
 * correlations, and those without variance are taken off it; `deviations` is scratch of one cell per instrument.
 */
export function normalise(cells: Float64Array, known: Uint8Array, deviations: Float64Array, into: Float64Array): void {
  const size = known.length;
  for (let i = 0; i < size; i++) {
    const variance = cells[(i * (i + 3)) / 2]!;
    // A deviation whose inverse overflows is none.
    const inverse = 1 / Math.sqrt(variance);
    if (known[i] === 0 || !(variance > 0 && inverse < Infinity)) {
      known[i] = 0;
      deviations[i] = 0;
    } else deviations[i] = inverse;
  }
  let at = 0;
  for (let i = 0; i < size; i++) {
    const own = deviations[i]!;
    for (let j = 0; j < i; j++, at++) into[at] = clamped(cells[at]! * own * deviations[j]!);
    into[at++] = 1;
  }
}

/** Keeps rounding, and estimators that are no correlation of anything, within -1 to 1. */
function clamped(value: number): number {
  if (value > 1) return 1;
  return value < -1 ? -1 : value;
}

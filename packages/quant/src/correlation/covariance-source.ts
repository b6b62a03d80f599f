import type { TriangleMemory } from './triangle-memory.ts';
import { normaliseTriangle } from './triangle-twin.ts';

/**
 * Estimates covariances of many instruments. The lower triangle of a symmetric matrix is kept row after row: row `i`
 * begins at i·(i + 1)/2.
 */
export interface CovarianceSource {
  readonly size: number;
  /** Where it keeps its triangles, for whoever reads them where they are; undefined where it has lists of its own. */
  readonly memory?: TriangleMemory;
  /**
   * Writes correlations, -1 to 1, to the lower triangle `into` and whether each instrument has one to `known` (1 or 0).
   * Cells of unknown instruments hold 0 beside a diagonal of 1.
   */
  correlationsInto(into: Float64Array, known: Uint8Array): void;
}

/**
 * Writes the inverse deviations behind the diagonal of a lower triangle of covariances. `known` says which instruments
 * may have correlations; those without variance are taken off it, and their inverse is 0.
 */
export function inverseDeviations(cells: Float64Array, known: Uint8Array, inverses: Float64Array): void {
  for (let i = 0; i < known.length; i++) {
    const variance = cells[(i * (i + 3)) / 2]!;
    // A deviation whose inverse overflows is none.
    const inverse = 1 / Math.sqrt(variance);
    if (known[i] === 0 || !(variance > 0 && inverse < Infinity)) {
      known[i] = 0;
      inverses[i] = 0;
    } else inverses[i] = inverse;
  }
}

/**
 * Divides the covariances of a lower triangle by the deviations of its diagonal. `known` says which instruments may have
 * correlations, and those without variance are taken off it; `inverses` is scratch of one cell per instrument.
 */
export function normalise(cells: Float64Array, known: Uint8Array, inverses: Float64Array, into: Float64Array): void {
  inverseDeviations(cells, known, inverses);
  normaliseTriangle(cells, inverses, into);
}

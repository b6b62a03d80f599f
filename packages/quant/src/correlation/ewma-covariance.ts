import { QuantError } from '../errors.ts';
import { type CovarianceSource, normalise, triangleLength } from './covariance-source.ts';

/**
 * Covariances of zero-mean returns of many instruments in which the past fades (RiskMetrics):
 * C ← λ·C + (1 - λ)·r·rᵀ. Only the lower triangle is kept. An instrument whose return is NaN keeps its covariances as
 * they are in that step: it did not trade, which is no return of 0.
 */
export class EwmaCovariance implements CovarianceSource {
  readonly size: number;
  readonly #lambda: number;
  readonly #minimum: number;
  readonly #cells: Float64Array;
  readonly #seen: Uint32Array;
  /** Scratch of one cell per instrument. */
  readonly #deviations: Float64Array;

  /**
   * `lambda` between 0 and 1; `minimum` returns that an instrument must have before {@link correlationsInto} gives it a
   * correlation. Throws {@link QuantError} `invalid_option`.
   */
  constructor(size: number, lambda: number, minimum = 1) {
    if (!Number.isInteger(size) || size < 1 || size > 5000) {
      throw new QuantError('invalid_option', `${size} instruments; it must be a whole number from 1 to 5000`);
    }
    if (!(lambda > 0 && lambda < 1)) {
      throw new QuantError('invalid_option', `lambda is ${lambda}; it must lie between 0 and 1`);
    }
    this.size = size;
    this.#lambda = lambda;
    this.#minimum = minimum;
    this.#cells = new Float64Array(triangleLength(size));
    this.#seen = new Uint32Array(size);
    this.#deviations = new Float64Array(size);
  }

  /** Takes one step's returns, as many as there are instruments. */
  add(returns: Float64Array | readonly number[]): void {
    const cells = this.#cells;
    const fade = this.#lambda;
    let at = 0;
    for (let row = 0; row < this.size; row++) {
      const own = returns[row]!;
      if (Number.isFinite(own)) {
        this.#seen[row]!++;
        fadeRow(cells, at, row, fade, (1 - fade) * own, returns);
      }
      at += row + 1;
    }
  }

  /** Covariance of two instruments; undefined before both had a return. */
  covariance(a: number, b: number): number | undefined {
    if (!this.#isKnown(a) || !this.#isKnown(b)) return undefined;
    return this.#cells[a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a];
  }

  /** Correlation of two instruments, -1 to 1; undefined without variance. */
  correlation(a: number, b: number): number | undefined {
    const covariance = this.covariance(a, b);
    const scale = Math.sqrt(this.covariance(a, a) ?? 0) * Math.sqrt(this.covariance(b, b) ?? 0);
    if (covariance === undefined || !(scale > 0)) return undefined;
    const weights = [this.#weight(a), this.#weight(b)];
    const correction = Math.sqrt(Math.max(...weights) / Math.min(...weights));
    return Math.max(-1, Math.min(1, (covariance / scale) * correction));
  }

  correlationsInto(into: Float64Array, known: Uint8Array): void {
    for (let i = 0; i < this.size; i++) known[i] = Number(this.#seen[i]! >= this.#minimum);
    normalise(this.#cells, known, this.#deviations, into);
    this.#correctYoung(into, known);
  }

  /**
   * Sums that began at 0 hold only 1 - λⁿ of their weight after n returns, and those of a pair as much as the younger of
   * the two. This puts the weight back for pairs of unequal age.
   */
  #correctYoung(into: Float64Array, known: Uint8Array): void {
    const weights = this.#deviations;
    let oldest = 0;
    for (let i = 0; i < this.size; i++) {
      // A power for each instrument, none for a pair: there are a quarter of a million of those.
      weights[i] = known[i] === 0 ? 0 : this.#weight(i);
      oldest = Math.max(oldest, weights[i]!);
    }
    for (let young = 0; young < this.size; young++) {
      const weight = weights[young]!;
      if (weight === 0 || weight === oldest || weight > 1 - 1e-12) continue;
      for (let other = 0; other < this.size; other++) {
        const older = weights[other]!;
        if (older <= weight) continue;
        const at = young >= other ? (young * (young + 1)) / 2 + other : (other * (other + 1)) / 2 + young;
        into[at] = Math.max(-1, Math.min(1, into[at]! * Math.sqrt(older / weight)));
      }
    }
  }

  #weight(index: number): number {
    return 1 - this.#lambda ** this.#seen[index]!;
  }

  #isKnown(index: number): boolean {
    return (this.#seen[index] ?? 0) > 0;
  }
}

/** One row of the rank-one update; its loop stands alone so that it is compiled with every cell in registers. */
function fadeRow(
  cells: Float64Array,
  start: number,
  row: number,
  fade: number,
  weight: number,
  returns: Float64Array | readonly number[],
): void {
  for (let column = 0; column <= row; column++) {
    const other = returns[column]!;
    // Comparison with itself is the cheapest test for NaN (bench/correlation.bench.js).
    if (other === other) cells[start + column] = fade * cells[start + column]! + weight * other;
  }
}

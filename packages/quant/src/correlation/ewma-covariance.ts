import { QuantError } from '../errors.ts';

/**
 * Covariances of zero-mean returns of many instruments in which the past fades (RiskMetrics):
 * C ← λ·C + (1 - λ)·r·rᵀ. Only the lower triangle is kept. An instrument whose return is NaN keeps its covariances as
 * they are in that step: it did not trade, which is no return of 0.
 */
export class EwmaCovariance {
  readonly size: number;
  readonly #lambda: number;
  /** Row `i` begins at i·(i + 1)/2. */
  readonly #cells: Float64Array;
  readonly #seen: Uint32Array;

  /** `lambda` between 0 and 1. Throws {@link QuantError} `invalid_option`. */
  constructor(size: number, lambda: number) {
    if (!Number.isInteger(size) || size < 1 || size > 5000) {
      throw new QuantError('invalid_option', `${size} instruments; it must be a whole number from 1 to 5000`);
    }
    if (!(lambda > 0 && lambda < 1)) {
      throw new QuantError('invalid_option', `lambda is ${lambda}; it must lie between 0 and 1`);
    }
    this.size = size;
    this.#lambda = lambda;
    this.#cells = new Float64Array((size * (size + 1)) / 2);
    this.#seen = new Uint32Array(size);
  }

  /** Takes one step's returns, as many as there are instruments. */
  add(returns: ArrayLike<number>): void {
    const cells = this.#cells;
    const fade = this.#lambda;
    let at = 0;
    for (let row = 0; row < this.size; row++) {
      const own = returns[row]!;
      if (!Number.isFinite(own)) {
        at += row + 1;
        continue;
      }
      this.#seen[row]!++;
      const weight = (1 - fade) * own;
      for (let column = 0; column <= row; column++, at++) {
        const other = returns[column]!;
        if (Number.isFinite(other)) cells[at] = fade * cells[at]! + weight * other;
      }
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
    return Math.max(-1, Math.min(1, covariance / scale));
  }

  #isKnown(index: number): boolean {
    return (this.#seen[index] ?? 0) > 0;
  }
}

import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/**
 * Variance of zero-mean returns in which the past fades (RiskMetrics): v ← λ·v + (1 - λ)·r². 0.94 is the usual λ of
 * daily returns, 0.97 of monthly ones. The value is the forecast for the next period.
 */
export class EwmaVariance {
  readonly #lambda: number;
  #variance: number | undefined;

  /** `lambda` from 0 to 1, exclusive; `seed` is the first forecast, otherwise the first return squared is. */
  constructor(lambda: number, seed?: number) {
    if (!(lambda > 0 && lambda < 1)) {
      throw new QuantError('invalid_option', `lambda is ${lambda}; it must lie between 0 and 1`);
    }
    this.#lambda = lambda;
    this.#variance = seed;
  }

  /** Takes the next return. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(simpleReturn: number): boolean {
    if (!Number.isFinite(simpleReturn)) return false;
    const square = simpleReturn * simpleReturn;
    this.#variance =
      this.#variance === undefined ? square : this.#lambda * this.#variance + (1 - this.#lambda) * square;
    return true;
  }

  /** Everything it holds, as plain data: NaN before the first return. */
  snapshot(): readonly number[] {
    return [this.#variance ?? Number.NaN];
  }

  /** Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const [variance] = restoredNumbers('EwmaVariance', snapshot, 1) as [number];
    this.#variance = Number.isNaN(variance) ? undefined : variance;
  }

  /** Forecast of the next period's variance; undefined before the first return. */
  get variance(): number | undefined {
    return this.#variance;
  }

  /** Square root of {@link variance}. */
  get deviation(): number | undefined {
    return this.#variance === undefined ? undefined : Math.sqrt(this.#variance);
  }
}

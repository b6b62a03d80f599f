import { Moments } from '../statistics/moments.ts';
import { meanOverDeviation, probabilisticSharpe } from './sharpe.ts';

/**
 * Two strategies on one clock, compared by the difference A - B of each period: what moves both alike cancels out, so
 * that it takes fewer periods than two separate ratios do. For a decision that may be watched see `SequentialTest`.
 */
export class PairedDifference {
  readonly #minimum: number;
  readonly #differences = new Moments();

  /** Below `minimumCount` periods nothing is said; 30 by default. */
  constructor(minimumCount = 30) {
    this.#minimum = minimumCount;
  }

  /** Takes the same period of both. A pair with NaN or ±Infinity is ignored; returns whether it was taken. */
  add(a: number, b: number): boolean {
    return this.#differences.add(a - b);
  }

  get count(): number {
    return this.#differences.count;
  }

  /** Mean difference per period. */
  get mean(): number | undefined {
    return this.#isEnough ? this.#differences.mean : undefined;
  }

  /** Standard error of {@link mean}, for differences that are not autocorrelated. */
  get error(): number | undefined {
    const { deviation, count } = this.#differences;
    return deviation === undefined || !this.#isEnough ? undefined : deviation / Math.sqrt(count);
  }

  /**
   * Probability that A's true mean is above B's, skewness and kurtosis of the differences taken into account: the
   * probabilistic Sharpe ratio of A - B against 0. Undefined where the differences do not vary.
   */
  get probability(): number | undefined {
    const { mean, deviation, count, skewness, kurtosis } = this.#differences;
    const sharpe = meanOverDeviation(mean, deviation);
    if (!this.#isEnough || sharpe === undefined || skewness === undefined || kurtosis === undefined) return undefined;
    return probabilisticSharpe({ sharpe, count, skewness, kurtosis }, 0);
  }

  snapshot(): readonly number[] {
    return this.#differences.snapshot();
  }

  /** Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    this.#differences.restore(snapshot);
  }

  get #isEnough(): boolean {
    return this.count >= this.#minimum;
  }
}

import { restoredNumbers } from '../number/restored-numbers.ts';

type Five = [number, number, number, number, number];

/**
 * Mean and central moments of a stream up to the fourth, in one pass and without the cancellation of sums of powers
 * (Welford; Pébay 2008, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
 * statistical moments"). Merging is exact in the same sense, so that a window can be made of blocks.
 */
export class Moments {
  #count = 0;
  #mean = 0;
  #m2 = 0;
  #m3 = 0;
  #m4 = 0;

  /** Takes one value. NaN and ±Infinity are ignored; returns whether the value was taken. */
  add(value: number): boolean {
    if (!Number.isFinite(value)) return false;
    const before = this.#count;
    const count = (this.#count = before + 1);
    const delta = value - this.#mean;
    const step = delta / count;
    const stepSquared = step * step;
    const term = delta * step * before;
    this.#mean += step;
    this.#m4 += term * stepSquared * (count * count - 3 * count + 3) + 6 * stepSquared * this.#m2 - 4 * step * this.#m3;
    this.#m3 += term * step * (count - 2) - 3 * step * this.#m2;
    this.#m2 += term;
    return true;
  }

  /** Takes everything another one has taken. */
  merge(other: Moments): void {
    const a = this.#count;
    const b = other.#count;
    if (b === 0) return;
    const count = a + b;
    const delta = other.#mean - this.#mean;
    const step = delta / count;
    const m4 =
      this.#m4 +
      other.#m4 +
      delta * step * step * step * a * b * (a * a - a * b + b * b) +
      6 * step * step * (a * a * other.#m2 + b * b * this.#m2) +
      4 * step * (a * other.#m3 - b * this.#m3);
    const m3 = this.#m3 + other.#m3 + delta * step * step * a * b * (a - b) + 3 * step * (a * other.#m2 - b * this.#m2);
    this.#m4 = m4;
    this.#m3 = m3;
    this.#m2 += other.#m2 + delta * step * a * b;
    this.#mean += step * b;
    this.#count = count;
  }

  /** Everything it holds, as plain data; {@link restore} takes it back to the last bit. */
  snapshot(): readonly number[] {
    return [this.#count, this.#mean, this.#m2, this.#m3, this.#m4];
  }

  /** Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    [this.#count, this.#mean, this.#m2, this.#m3, this.#m4] = restoredNumbers('Moments', snapshot, 5) as Five;
  }

  get count(): number {
    return this.#count;
  }

  /** Arithmetic mean; undefined without values. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#mean;
  }

  /** Sum of squared deviations from the mean. */
  get squares(): number {
    return this.#m2;
  }

  /** Variance over n - 1; undefined below two values. */
  get variance(): number | undefined {
    return this.#count < 2 ? undefined : this.#m2 / (this.#count - 1);
  }

  /** Variance over n; undefined without values. */
  get populationVariance(): number | undefined {
    return this.#count === 0 ? undefined : this.#m2 / this.#count;
  }

  /** Square root of {@link variance}. */
  get deviation(): number | undefined {
    const { variance } = this;
    return variance === undefined ? undefined : Math.sqrt(variance);
  }

  /** Square root of {@link populationVariance}. */
  get populationDeviation(): number | undefined {
    const { populationVariance } = this;
    return populationVariance === undefined ? undefined : Math.sqrt(populationVariance);
  }

  /** Third standardised moment, population form; undefined without variance. */
  get skewness(): number | undefined {
    if (!(this.#m2 > 0)) return undefined;
    return (Math.sqrt(this.#count) * this.#m3) / this.#m2 ** 1.5;
  }

  /** Fourth standardised moment, population form, 3 for a normal law; undefined without variance. */
  get kurtosis(): number | undefined {
    return this.#m2 > 0 ? (this.#count * this.#m4) / (this.#m2 * this.#m2) : undefined;
  }

  /** Fourth standardised moment with the small-sample factor n(n+1)/((n-1)(n-2)(n-3)); undefined below four values. */
  get sampleKurtosis(): number | undefined {
    const n = this.#count;
    const { variance } = this;
    if (n < 4 || variance === undefined || variance === 0) return undefined;
    return ((n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3))) * (this.#m4 / (variance * variance));
  }
}

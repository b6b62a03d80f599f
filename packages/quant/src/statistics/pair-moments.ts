import { restoredNumbers } from '../number/restored-numbers.ts';

type Six = [number, number, number, number, number, number];

/**
 * Means, variances and covariance of pairs in one pass (Welford), and with them the least-squares line of y on x.
 * What has too few pairs or no variance is undefined.
 */
export class PairMoments {
  #count = 0;
  #meanX = 0;
  #meanY = 0;
  #squaresX = 0;
  #squaresY = 0;
  #products = 0;

  /** Takes one pair. A pair with NaN or ±Infinity is ignored; returns whether it was taken. */
  add(x: number, y: number): boolean {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
    const count = ++this.#count;
    const deltaX = x - this.#meanX;
    const deltaY = y - this.#meanY;
    this.#meanX += deltaX / count;
    this.#meanY += deltaY / count;
    const restY = y - this.#meanY;
    this.#squaresX += deltaX * (x - this.#meanX);
    this.#squaresY += deltaY * restY;
    this.#products += deltaX * restY;
    return true;
  }

  /** Everything it holds, as plain data; {@link restore} takes it back to the last bit. */
  snapshot(): readonly number[] {
    return [this.#count, this.#meanX, this.#meanY, this.#squaresX, this.#squaresY, this.#products];
  }

  /** Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    [this.#count, this.#meanX, this.#meanY, this.#squaresX, this.#squaresY, this.#products] = restoredNumbers(
      'PairMoments',
      snapshot,
      6,
    ) as Six;
  }

  get count(): number {
    return this.#count;
  }

  get meanX(): number | undefined {
    return this.#count === 0 ? undefined : this.#meanX;
  }

  get meanY(): number | undefined {
    return this.#count === 0 ? undefined : this.#meanY;
  }

  /** Over n - 1. */
  get covariance(): number | undefined {
    return this.#count < 2 ? undefined : this.#products / (this.#count - 1);
  }

  /** Pearson's, -1 to 1. */
  get correlation(): number | undefined {
    const scale = Math.sqrt(this.#squaresX) * Math.sqrt(this.#squaresY);
    if (this.#count < 2 || !(scale > 0)) return undefined;
    return Math.max(-1, Math.min(1, this.#products / scale));
  }

  /** Slope of the least-squares line. */
  get slope(): number | undefined {
    return this.#count < 2 || !(this.#squaresX > 0) ? undefined : this.#products / this.#squaresX;
  }

  /** Value of the least-squares line at x = 0. */
  get intercept(): number | undefined {
    const { slope } = this;
    return slope === undefined ? undefined : this.#meanY - slope * this.#meanX;
  }

  /** Share of y's variance that the line explains, 0 to 1. */
  get rSquared(): number | undefined {
    const { correlation } = this;
    return correlation === undefined ? undefined : correlation * correlation;
  }

  /** Slope over its standard error; undefined below three pairs or for a perfect fit. */
  get slopeT(): number | undefined {
    const { slope, rSquared } = this;
    if (slope === undefined || rSquared === undefined || this.#count < 3) return undefined;
    const residual = (this.#squaresY * (1 - rSquared)) / (this.#count - 2);
    return residual > 0 ? slope / Math.sqrt(residual / this.#squaresX) : undefined;
  }
}

import { QuantError } from '../errors.ts';

/**
 * Moments of pairs in which every pair weighs half as much once `halfLife` further pairs have come; with an infinite
 * half-life the ordinary ones. One pass (West 1979), and with them the weighted least-squares line of y on x. What has
 * too few pairs or no variance is undefined.
 */
export class DecayedPairMoments {
  readonly #keep: number;
  #count = 0;
  #weight = 0;
  #weightSquares = 0;
  #meanX = 0;
  #meanY = 0;
  #squaresX = 0;
  #squaresY = 0;
  #products = 0;

  /** `halfLife` in pairs, above 0; Infinity keeps everything. Throws {@link QuantError} `invalid_option`. */
  constructor(halfLife: number = Infinity) {
    if (!(halfLife > 0)) throw new QuantError('invalid_option', `a half-life of ${halfLife} pairs; it must be above 0`);
    this.#keep = 2 ** (-1 / halfLife);
  }

  /** Takes one pair. A pair with NaN or ±Infinity is ignored; returns whether it was taken. */
  add(x: number, y: number): boolean {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
    const keep = this.#keep;
    this.#count++;
    this.#weight = this.#weight * keep + 1;
    this.#weightSquares = this.#weightSquares * keep * keep + 1;
    const deltaX = x - this.#meanX;
    const deltaY = y - this.#meanY;
    this.#meanX += deltaX / this.#weight;
    this.#meanY += deltaY / this.#weight;
    const restY = y - this.#meanY;
    this.#squaresX = this.#squaresX * keep + deltaX * (x - this.#meanX);
    this.#squaresY = this.#squaresY * keep + deltaY * restY;
    this.#products = this.#products * keep + deltaX * restY;
    return true;
  }

  /** Pairs taken, forgotten ones included. */
  get count(): number {
    return this.#count;
  }

  /** Over W - V/W with W the sum of weights and V that of their squares, which is n - 1 without decay. */
  get covariance(): number | undefined {
    return this.#count < 2 ? undefined : this.#products / (this.#weight - this.#weightSquares / this.#weight);
  }

  get slope(): number | undefined {
    return this.#count < 2 || !(this.#squaresX > 0) ? undefined : this.#products / this.#squaresX;
  }

  /** Value of the line at x = 0. */
  get intercept(): number | undefined {
    const { slope } = this;
    return slope === undefined ? undefined : this.#meanY - slope * this.#meanX;
  }

  /** Share of y's variance that the line explains, 0 to 1. */
  get rSquared(): number | undefined {
    const scale = Math.sqrt(this.#squaresX) * Math.sqrt(this.#squaresY);
    if (this.#count < 2 || !(scale > 0)) return undefined;
    const correlation = Math.max(-1, Math.min(1, this.#products / scale));
    return correlation * correlation;
  }
}

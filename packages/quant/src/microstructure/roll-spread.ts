import { DecayedPairMoments } from '../statistics/decayed-pair-moments.ts';

/**
 * Spread that trade prices alone imply: 2·sqrt(-covariance of successive price changes) (Roll 1984). Undefined where
 * the covariance is not negative: then there is no bounce to read. With a half-life, in trades, older ones weigh less.
 */
export class RollSpread {
  readonly #pairs: DecayedPairMoments;
  #price = Number.NaN;
  #change = Number.NaN;

  /** Throws {@link QuantError} `invalid_option` for a half-life that is not above 0. */
  constructor(halfLife: number = Infinity) {
    this.#pairs = new DecayedPairMoments(halfLife);
  }

  /** Takes the next trade price; one that is not positive and finite is ignored. Returns whether it was taken. */
  add(price: number): boolean {
    if (!(price > 0 && price < Infinity)) return false;
    const change = price - this.#price;
    // NaN before the third price, which the moments leave out.
    this.#pairs.add(this.#change, change);
    this.#change = change;
    this.#price = price;
    return true;
  }

  get count(): number {
    return this.#pairs.count;
  }

  get value(): number | undefined {
    const { covariance } = this.#pairs;
    return covariance === undefined || !(covariance < 0) ? undefined : 2 * Math.sqrt(-covariance);
  }
}

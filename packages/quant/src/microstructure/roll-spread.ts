import { PairMoments } from '../statistics/pair-moments.ts';

/**
 * Spread that trade prices alone imply: 2·sqrt(-covariance of successive price changes) (Roll 1984). Undefined where
 * the covariance is not negative: then there is no bounce to read.
 */
export class RollSpread {
  readonly #pairs = new PairMoments();
  #price = Number.NaN;
  #change = Number.NaN;

  /** Takes the next trade price; one that is not positive and finite is ignored. Returns whether it was taken. */
  add(price: number): boolean {
    if (!(price > 0 && price < Infinity)) return false;
    const change = price - this.#price;
    // NaN before the third price, which PairMoments leaves out.
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

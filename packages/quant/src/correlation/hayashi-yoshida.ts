/**
 * Covariance of two instruments that trade at different moments, without a grid (Hayashi and Yoshida 2005): the sum of
 * the products of all returns whose intervals overlap. Unbiased where a fine grid drives correlation to 0 (Epps).
 *
 * Feed both instruments' prices in order of time. A pair of overlapping returns is counted when the later of the two
 * ends: each return is multiplied with what the other instrument moved since this one's return began.
 */
export class HayashiYoshida {
  /** Latest log prices by side. */
  readonly #price = [Number.NaN, Number.NaN];
  /** A side's own log price at the other side's latest tick, or its first one if that came later. */
  readonly #priceAtOtherTick = [Number.NaN, Number.NaN];
  readonly #squares = [0, 0];
  #products = 0;
  #count = 0;

  /** Takes a price of side 0 or 1. It must be positive and finite, anything else is ignored; returns whether it was. */
  tick(side: 0 | 1, price: number): boolean {
    if (!(price > 0 && price < Infinity)) return false;
    const other = side === 0 ? 1 : 0;
    const now = Math.log(price);
    const before = this.#price[side]!;
    if (Number.isNaN(before)) this.#priceAtOtherTick[side] = now;
    else {
      const change = now - before;
      this.#squares[side]! += change * change;
      this.#count++;
      const otherMove = this.#price[other]! - this.#priceAtOtherTick[other]!;
      if (!Number.isNaN(otherMove)) this.#products += change * otherMove;
    }
    this.#price[side] = now;
    this.#priceAtOtherTick[other] = this.#price[other]!;
    return true;
  }

  /** Returns seen, of both sides. */
  get count(): number {
    return this.#count;
  }

  get covariance(): number {
    return this.#products;
  }

  /** Covariance over the realized volatilities; undefined without variance. Can leave -1 to 1 for few ticks. */
  get correlation(): number | undefined {
    const scale = Math.sqrt(this.#squares[0]!) * Math.sqrt(this.#squares[1]!);
    return scale > 0 ? this.#products / scale : undefined;
  }
}

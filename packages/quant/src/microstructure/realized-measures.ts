/**
 * Realized variance of a price on a regular grid and its parts (log returns, fractions squared): bipower variation,
 * which jumps hardly touch, the share of jumps, and the semi-variances. Feed it the price at each grid point.
 */
export class RealizedMeasures {
  #price = Number.NaN;
  #change = Number.NaN;
  #count = 0;
  #squares = 0;
  #neighbours = 0;
  #down = 0;

  /** Takes the price at the next grid point; one that is not positive and finite is ignored. Returns whether it was. */
  add(price: number): boolean {
    if (!(price > 0 && price < Infinity)) return false;
    if (!Number.isNaN(this.#price)) {
      const change = Math.log(price / this.#price);
      this.#count++;
      this.#squares += change * change;
      if (change < 0) this.#down += change * change;
      if (!Number.isNaN(this.#change)) this.#neighbours += Math.abs(change) * Math.abs(this.#change);
      this.#change = change;
    }
    this.#price = price;
    return true;
  }

  /** Returns so far. */
  get count(): number {
    return this.#count;
  }

  get variance(): number | undefined {
    return this.#count === 0 ? undefined : this.#squares;
  }

  /** (π/2)·Σ|r_i||r_{i-1}| (Barndorff-Nielsen and Shephard 2004). */
  get bipower(): number | undefined {
    return this.#count < 2 ? undefined : (Math.PI / 2) * this.#neighbours;
  }

  /** Share of the variance that jumps made, 0 to 1. */
  get jumpShare(): number | undefined {
    const { variance, bipower } = this;
    return variance === undefined || bipower === undefined || variance === 0
      ? undefined
      : Math.max(0, 1 - bipower / variance);
  }

  /** Part of the variance from falling prices. */
  get downsideVariance(): number | undefined {
    return this.#count === 0 ? undefined : this.#down;
  }

  /** Part of the variance from rising prices. */
  get upsideVariance(): number | undefined {
    return this.#count === 0 ? undefined : this.#squares - this.#down;
  }

  /** Volatility per year when `stepsPerYear` grid steps make one. */
  volatility(stepsPerYear: number): number | undefined {
    return this.#count === 0 ? undefined : Math.sqrt((this.#squares / this.#count) * stepsPerYear);
  }
}

import { NeumaierSum } from './neumaier-sum.ts';

/** Exposure of a group of positions in the reporting currency. */
export interface ExposureTotals {
  /** long - short. */
  readonly net: number;
  /** long + short. */
  readonly gross: number;
  readonly long: number;
  /** Positive. */
  readonly short: number;
  /** Positions left out of the sums because the rate of their currency is missing. */
  readonly missingRates: number;
}

/** Running long and short sums; net and gross follow from them. */
export class ExposureGroup implements ExposureTotals {
  readonly #long = new NeumaierSum();
  readonly #short = new NeumaierSum();
  #longCount = 0;
  #shortCount = 0;
  #missingRates = 0;

  /** Takes one exposure out and puts another in; NaN stands for one that cannot be converted. */
  replace(last: number, next: number): void {
    if (last > 0) {
      this.#long.add(-last);
      // An empty sum is exactly zero, not the rounding of its history.
      if (--this.#longCount === 0) this.#long.reset();
    } else if (last < 0) {
      this.#short.add(last);
      if (--this.#shortCount === 0) this.#short.reset();
    } else if (last !== 0) this.#missingRates--;
    if (next > 0) {
      this.#long.add(next);
      this.#longCount++;
    } else if (next < 0) {
      this.#short.add(-next);
      this.#shortCount++;
    } else if (next !== 0) this.#missingRates++;
  }

  get net(): number {
    return this.#long.value - this.#short.value;
  }

  get gross(): number {
    return this.#long.value + this.#short.value;
  }

  get long(): number {
    return this.#long.value;
  }

  get short(): number {
    return this.#short.value;
  }

  get missingRates(): number {
    return this.#missingRates;
  }
}

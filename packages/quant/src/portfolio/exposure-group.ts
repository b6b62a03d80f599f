import { addToSum, clearSum, sumAt, takeFromSum } from '../number/cell-table.ts';

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

// Cells of a group; sums take two.
const LONG = 0;
const SHORT = 2;

/** Running long and short sums; net and gross follow from them. Short exposures are summed with their sign. */
export class ExposureGroup implements ExposureTotals {
  readonly #sums = new Float64Array(4);
  /** One cell for whoever sums the squared gross exposures of groups: the square that is in that sum. */
  readonly square: Float64Array = new Float64Array(1);
  #longCount = 0;
  #shortCount = 0;
  #missingRates = 0;

  /** Takes the exposure at `cells[at]` out and puts the one at `cells[at + 1]` in; NaN stands for a missing rate. */
  replace(cells: Float64Array, at: number): void {
    const sums = this.#sums;
    const last = cells[at] as number;
    const next = cells[at + 1] as number;
    if (last > 0) {
      takeFromSum(sums, LONG, cells, at);
      // An empty sum is exactly zero, not the rounding of its history.
      if (--this.#longCount === 0) clearSum(sums, LONG);
    } else if (last < 0) {
      takeFromSum(sums, SHORT, cells, at);
      if (--this.#shortCount === 0) clearSum(sums, SHORT);
    } else if (last !== 0) this.#missingRates--;
    if (next > 0) {
      addToSum(sums, LONG, cells, at + 1);
      this.#longCount++;
    } else if (next < 0) {
      addToSum(sums, SHORT, cells, at + 1);
      this.#shortCount++;
    } else if (next !== 0) this.#missingRates++;
  }

  get net(): number {
    return sumAt(this.#sums, LONG) + sumAt(this.#sums, SHORT);
  }

  get gross(): number {
    return sumAt(this.#sums, LONG) - sumAt(this.#sums, SHORT);
  }

  get long(): number {
    return sumAt(this.#sums, LONG);
  }

  get short(): number {
    // Not -0 where there is none.
    return 0 - sumAt(this.#sums, SHORT);
  }

  get missingRates(): number {
    return this.#missingRates;
  }
}

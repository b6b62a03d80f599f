import { positiveInteger } from '../errors.ts';

/** Sums over returns of a grid. */
interface ReturnSums {
  count: number;
  squares: number;
  neighbours: number;
  down: number;
}

/**
 * Realized variance of a price on a regular grid and its parts (log returns, fractions squared): bipower variation,
 * which jumps hardly touch, the share of jumps, and the semi-variances. Feed it the price at each grid point. Over all
 * returns, or over the latest `window` of them, which are then added up when they are asked for.
 */
export class RealizedMeasures {
  readonly #recent: Float64Array | undefined;
  readonly #total: ReturnSums = { count: 0, squares: 0, neighbours: 0, down: 0 };
  #price = Number.NaN;
  #change = Number.NaN;

  /** Throws {@link QuantError} `invalid_option` for a window that is no whole number from 1. */
  constructor(window?: number) {
    this.#recent = window === undefined ? undefined : new Float64Array(positiveInteger('window', window));
  }

  /** Takes the price at the next grid point; one that is not positive and finite is ignored. Returns whether it was. */
  add(price: number): boolean {
    if (!(price > 0 && price < Infinity)) return false;
    if (!Number.isNaN(this.#price)) {
      const change = Math.log(price / this.#price);
      const recent = this.#recent;
      if (recent === undefined) addReturn(this.#total, change, this.#change);
      else recent[this.#total.count++ % recent.length] = change;
      this.#change = change;
    }
    this.#price = price;
    return true;
  }

  /** The next price begins a new stretch: there is no return across a break. */
  interrupt(): void {
    this.#price = Number.NaN;
    this.#change = Number.NaN;
  }

  /** Returns that count. */
  get count(): number {
    return Math.min(this.#total.count, this.#recent?.length ?? Infinity);
  }

  get variance(): number | undefined {
    const { count, squares } = this.#sums();
    return count === 0 ? undefined : squares;
  }

  /** (π/2)·Σ|r_i||r_{i-1}| (Barndorff-Nielsen and Shephard 2004). */
  get bipower(): number | undefined {
    const { count, neighbours } = this.#sums();
    return count < 2 ? undefined : (Math.PI / 2) * neighbours;
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
    const { count, down } = this.#sums();
    return count === 0 ? undefined : down;
  }

  /** Part of the variance from rising prices. */
  get upsideVariance(): number | undefined {
    const { count, squares, down } = this.#sums();
    return count === 0 ? undefined : squares - down;
  }

  /** Volatility per year when `stepsPerYear` grid steps make one. */
  volatility(stepsPerYear: number): number | undefined {
    const { count, squares } = this.#sums();
    return count === 0 ? undefined : Math.sqrt((squares / count) * stepsPerYear);
  }

  #sums(): ReturnSums {
    const recent = this.#recent;
    if (recent === undefined) return this.#total;
    const sums: ReturnSums = { count: 0, squares: 0, neighbours: 0, down: 0 };
    const { count } = this.#total;
    let before = Number.NaN;
    for (let at = Math.max(0, count - recent.length); at < count; at++) {
      const change = recent[at % recent.length]!;
      addReturn(sums, change, before);
      before = change;
    }
    return sums;
  }
}

function addReturn(sums: ReturnSums, change: number, before: number): void {
  sums.count++;
  sums.squares += change * change;
  if (change < 0) sums.down += change * change;
  if (!Number.isNaN(before)) sums.neighbours += Math.abs(change) * Math.abs(before);
}

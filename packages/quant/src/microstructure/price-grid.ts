import { QuantError } from '../errors.ts';
import type { MarketQuote } from './market-quote.ts';
import { RealizedMeasures } from './realized-measures.ts';

/** A jump of more steps than this is a break in the feed, not so many quiet steps. */
const LONGEST_GAP = 100_000;

/**
 * Realized measures of a mid on a regular grid by the previous tick: at each grid point, from the first mid on, the
 * latest mid before it. Quiet steps are returns of 0. Times do not fall.
 */
export class PriceGrid {
  readonly measures: RealizedMeasures;
  readonly #step: number;
  #next: number = Number.NEGATIVE_INFINITY;
  #mid = Number.NaN;

  /** `window` in steps, see {@link RealizedMeasures}. Throws {@link QuantError} `invalid_option`. */
  constructor(step: number, window?: number) {
    if (!(step > 0 && step < Infinity)) {
      throw new QuantError('invalid_option', `a grid step of ${step}; it must be finite and above 0`);
    }
    this.#step = step;
    this.measures = new RealizedMeasures(window);
  }

  /** Takes a quote: its mid holds from its time on. */
  quote(quote: Pick<MarketQuote, 'mid' | 'time'>): void {
    if (quote.time >= this.#next) this.#advance(quote.time, quote.mid);
    this.#mid = quote.mid;
  }

  /** Takes a mid from before {@link next}. */
  accrue(mid: number): void {
    this.#mid = mid;
  }

  /** The next grid point; -Infinity before the first mid. */
  get next(): number {
    return this.#next;
  }

  /** Passes the grid points up to `time`. */
  advance(time: number): void {
    if (time >= this.#next && !Number.isNaN(this.#mid)) this.#advance(time, this.#mid);
  }

  /** There is no return to the next mid, which begins a new grid. */
  interrupt(): void {
    this.#next = Number.NEGATIVE_INFINITY;
    this.#mid = Number.NaN;
  }

  #advance(time: number, mid: number): void {
    if (this.#next === Number.NEGATIVE_INFINITY || time - this.#next > LONGEST_GAP * this.#step) {
      this.measures.interrupt();
      this.measures.add(mid);
      this.#next = time + this.#step;
      return;
    }
    while (time >= this.#next) {
      this.measures.add(this.#mid);
      const next = this.#next + this.#step;
      // Beyond 2^53 steps a step moves the time no more.
      this.#next = next > this.#next ? next : Number.POSITIVE_INFINITY;
    }
  }
}

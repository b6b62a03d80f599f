import { QuantError } from '../errors.ts';

/**
 * Brings ticks of many instruments onto one regular clock: at every grid point each has its latest price (previous
 * tick), so that returns of instruments that trade at different moments can be compared.
 *
 * Times are numbers of any one unit. Feed ticks in order of time; a tick exactly on a grid point belongs to it.
 */
export class ReturnGrid {
  readonly size: number;
  readonly #step: number;
  readonly #prices: Float64Array;
  readonly #previous: Float64Array;
  /** Log returns of the latest step; NaN where an instrument has no two prices yet. */
  readonly returns: Float64Array;
  readonly #onStep: (returns: Float64Array, time: number) => void;
  #next = Number.NaN;

  /**
   * `onStep` is told the log returns at each grid point, in an array that is reused. Throws {@link QuantError}
   * `invalid_option`.
   */
  constructor(size: number, step: number, onStep: (returns: Float64Array, time: number) => void) {
    if (!Number.isInteger(size) || size < 1) throw new QuantError('invalid_option', `a grid of ${size} instruments`);
    if (!(step > 0)) throw new QuantError('invalid_option', `a grid step of ${step}; it must be above 0`);
    this.size = size;
    this.#step = step;
    this.#prices = new Float64Array(size).fill(Number.NaN);
    this.#previous = new Float64Array(size).fill(Number.NaN);
    this.returns = new Float64Array(size).fill(Number.NaN);
    this.#onStep = onStep;
  }

  /** Takes a price, which must be positive and finite; anything else is ignored. Returns whether it was taken. */
  tick(index: number, price: number, time: number): boolean {
    if (!(price > 0 && price < Infinity) || !(index >= 0 && index < this.size) || !Number.isFinite(time)) return false;
    this.advance(time);
    this.#prices[index] = price;
    return true;
  }

  /** Closes every grid point strictly before `time`. */
  advance(time: number): void {
    if (Number.isNaN(this.#next)) {
      this.#next = Math.ceil(time / this.#step) * this.#step;
      return;
    }
    while (this.#next < time) {
      this.#close(this.#next);
      this.#next += this.#step;
    }
  }

  #close(time: number): void {
    for (let index = 0; index < this.size; index++) {
      const price = this.#prices[index]!;
      this.returns[index] = Math.log(price / this.#previous[index]!);
      this.#previous[index] = price;
    }
    this.#onStep(this.returns, time);
  }
}

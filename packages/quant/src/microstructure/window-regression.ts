import { QuantError } from '../errors.ts';
import { PairMoments } from '../statistics/pair-moments.ts';

/**
 * Regression of mid-price changes on the flow of fixed windows of time, `[t0 + k·h, t0 + (k + 1)·h)`: with order-flow
 * imbalance as the flow its slope is the price impact of Cont, Kukanov and Stoikov, with signed traded volume it is
 * Kyle's lambda. Only whole windows count; t0 is the first mid's time.
 */
export class WindowRegression {
  readonly #length: number;
  readonly #fit = new PairMoments();
  readonly #onWindow: ((flow: number, change: number) => void) | undefined;
  #end = Number.NaN;
  #flow = 0;
  #mid = Number.NaN;
  #midAtStart = Number.NaN;

  /** `length` of a window in the unit of the times. Throws {@link QuantError} `invalid_option`. */
  constructor(length: number, onWindow?: (flow: number, change: number) => void) {
    if (!(length > 0)) throw new QuantError('invalid_option', `a window of ${length}; it must be above 0`);
    this.#length = length;
    this.#onWindow = onWindow;
  }

  /** Notes the mid that holds from `time` on. */
  mid(mid: number, time: number): void {
    if (!(mid > 0) || !Number.isFinite(time)) return;
    this.advance(time);
    if (Number.isNaN(this.#end)) {
      this.#end = time + this.#length;
      this.#midAtStart = mid;
    }
    this.#mid = mid;
  }

  /** Adds flow at `time`; flow before the first mid is left out, as there is no window yet. */
  flow(amount: number, time: number): void {
    if (!Number.isFinite(amount) || !Number.isFinite(time)) return;
    this.advance(time);
    if (!Number.isNaN(this.#end)) this.#flow += amount;
  }

  /** Closes the windows that end at `time` or before. */
  advance(time: number): void {
    while (time >= this.#end) {
      const change = this.#mid - this.#midAtStart;
      this.#fit.add(this.#flow, change);
      this.#onWindow?.(this.#flow, change);
      this.#midAtStart = this.#mid;
      this.#flow = 0;
      this.#end += this.#length;
    }
  }

  /** The line of mid changes on flow. */
  get fit(): PairMoments {
    return this.#fit;
  }
}

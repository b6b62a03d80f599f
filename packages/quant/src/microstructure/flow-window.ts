import { QuantError } from '../errors.ts';
import type { MarketQuote } from './market-quote.ts';
import { DecayedPairMoments } from '../statistics/decayed-pair-moments.ts';

/** A jump of more windows than this is a break in the feed, not so many quiet windows. */
const LONGEST_GAP = 100_000;

/** What one whole window was. The object is used again for the next one: copy what is to be kept. */
export interface FlowWindowResult {
  /** Order-flow imbalance, in units of the instrument. */
  readonly orderFlow: number;
  /** Bought less sold, by the side that took, in units of the instrument. */
  readonly signedVolume: number;
  /** Price × quantity of its trades. */
  readonly tradedValue: number;
  /** Mid at its end. */
  readonly mid: number;
  /** Change of the mid. */
  readonly change: number;
}

/**
 * Mid changes against the flow of fixed windows, `[t0 + k·h, t0 + (k + 1)·h)` from the first quote on: on order-flow
 * imbalance (price impact of Cont, Kukanov and Stoikov 2014), on signed volume (Kyle's lambda), and log changes on
 * signed roots of traded value (Hasbrouck 2009). Only whole windows count; what comes before the first quote does not.
 *
 * Times do not fall.
 */
export class FlowWindow {
  readonly #length: number;
  readonly #impact: DecayedPairMoments;
  readonly #kyle: DecayedPairMoments;
  readonly #hasbrouck: DecayedPairMoments;
  readonly #onWindow: ((window: FlowWindowResult) => void) | undefined;
  #end: number = Number.NEGATIVE_INFINITY;
  #orderFlow = 0;
  #signedVolume = 0;
  #signedRoots = 0;
  #tradedValue = 0;
  #mid = Number.NaN;
  #midAtStart = Number.NaN;
  readonly #last = {
    orderFlow: Number.NaN,
    signedVolume: Number.NaN,
    tradedValue: Number.NaN,
    mid: Number.NaN,
    change: Number.NaN,
  };

  /**
   * `length` of a window in the unit of the times; with a `halfLife`, in windows, older ones weigh less. Throws
   * {@link QuantError} `invalid_option`.
   */
  constructor(length: number, halfLife: number = Infinity, onWindow?: (window: FlowWindowResult) => void) {
    if (!(length > 0 && length < Infinity)) {
      throw new QuantError('invalid_option', `a window of ${length}; it must be finite and above 0`);
    }
    this.#length = length;
    this.#impact = new DecayedPairMoments(halfLife);
    this.#kyle = new DecayedPairMoments(halfLife);
    this.#hasbrouck = new DecayedPairMoments(halfLife);
    this.#onWindow = onWindow;
  }

  /** Takes a quote: its mid holds from its time on. */
  quote(quote: Pick<MarketQuote, 'mid' | 'orderFlow' | 'time'>): void {
    if (quote.time >= this.#end) this.#advance(quote.time, quote.mid);
    this.#orderFlow += quote.orderFlow;
    this.#mid = quote.mid;
  }

  /** Takes order flow and the mid after it, both from before {@link end}. */
  accrue(orderFlow: number, mid: number): void {
    this.#orderFlow += orderFlow;
    this.#mid = mid;
  }

  /** Takes a trade; `direction` is 0 where it is unknown. */
  trade(price: number, quantity: number, direction: number, time: number): void {
    if (time >= this.#end) this.#advance(time, Number.NaN);
    this.#signedVolume += direction * quantity;
    this.#signedRoots += direction * Math.sqrt(price * quantity);
    this.#tradedValue += price * quantity;
  }

  /** Closes the windows that end at `time` or before. */
  advance(time: number): void {
    if (time >= this.#end) this.#advance(time, Number.NaN);
  }

  /** Drops the window that is open: the next quote begins a new one. */
  interrupt(): void {
    this.#end = Number.NEGATIVE_INFINITY;
  }

  /** When the window that is open closes; -Infinity before the first quote. */
  get end(): number {
    return this.#end;
  }

  get length(): number {
    return this.#length;
  }

  /** The latest whole window; undefined before the first. */
  get last(): FlowWindowResult | undefined {
    return this.#impact.count === 0 ? undefined : this.#last;
  }

  /** Mid change on order-flow imbalance. */
  get impact(): DecayedPairMoments {
    return this.#impact;
  }

  /** Mid change on signed volume. */
  get kyle(): DecayedPairMoments {
    return this.#kyle;
  }

  /** Log mid change on Σ sign·√(price·quantity). */
  get hasbrouck(): DecayedPairMoments {
    return this.#hasbrouck;
  }

  #advance(time: number, mid: number): void {
    if (this.#end === Number.NEGATIVE_INFINITY || time - this.#end > LONGEST_GAP * this.#length) {
      this.#start(time, mid);
      return;
    }
    while (time >= this.#end) {
      this.#close();
      const end = this.#end + this.#length;
      // Beyond 2^53 lengths a window moves the end no more.
      this.#end = end > this.#end ? end : Number.POSITIVE_INFINITY;
    }
  }

  #start(time: number, mid: number): void {
    this.#clear();
    // Without a quote there is no window yet; the sums of what comes now are cleared when one begins.
    this.#end = Number.isNaN(mid) ? Number.NEGATIVE_INFINITY : time + this.#length;
    this.#mid = mid;
    this.#midAtStart = mid;
  }

  #close(): void {
    const change = this.#mid - this.#midAtStart;
    this.#impact.add(this.#orderFlow, change);
    this.#kyle.add(this.#signedVolume, change);
    this.#hasbrouck.add(this.#signedRoots, Math.log(this.#mid / this.#midAtStart));
    this.#last.orderFlow = this.#orderFlow;
    this.#last.signedVolume = this.#signedVolume;
    this.#last.tradedValue = this.#tradedValue;
    this.#last.mid = this.#mid;
    this.#last.change = change;
    this.#onWindow?.(this.#last);
    this.#midAtStart = this.#mid;
    this.#clear();
  }

  #clear(): void {
    this.#orderFlow = 0;
    this.#signedVolume = 0;
    this.#signedRoots = 0;
    this.#tradedValue = 0;
  }
}

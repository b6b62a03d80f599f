import { orderFlow } from './order-flow.ts';
import { imbalanceOf, micropriceOf, type Quote, type TimedQuote } from './quote.ts';

/**
 * The latest quote of a market, in one object that every statistic reads: doubles stay in its fields, and none has to be
 * boxed on the heap to be handed on. All NaN before the first quote.
 */
export class MarketQuote implements TimedQuote {
  bid: number = Number.NaN;
  bidSize: number = Number.NaN;
  ask: number = Number.NaN;
  askSize: number = Number.NaN;
  time: number = Number.NaN;
  mid: number = Number.NaN;
  spread: number = Number.NaN;
  /** What the change to this quote added to order flow; 0 for the first. */
  orderFlow: number = 0;

  /** Takes a quote that makes sense, at its own time or at the one before if that is later. */
  set(next: TimedQuote): void {
    this.orderFlow = Number.isNaN(this.mid) ? 0 : orderFlow(this, next);
    this.bid = next.bid;
    this.bidSize = next.bidSize;
    this.ask = next.ask;
    this.askSize = next.askSize;
    if (!(next.time < this.time)) this.time = next.time;
    this.mid = (next.bid + next.ask) / 2;
    this.spread = next.ask - next.bid;
  }

  /** There is no quote any more; the next one holds from `time` at the earliest. */
  clear(time: number): void {
    this.time = time;
    this.mid = Number.NaN;
    this.spread = Number.NaN;
  }

  get isKnown(): boolean {
    return !Number.isNaN(this.mid);
  }

  /** See {@link micropriceOf}; undefined before the first quote and without size. */
  get microprice(): number | undefined {
    return this.isKnown ? micropriceOf(this) : undefined;
  }

  /** See {@link imbalanceOf}; undefined before the first quote and without size. */
  get imbalance(): number | undefined {
    return this.isKnown ? imbalanceOf(this as Quote) : undefined;
  }
}

import { NeumaierSum } from '../number/neumaier-sum.ts';
import { imbalanceOf, isQuote, midOf, type Quote } from './quote.ts';

/** A mean over quotes, each counted once, and the mean over time, each counted for as long as it stood. */
class QuoteMean {
  readonly #events = new NeumaierSum();
  readonly #weighted = new NeumaierSum();

  add(value: number): void {
    this.#events.add(value);
  }

  stood(value: number, duration: number): void {
    this.#weighted.add(value * duration);
  }

  overEvents(count: number): number | undefined {
    return count === 0 ? undefined : this.#events.value / count;
  }

  overTime(duration: number): number | undefined {
    return duration > 0 ? this.#weighted.value / duration : undefined;
  }
}

/**
 * Spread and imbalance of one market's best quote. The time-weighted means say what a trader meets at a random moment,
 * the means over events what the feed shows; they differ by a factor of two on a busy market.
 *
 * Times are numbers of any one unit, not falling.
 */
export class QuoteStatistics {
  readonly #spread = new QuoteMean();
  readonly #relativeSpread = new QuoteMean();
  readonly #imbalance = new QuoteMean();
  #count = 0;
  #locked = 0;
  #crossed = 0;
  #duration = 0;
  #time = 0;
  #last: Quote | undefined = undefined;

  /** Takes the next quote; one that makes no sense is ignored. Returns whether it was taken. */
  add(quote: Quote, time: number): boolean {
    if (!isQuote(quote) || !Number.isFinite(time)) return false;
    this.advance(time);
    this.#time = Math.max(this.#time, time);
    if (this.#last === undefined) this.#time = time;
    this.#count++;
    this.#spread.add(quote.ask - quote.bid);
    this.#relativeSpread.add(relativeSpreadBps(quote));
    const imbalance = imbalanceOf(quote);
    if (imbalance !== undefined) this.#imbalance.add(imbalance);
    if (quote.ask === quote.bid) this.#locked++;
    if (quote.ask < quote.bid) this.#crossed++;
    this.#last = quote;
    return true;
  }

  /** Counts the latest quote as standing until `time`; an earlier time changes nothing. */
  advance(time: number): void {
    const last = this.#last;
    if (last === undefined || !(time > this.#time)) return;
    const stood = time - this.#time;
    this.#duration += stood;
    this.#spread.stood(last.ask - last.bid, stood);
    this.#relativeSpread.stood(relativeSpreadBps(last), stood);
    this.#imbalance.stood(imbalanceOf(last) ?? 0, stood);
    this.#time = time;
  }

  get count(): number {
    return this.#count;
  }

  /** Quotes whose bid equals their ask. */
  get locked(): number {
    return this.#locked;
  }

  /** Quotes whose bid is above their ask. */
  get crossed(): number {
    return this.#crossed;
  }

  get last(): Quote | undefined {
    return this.#last;
  }

  get spreadMean(): number | undefined {
    return this.#spread.overEvents(this.#count);
  }

  get spreadTimeWeighted(): number | undefined {
    return this.#spread.overTime(this.#duration);
  }

  /** In basis points of the mid. */
  get relativeSpreadBpsMean(): number | undefined {
    return this.#relativeSpread.overEvents(this.#count);
  }

  get relativeSpreadBpsTimeWeighted(): number | undefined {
    return this.#relativeSpread.overTime(this.#duration);
  }

  get imbalanceMean(): number | undefined {
    return this.#imbalance.overEvents(this.#count);
  }

  get imbalanceTimeWeighted(): number | undefined {
    return this.#imbalance.overTime(this.#duration);
  }
}

function relativeSpreadBps(quote: Quote): number {
  return ((quote.ask - quote.bid) / midOf(quote)) * 1e4;
}

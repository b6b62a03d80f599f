import { QuantError } from '../errors.ts';
import { NeumaierSum } from '../number/neumaier-sum.ts';
import { imbalanceOf, isQuote, midOf, type TimedQuote } from './quote.ts';

/**
 * Spread and imbalance of one market's best quote. The time-weighted means say what a trader meets at a random moment,
 * the means over events what the feed shows; they differ by a factor of two on a busy market.
 *
 * With a time constant τ the means over time lean on the latest τ: ∫ x(s) e^{-(t-s)/τ} ds over the same integral of 1,
 * where x(s) is the value of the quote that stood at s. Means over events always count every quote.
 *
 * Times are numbers of any one unit; one that falls counts as the latest. Adding does not allocate.
 */
export class QuoteStatistics {
  readonly #timeConstant: number;
  readonly #spreads = new NeumaierSum();
  readonly #relativeSpreads = new NeumaierSum();
  readonly #imbalances = new NeumaierSum();
  readonly #spreadOverTime = new NeumaierSum();
  readonly #relativeSpreadOverTime = new NeumaierSum();
  readonly #imbalanceOverTime = new NeumaierSum();
  #count = 0;
  #locked = 0;
  #crossed = 0;
  #duration = 0;
  /** Time that quotes with size stood: an imbalance of nothing has no part in its mean. */
  #sizedDuration = 0;
  #sizedCount = 0;
  #time = Number.NaN;
  #spread = Number.NaN;
  #relativeSpread = Number.NaN;
  #imbalance = Number.NaN;

  /** `timeConstant` above 0; Infinity weighs all time alike. Throws {@link QuantError} `invalid_option`. */
  constructor(timeConstant: number = Infinity) {
    if (!(timeConstant > 0)) {
      throw new QuantError('invalid_option', `a time constant of ${timeConstant}; it must be above 0`);
    }
    this.#timeConstant = timeConstant;
  }

  /** Takes the next quote; one that makes no sense is ignored. Returns whether it was taken. */
  add(quote: TimedQuote): boolean {
    if (!isQuote(quote) || !Number.isFinite(quote.time)) return false;
    if (this.#count === 0) this.#time = quote.time;
    else if (quote.time > this.#time) this.#stand(quote.time - this.#time);
    if (quote.time > this.#time) this.#time = quote.time;
    this.#count++;
    this.#spread = quote.ask - quote.bid;
    this.#relativeSpread = (this.#spread / midOf(quote)) * 1e4;
    this.#imbalance = imbalanceOf(quote) ?? Number.NaN;
    this.#spreads.add(this.#spread);
    this.#relativeSpreads.add(this.#relativeSpread);
    if (!Number.isNaN(this.#imbalance)) {
      this.#sizedCount++;
      this.#imbalances.add(this.#imbalance);
    }
    if (quote.ask === quote.bid) this.#locked++;
    if (quote.ask < quote.bid) this.#crossed++;
    return true;
  }

  /** Counts the latest quote as standing until `time`; an earlier time changes nothing. */
  advance(time: number): void {
    if (this.#count === 0 || !(time > this.#time) || time === Infinity) return;
    this.#stand(time - this.#time);
    this.#time = time;
  }

  /** The latest quote stands no longer, as when a feed was interrupted: the next one begins at `time`. */
  interrupt(time: number): void {
    this.#time = time;
    this.#spread = Number.NaN;
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

  get spreadMean(): number | undefined {
    return meanOf(this.#spreads, this.#count);
  }

  get spreadTimeWeighted(): number | undefined {
    return meanOf(this.#spreadOverTime, this.#duration);
  }

  /** In basis points of the mid. */
  get relativeSpreadBpsMean(): number | undefined {
    return meanOf(this.#relativeSpreads, this.#count);
  }

  get relativeSpreadBpsTimeWeighted(): number | undefined {
    return meanOf(this.#relativeSpreadOverTime, this.#duration);
  }

  /** Over the quotes that had size. */
  get imbalanceMean(): number | undefined {
    return meanOf(this.#imbalances, this.#sizedCount);
  }

  /** Over the time that quotes with size stood. */
  get imbalanceTimeWeighted(): number | undefined {
    return meanOf(this.#imbalanceOverTime, this.#sizedDuration);
  }

  #stand(stood: number): void {
    if (Number.isNaN(this.#spread)) return;
    let weight = stood;
    if (this.#timeConstant !== Infinity) {
      const keep = Math.exp(-stood / this.#timeConstant);
      weight = this.#timeConstant * (1 - keep);
      this.#duration *= keep;
      this.#sizedDuration *= keep;
      this.#spreadOverTime.scale(keep);
      this.#relativeSpreadOverTime.scale(keep);
      this.#imbalanceOverTime.scale(keep);
    }
    this.#duration += weight;
    this.#spreadOverTime.add(this.#spread * weight);
    this.#relativeSpreadOverTime.add(this.#relativeSpread * weight);
    if (Number.isNaN(this.#imbalance)) return;
    this.#sizedDuration += weight;
    this.#imbalanceOverTime.add(this.#imbalance * weight);
  }
}

function meanOf(sum: NeumaierSum, weight: number): number | undefined {
  return weight > 0 ? sum.value / weight : undefined;
}

import { QuantError } from '../errors.ts';
import { addToSum, sumAt } from '../number/cell-table.ts';
import { isQuote, type TimedQuote } from './quote.ts';

// Everything a quote changes lies in one array: fields that hold doubles would be as many objects, and with hundreds of
// markets as many cache misses (bench/on-quote.bench.js of @nanometer/exchange). Sums are two cells each.
const SPREAD = 0;
const RELATIVE_SPREAD = 1;
const IMBALANCE = 2;
const SPREADS = 3;
const RELATIVE_SPREADS = 5;
const IMBALANCES = 7;
const SPREAD_OVER_TIME = 9;
const RELATIVE_SPREAD_OVER_TIME = 11;
const IMBALANCE_OVER_TIME = 13;
const TIME = 15;
const DURATION = 16;
/** Time that quotes with size stood: an imbalance of nothing has no part in its mean. */
const SIZED_DURATION = 17;
const PRODUCT = 18;
const UNTIL = 19;
const CELLS = 20;

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
  readonly #cells = new Float64Array(CELLS);
  #count = 0;
  #sizedCount = 0;
  #locked = 0;
  #crossed = 0;

  /** `timeConstant` above 0; Infinity weighs all time alike. Throws {@link QuantError} `invalid_option`. */
  constructor(timeConstant: number = Infinity) {
    if (!(timeConstant > 0)) {
      throw new QuantError('invalid_option', `a time constant of ${timeConstant}; it must be above 0`);
    }
    this.#timeConstant = timeConstant;
    this.#cells[SPREAD] = Number.NaN;
  }

  /** Takes the next quote; one that makes no sense is ignored. Returns whether it was taken. */
  add(quote: TimedQuote): boolean {
    if (!isQuote(quote) || !Number.isFinite(quote.time)) return false;
    const cells = this.#cells;
    if (this.#count === 0) cells[TIME] = quote.time;
    cells[UNTIL] = quote.time;
    this.#stand();
    this.#count++;
    const spread = quote.ask - quote.bid;
    const size = quote.bidSize + quote.askSize;
    cells[SPREAD] = spread;
    cells[RELATIVE_SPREAD] = (spread / ((quote.bid + quote.ask) / 2)) * 1e4;
    addToSum(cells, SPREADS, cells, SPREAD);
    addToSum(cells, RELATIVE_SPREADS, cells, RELATIVE_SPREAD);
    cells[IMBALANCE] = (quote.bidSize - quote.askSize) / size;
    if (size > 0) {
      this.#sizedCount++;
      addToSum(cells, IMBALANCES, cells, IMBALANCE);
    }
    if (spread === 0) this.#locked++;
    else if (spread < 0) this.#crossed++;
    return true;
  }

  /** Counts the latest quote as standing until `time`; an earlier time changes nothing. */
  advance(time: number): void {
    if (this.#count === 0 || time === Infinity) return;
    this.#cells[UNTIL] = time;
    this.#stand();
  }

  /** The latest quote stands no longer, as when a feed was interrupted: the next one begins at `time`. */
  interrupt(time: number): void {
    this.#cells[TIME] = time;
    this.#cells[SPREAD] = Number.NaN;
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
    return this.#mean(SPREADS, this.#count);
  }

  get spreadTimeWeighted(): number | undefined {
    return this.#mean(SPREAD_OVER_TIME, this.#cells[DURATION]!);
  }

  /** In basis points of the mid. */
  get relativeSpreadBpsMean(): number | undefined {
    return this.#mean(RELATIVE_SPREADS, this.#count);
  }

  get relativeSpreadBpsTimeWeighted(): number | undefined {
    return this.#mean(RELATIVE_SPREAD_OVER_TIME, this.#cells[DURATION]!);
  }

  /** Over the quotes that had size. */
  get imbalanceMean(): number | undefined {
    return this.#mean(IMBALANCES, this.#sizedCount);
  }

  /** Over the time that quotes with size stood. */
  get imbalanceTimeWeighted(): number | undefined {
    return this.#mean(IMBALANCE_OVER_TIME, this.#cells[SIZED_DURATION]!);
  }

  /** The latest quote has stood until `cells[UNTIL]`. */
  #stand(): void {
    const cells = this.#cells;
    const stood = cells[UNTIL]! - cells[TIME]!;
    if (!(stood > 0)) return;
    cells[TIME] = cells[UNTIL]!;
    if (Number.isNaN(cells[SPREAD]!)) return;
    let weight = stood;
    if (this.#timeConstant !== Infinity) {
      const keep = Math.exp(-stood / this.#timeConstant);
      weight = this.#timeConstant * (1 - keep);
      cells[DURATION] = cells[DURATION]! * keep;
      cells[SIZED_DURATION] = cells[SIZED_DURATION]! * keep;
      for (let at = SPREAD_OVER_TIME; at < TIME; at++) cells[at] = cells[at]! * keep;
    }
    cells[DURATION] = cells[DURATION]! + weight;
    cells[PRODUCT] = cells[SPREAD]! * weight;
    addToSum(cells, SPREAD_OVER_TIME, cells, PRODUCT);
    cells[PRODUCT] = cells[RELATIVE_SPREAD]! * weight;
    addToSum(cells, RELATIVE_SPREAD_OVER_TIME, cells, PRODUCT);
    // NaN, 0 / 0, for a quote without size.
    if (Number.isNaN(cells[IMBALANCE]!)) return;
    cells[SIZED_DURATION] = cells[SIZED_DURATION]! + weight;
    cells[PRODUCT] = cells[IMBALANCE]! * weight;
    addToSum(cells, IMBALANCE_OVER_TIME, cells, PRODUCT);
  }

  #mean(sum: number, weight: number): number | undefined {
    return weight > 0 ? sumAt(this.#cells, sum) / weight : undefined;
  }
}

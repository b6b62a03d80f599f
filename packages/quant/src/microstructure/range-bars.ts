import { positiveInteger, QuantError } from '../errors.ts';
import { Moments } from '../statistics/moments.ts';

const TWO_LN2_LESS_1 = 2 * Math.LN2 - 1;

/**
 * Variance per bar from the ranges of the latest whole bars of trades, in log price squared. Parkinson (1980) and
 * Garman and Klass (1980) assume no drift and see nothing between bars; Yang and Zhang (2000) allows for both.
 * A bar begins at a multiple of its length; one without a trade does not exist. Times do not fall.
 */
export class RangeBars {
  readonly #length: number;
  readonly #opens: Float64Array;
  readonly #highs: Float64Array;
  readonly #lows: Float64Array;
  readonly #closes: Float64Array;
  readonly #closesBefore: Float64Array;
  #total = 0;
  #bar = Number.NaN;
  #open = Number.NaN;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;
  #closeBefore = Number.NaN;

  /** `length` in the unit of the times, over the latest `size` bars. Throws {@link QuantError} `invalid_option`. */
  constructor(length: number, size: number) {
    if (!(length > 0 && length < Infinity)) {
      throw new QuantError('invalid_option', `a bar of ${length}; it must be finite and above 0`);
    }
    const bars = positiveInteger('size', size);
    this.#length = length;
    this.#opens = new Float64Array(bars);
    this.#highs = new Float64Array(bars);
    this.#lows = new Float64Array(bars);
    this.#closes = new Float64Array(bars);
    this.#closesBefore = new Float64Array(bars);
  }

  /** Takes a trade; prices that are not positive and finite are ignored. Returns whether it was taken. */
  add(price: number, time: number): boolean {
    if (!(price > 0 && price < Infinity) || !Number.isFinite(time)) return false;
    if (Math.floor(time / this.#length) !== this.#bar) this.#begin(price, time);
    if (price > this.#high) this.#high = price;
    if (price < this.#low) this.#low = price;
    this.#close = price;
    return true;
  }

  /** Ends the open bar when its time is over; without this the next trade does. */
  advance(time: number): void {
    if (Number.isFinite(time) && Math.floor(time / this.#length) > this.#bar) this.#finish();
  }

  /** Whole bars that count. */
  get count(): number {
    return Math.min(this.#total, this.#opens.length);
  }

  /** Mean of ln(H/L)² / (4 ln 2). */
  get parkinson(): number | undefined {
    return this.#meanOf((at) => Math.log(this.#highs[at]! / this.#lows[at]!) ** 2 / (4 * Math.LN2));
  }

  /** Mean of ln(H/L)²/2 - (2 ln 2 - 1)·ln(C/O)². */
  get garmanKlass(): number | undefined {
    return this.#meanOf(
      (at) =>
        Math.log(this.#highs[at]! / this.#lows[at]!) ** 2 / 2 -
        TWO_LN2_LESS_1 * Math.log(this.#closes[at]! / this.#opens[at]!) ** 2,
    );
  }

  /** var(ln(O/C₋₁)) + k·var(ln(C/O)) + (1 - k)·mean(Rogers-Satchell), k = 0.34/(1.34 + (n + 1)/(n - 1)). */
  get yangZhang(): number | undefined {
    const overnight = new Moments();
    const within = new Moments();
    const rogersSatchell = new Moments();
    for (let at = 0; at < this.count; at++) {
      const before = this.#closesBefore[at]!;
      if (Number.isNaN(before)) continue;
      const open = this.#opens[at]!;
      const close = this.#closes[at]!;
      const high = this.#highs[at]!;
      const low = this.#lows[at]!;
      overnight.add(Math.log(open / before));
      within.add(Math.log(close / open));
      rogersSatchell.add(Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open));
    }
    const n = within.count;
    const { variance: betweenVariance } = overnight;
    const { variance: withinVariance } = within;
    if (betweenVariance === undefined || withinVariance === undefined) return undefined;
    const k = 0.34 / (1.34 + (n + 1) / (n - 1));
    return betweenVariance + k * withinVariance + (1 - k) * (rogersSatchell.mean ?? 0);
  }

  #meanOf(term: (at: number) => number): number | undefined {
    const { count } = this;
    let sum = 0;
    for (let at = 0; at < count; at++) sum += term(at);
    return count === 0 ? undefined : sum / count;
  }

  #begin(price: number, time: number): void {
    this.#finish();
    this.#bar = Math.floor(time / this.#length);
    this.#open = price;
    this.#high = price;
    this.#low = price;
  }

  #finish(): void {
    if (Number.isNaN(this.#bar)) return;
    const at = this.#total++ % this.#opens.length;
    this.#opens[at] = this.#open;
    this.#highs[at] = this.#high;
    this.#lows[at] = this.#low;
    this.#closes[at] = this.#close;
    this.#closesBefore[at] = this.#closeBefore;
    this.#closeBefore = this.#close;
    this.#bar = Number.NaN;
  }
}

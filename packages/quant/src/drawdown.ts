import { isSignedAmount } from './amount.ts';
import { QuantError } from './errors.ts';

/**
 * Fall of an equity curve from its peak, as a positive loss, in money and as a share of the peak. The two maxima are
 * kept apart because they are different events: a small early loss can be the largest share, a late one the most money.
 */
export class Drawdown {
  #peak: number;
  #equity: number;
  #max = 0;
  #maxRatio: number | undefined;
  #ratioAtMax: number | undefined;
  #moneyAtMaxRatio = 0;

  /** The peak starts at `initialEquity`, so that a loss from the first event on is a drawdown. */
  constructor(initialEquity: number) {
    if (!isSignedAmount(initialEquity)) {
      throw new QuantError('invalid_option', `initialEquity is ${String(initialEquity)}; it must be a finite number`);
    }
    this.#peak = initialEquity;
    this.#equity = initialEquity;
    this.#maxRatio = initialEquity > 0 ? 0 : undefined;
    this.#ratioAtMax = this.#maxRatio;
  }

  /** Takes the next equity. NaN and ±Infinity are ignored; returns whether the value was taken. */
  update(equity: number): boolean {
    if (!Number.isFinite(equity)) return false;
    this.#equity = equity;
    if (equity > this.#peak) this.#peak = equity;
    const money = this.#peak - equity;
    const ratio = this.ratio;
    if (money > this.#max) {
      this.#max = money;
      this.#ratioAtMax = ratio;
    }
    if (ratio !== undefined && (this.#maxRatio === undefined || ratio > this.#maxRatio)) {
      this.#maxRatio = ratio;
      this.#moneyAtMaxRatio = money;
    }
    return true;
  }

  get equity(): number {
    return this.#equity;
  }

  get peak(): number {
    return this.#peak;
  }

  /** peak - equity, 0 at the peak. */
  get money(): number {
    return this.#peak - this.#equity;
  }

  /** money / peak; undefined while the peak is not positive. Above 1 when equity is negative. */
  get ratio(): number | undefined {
    return this.#peak > 0 ? (this.#peak - this.#equity) / this.#peak : undefined;
  }

  /** Largest {@link money} since the start. */
  get max(): number {
    return this.#max;
  }

  /** Largest {@link ratio} since the start. */
  get maxRatio(): number | undefined {
    return this.#maxRatio;
  }

  /** {@link ratio} at the moment of the largest money drawdown. */
  get ratioAtMax(): number | undefined {
    return this.#ratioAtMax;
  }

  /** {@link money} at the moment of the largest ratio. */
  get moneyAtMaxRatio(): number {
    return this.#moneyAtMaxRatio;
  }
}

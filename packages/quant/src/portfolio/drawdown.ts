import { isSignedAmount } from '../number/amount.ts';
import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

// Cells of a drawdown; NaN stands for "no value".
const PEAK = 0;
const EQUITY = 1;
const MAX = 2;
const RATIO_AT_MAX = 3;
const MAX_RATIO = 4;
const MONEY_AT_MAX_RATIO = 5;

/**
 * Fall of an equity curve from its peak, as a positive loss, in money and as a share of the peak. The two maxima are
 * kept apart because they are different events: a small early loss can be the largest share, a late one the most money.
 */
export class Drawdown {
  readonly #cells = new Float64Array(6);
  readonly #input = new Float64Array(1);

  /** The peak starts at `initialEquity`, so that a loss from the first event on is a drawdown. */
  constructor(initialEquity: number) {
    if (!isSignedAmount(initialEquity)) {
      throw new QuantError('invalid_option', `initialEquity is ${String(initialEquity)}; it must be a finite number`);
    }
    this.#cells[PEAK] = initialEquity;
    this.#cells[EQUITY] = initialEquity;
    this.#cells[MAX_RATIO] = initialEquity > 0 ? 0 : Number.NaN;
    this.#cells[RATIO_AT_MAX] = this.#cells[MAX_RATIO] as number;
  }

  /** Takes the next equity. NaN and ±Infinity are ignored; returns whether the value was taken. */
  update(equity: number): boolean {
    this.#input[0] = equity;
    return this.updateFrom(this.#input, 0);
  }

  /** {@link update} with the equity in an array, which never allocates. */
  updateFrom(values: Float64Array, from: number): boolean {
    const equity = values[from] as number;
    if (!Number.isFinite(equity)) return false;
    const cells = this.#cells;
    const peak = Math.max(cells[PEAK] as number, equity);
    const money = peak - equity;
    const ratio = peak > 0 ? money / peak : Number.NaN;
    cells[EQUITY] = equity;
    cells[PEAK] = peak;
    if (money > (cells[MAX] as number)) {
      cells[MAX] = money;
      cells[RATIO_AT_MAX] = ratio;
    }
    // The first ratio follows none, and no comparison with NaN is true.
    if (ratio >= 0 && !(ratio <= (cells[MAX_RATIO] as number))) {
      cells[MAX_RATIO] = ratio;
      cells[MONEY_AT_MAX_RATIO] = money;
    }
    return true;
  }

  /** Everything it holds, as plain data, NaN for what has no value; {@link restore} takes it back to the last bit. */
  snapshot(): readonly number[] {
    return Array.from(this.#cells);
  }

  /** Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    this.#cells.set(restoredNumbers('Drawdown', snapshot, this.#cells.length));
  }

  get equity(): number {
    return this.#cells[EQUITY] as number;
  }

  get peak(): number {
    return this.#cells[PEAK] as number;
  }

  /** peak - equity, 0 at the peak. */
  get money(): number {
    return this.peak - this.equity;
  }

  /** money / peak; undefined while the peak is not positive. Above 1 when equity is negative. */
  get ratio(): number | undefined {
    return this.peak > 0 ? this.money / this.peak : undefined;
  }

  /** Largest {@link money} since the start. */
  get max(): number {
    return this.#cells[MAX] as number;
  }

  /** Largest {@link ratio} since the start. */
  get maxRatio(): number | undefined {
    return this.#known(MAX_RATIO);
  }

  /** {@link ratio} at the moment of the largest money drawdown. */
  get ratioAtMax(): number | undefined {
    return this.#known(RATIO_AT_MAX);
  }

  /** {@link money} at the moment of the largest ratio. */
  get moneyAtMaxRatio(): number {
    return this.#cells[MONEY_AT_MAX_RATIO] as number;
  }

  #known(cell: number): number | undefined {
    const value = this.#cells[cell] as number;
    return Number.isNaN(value) ? undefined : value;
  }
}

import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

const DAY_MS = 86_400_000;

/**
 * Value traded over the latest days, the one under way included, days beginning at midnight UTC: what exchanges measure
 * fee tiers by. Driven by the times of the fills; one that is older than all the days counts for nothing.
 */
export class RollingVolume {
  readonly #byDay: Float64Array;
  #today = Number.NaN;

  /** `days`: whole number from 1 to 366; 30 by default. Throws {@link QuantError} `invalid_option`. */
  constructor(days = 30) {
    if (!Number.isInteger(days) || days < 1 || days > 366) {
      throw new QuantError('invalid_option', `a volume of ${days} days; it must be a whole number from 1 to 366`);
    }
    this.#byDay = new Float64Array(days);
  }

  /** Takes a fill's traded value ≥ 0; false when it or the time is none. */
  add(notional: number, timeMs: number): boolean {
    if (!(notional >= 0 && notional < Infinity) || !isTime(timeMs)) return false;
    const day = Math.floor(timeMs / DAY_MS);
    this.#advance(day);
    if (day > this.#today - this.#byDay.length) this.#byDay[this.#place(day)]! += notional;
    return true;
  }

  /** Value traded over the days up to the day of `timeMs`, or of the latest fill if that is later. */
  at(timeMs: number): number {
    if (isTime(timeMs)) this.#advance(Math.floor(timeMs / DAY_MS));
    return this.total;
  }

  /** Value traded over the days up to that of the latest fill. */
  get total(): number {
    let total = 0;
    for (let at = 0; at < this.#byDay.length; at++) total += this.#byDay[at]!;
    return total;
  }

  snapshot(): readonly number[] {
    return [this.#today, ...this.#byDay];
  }

  /** Takes back the state of one with as many days. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const [today, ...byDay] = restoredNumbers('RollingVolume', snapshot, 1 + this.#byDay.length);
    this.#today = today!;
    this.#byDay.set(byDay);
  }

  #advance(day: number): void {
    const days = this.#byDay.length;
    if (Number.isNaN(this.#today)) this.#today = day;
    if (day <= this.#today) return;
    const passed = Math.min(days, day - this.#today);
    if (passed === days) this.#byDay.fill(0);
    else for (let back = 0; back < passed; back++) this.#byDay[this.#place(day - back)] = 0;
    this.#today = day;
  }

  #place(day: number): number {
    const days = this.#byDay.length;
    return ((day % days) + days) % days;
  }
}

/** Within what a date can be: beyond it days lose their number in a double. */
function isTime(timeMs: number): boolean {
  return Math.abs(timeMs) <= 8.64e15;
}

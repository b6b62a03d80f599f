import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/** Direction of a change of the mean. */
export type MeanChange = 'up' | 'down';

/**
 * Alarms when the mean of a stream moves (Page 1954, Hinkley 1971): cumulative deviations from the running mean, less a
 * tolerance, against their extreme. Starts anew after an alarm.
 */
export class PageHinkley {
  readonly #tolerance: number;
  readonly #threshold: number;
  #count = 0;
  #mean = 0;
  #up = 0;
  #down = 0;
  #alarms = 0;

  /** `tolerance` ≥ 0 and `threshold` > 0 in the unit of the values. Throws {@link QuantError} `invalid_option`. */
  constructor(tolerance: number, threshold: number) {
    if (!(tolerance >= 0) || !(threshold > 0)) {
      throw new QuantError('invalid_option', `tolerance ${tolerance} and threshold ${threshold} must be 0 and above 0`);
    }
    this.#tolerance = tolerance;
    this.#threshold = threshold;
  }

  /** Takes the next value; returns the direction when it raises an alarm. NaN and ±Infinity are ignored. */
  add(value: number): MeanChange | undefined {
    if (!Number.isFinite(value)) return undefined;
    this.#count++;
    this.#mean += (value - this.#mean) / this.#count;
    const deviation = value - this.#mean;
    this.#up = Math.max(0, this.#up + deviation - this.#tolerance);
    this.#down = Math.max(0, this.#down - deviation - this.#tolerance);
    const change = this.#up > this.#threshold ? 'up' : this.#down > this.#threshold ? 'down' : undefined;
    if (change !== undefined) {
      this.#alarms++;
      this.#count = 0;
      this.#mean = 0;
      this.#up = 0;
      this.#down = 0;
    }
    return change;
  }

  snapshot(): readonly number[] {
    return [this.#count, this.#mean, this.#up, this.#down, this.#alarms];
  }

  /** Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const values = restoredNumbers('PageHinkley', snapshot, 5) as [number, number, number, number, number];
    [this.#count, this.#mean, this.#up, this.#down, this.#alarms] = values;
  }

  get alarms(): number {
    return this.#alarms;
  }
}

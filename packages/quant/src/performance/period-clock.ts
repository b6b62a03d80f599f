import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/** Options of a {@link PeriodClock}. */
export interface PeriodClockOptions {
  /** Length of a period in milliseconds, above 0. */
  readonly periodMs: number;
  /** Where periods begin, in milliseconds from the Unix epoch; 0 by default, so that days begin at midnight UTC. */
  readonly offsetMs?: number;
  /**
   * Most quiet periods filled at once; 5,000 by default, a long weekend of minutes. A longer jump of the time, forward or
   * back, is taken for a clock that was set, and the grid starts anew there.
   */
  readonly gapLimit?: number;
}

/**
 * A regular grid of periods driven by the times of events, never by a clock of its own: the same events close the same
 * periods live and on replay. Times that go back a little close nothing; they count into the period under way.
 */
export class PeriodClock {
  readonly periodMs: number;
  readonly #offsetMs: number;
  readonly #gapLimit: number;
  #period = Number.NaN;
  #nextMs: number = Number.NEGATIVE_INFINITY;
  /** An earlier time than this is a clock that was set back. */
  #backMs: number = Number.NEGATIVE_INFINITY;
  #closed = 0;
  #jumps = 0;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor({ periodMs, offsetMs = 0, gapLimit = 5_000 }: PeriodClockOptions) {
    if (!(periodMs > 0 && periodMs < Infinity)) {
      throw new QuantError('invalid_option', `periodMs is ${periodMs}; it must be a finite number above 0`);
    }
    if (!Number.isFinite(offsetMs)) {
      throw new QuantError('invalid_option', `offsetMs is ${offsetMs}; it must be a finite number`);
    }
    if (!Number.isSafeInteger(gapLimit) || gapLimit < 1) {
      throw new QuantError('invalid_option', `gapLimit is ${gapLimit}; it must be an integer of 1 or more`);
    }
    this.periodMs = periodMs;
    this.#offsetMs = offsetMs;
    this.#gapLimit = gapLimit;
  }

  /** End of the period under way, in Unix milliseconds; -Infinity before the first. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** Periods closed so far. */
  get closed(): number {
    return this.#closed;
  }

  /** Times the grid started anew because the time jumped further than the limit. */
  get jumps(): number {
    return this.#jumps;
  }

  /** Whether {@link advance} would do anything at `timeMs`: two comparisons, for the path of every event. */
  isDue(timeMs: number): boolean {
    return timeMs >= this.#nextMs || timeMs < this.#backMs;
  }

  /**
   * Moves to `timeMs` and returns how many periods that closed: 0 within a period, more than 1 after quiet ones. The
   * first time only places the grid. NaN and ±Infinity change nothing.
   */
  advance(timeMs: number): number {
    if (!this.isDue(timeMs) || !Number.isFinite(timeMs)) return 0;
    const period = Math.floor((timeMs - this.#offsetMs) / this.periodMs);
    const passed = period - this.#period;
    this.#place(period);
    if (Number.isNaN(passed)) return 0;
    if (passed > this.#gapLimit || passed < 0) {
      this.#jumps++;
      return 0;
    }
    this.#closed += passed;
    return passed;
  }

  snapshot(): readonly number[] {
    return [this.#period, this.#closed, this.#jumps];
  }

  /** Takes the state of a clock with the same options back. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const [period, closed, jumps] = restoredNumbers('PeriodClock', snapshot, 3) as [number, number, number];
    this.#closed = closed;
    this.#jumps = jumps;
    this.#place(period);
  }

  #place(period: number): void {
    const isPlaced = !Number.isNaN(period);
    this.#period = period;
    this.#nextMs = isPlaced ? (period + 1) * this.periodMs + this.#offsetMs : Number.NEGATIVE_INFINITY;
    this.#backMs = isPlaced ? (period - this.#gapLimit) * this.periodMs + this.#offsetMs : Number.NEGATIVE_INFINITY;
  }
}

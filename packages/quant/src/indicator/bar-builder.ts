import { TapeReader, TapeWriter, type Tape } from '../number/tape.ts';
import { PeriodClock, type PeriodClockOptions } from '../performance/period-clock.ts';
import type { Bar } from './bar.ts';

/** Called with each bar that is complete. The object is the listener's to keep. */
export type BarListener = (bar: Bar) => void;

/**
 * Bars of one market on a regular grid of event times, from trades or from mids (which have no volume). A period without
 * an event becomes a flat bar at the last close without volume, so that indicators count time and not activity.
 */
export class BarBuilder {
  readonly #clock: PeriodClock;
  readonly #listener: BarListener;
  #open = Number.NaN;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;
  #volume = 0;

  /** Throws `QuantError` `invalid_option`. */
  constructor(options: PeriodClockOptions, listener: BarListener) {
    this.#clock = new PeriodClock(options);
    this.#listener = listener;
  }

  /** End of the bar under way, in Unix milliseconds; -Infinity before the first event. */
  get nextMs(): number {
    return this.#clock.nextMs;
  }

  /** Times the grid started anew because the time jumped further than `gapLimit` periods. */
  get jumps(): number {
    return this.#clock.jumps;
  }

  /**
   * Takes a price, and the quantity traded at it. False for a price that is not positive and finite, a quantity below 0
   * or not finite, or a time that is none.
   */
  add(price: number, quantity: number, timeMs: number): boolean {
    if (!(price > 0 && price < Infinity) || !(quantity >= 0 && quantity < Infinity) || !Number.isFinite(timeMs)) {
      return false;
    }
    this.advance(timeMs);
    if (Number.isNaN(this.#open)) {
      this.#open = price;
      this.#high = price;
      this.#low = price;
    } else {
      this.#high = Math.max(this.#high, price);
      this.#low = Math.min(this.#low, price);
    }
    this.#close = price;
    this.#volume += quantity;
    return true;
  }

  /** Completes the bars that ended at or before `timeMs`, without a price of its own. */
  advance(timeMs: number): void {
    if (!this.#clock.isDue(timeMs)) return;
    const jumps = this.#clock.jumps;
    const passed = this.#clock.advance(timeMs);
    for (let bar = 0; bar < passed; bar++) this.#complete();
    // After a jump the bar under way belongs to no period.
    if (this.#clock.jumps !== jumps) this.#begin();
  }

  /** The bar under way and its place on the grid: plain numbers, fit for JSON. */
  snapshot(): readonly number[] {
    const tape = new TapeWriter();
    this.#carry(tape);
    return [...this.#clock.snapshot(), ...tape.numbers];
  }

  /** Takes the state of a builder with the same options back. Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const tape = new TapeReader('BarBuilder', snapshot);
    this.#clock.restore([tape.number(), tape.number(), tape.number()]);
    this.#carry(tape);
    tape.end();
  }

  #carry(tape: Tape): void {
    this.#open = tape.number(this.#open);
    this.#high = tape.number(this.#high);
    this.#low = tape.number(this.#low);
    this.#close = tape.number(this.#close);
    this.#volume = tape.number(this.#volume);
  }

  #complete(): void {
    const close = this.#close;
    if (Number.isNaN(close)) return;
    const isFlat = Number.isNaN(this.#open);
    const open = isFlat ? close : this.#open;
    const high = isFlat ? close : this.#high;
    const low = isFlat ? close : this.#low;
    const volume = this.#volume;
    this.#begin();
    this.#listener({ open, high, low, close, volume });
  }

  #begin(): void {
    this.#open = Number.NaN;
    this.#volume = 0;
  }
}

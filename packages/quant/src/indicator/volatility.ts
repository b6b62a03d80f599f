import type { Tape } from '../number/tape.ts';
import { type Bar, carriedBar } from './bar.ts';
import { ExponentialMovingAverage, WilderAverage } from './moving-average.ts';
import { Window, WindowMaximum } from './window.ts';

/** What the first bar, which has no close before it, gives: no true range (TA-Lib), or high - low (Tulip). */
export type FirstRange = 'none' | 'bar';

/** Largest of high - low and the distances of both from the close before; undefined for the first bar by default. */
export class TrueRange {
  readonly #first: FirstRange;
  #close: number | undefined = undefined;

  constructor(first: FirstRange = 'none') {
    this.#first = first;
  }

  add({ high, low, close }: Bar): number | undefined {
    const before = this.#close;
    this.#close = close;
    if (before === undefined) return this.#first === 'bar' ? high - low : undefined;
    return Math.max(high, before) - Math.min(low, before);
  }

  carry(tape: Tape): void {
    this.#close = tape.optional(this.#close);
  }
}

/** Wilder's mean of true ranges, by default from the second bar on. */
export class AverageTrueRange {
  readonly #range: TrueRange;
  readonly #average: WilderAverage;

  constructor(length = 14, first: FirstRange = 'none') {
    this.#range = new TrueRange(first);
    this.#average = new WilderAverage(length);
  }

  add(bar: Bar): number | undefined {
    const range = this.#range.add(bar);
    return range === undefined ? undefined : this.#average.add(range);
  }

  carry(tape: Tape): void {
    this.#range.carry(tape);
    this.#average.carry(tape);
  }
}

/** A band around a middle. */
export interface Band {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/** Mean of the latest closes, give or take `width` population deviations (Bollinger). */
export class BollingerBand {
  readonly #window: Window;
  readonly #width: number;

  constructor(length = 20, width = 2) {
    this.#window = new Window(length);
    this.#width = width;
  }

  add(close: number): Band | undefined {
    const window = this.#window;
    window.push(close);
    if (!window.isFull) return undefined;
    const middle = window.sum / window.length;
    const half = this.#width * Math.sqrt(window.squares / window.length);
    return { lower: middle - half, middle, upper: middle + half };
  }

  carry(tape: Tape): void {
    this.#window.carry(tape);
  }
}

/** Population deviation of the latest closes. */
export class WindowDeviation {
  readonly #window: Window;

  constructor(length: number) {
    this.#window = new Window(length);
  }

  add(close: number): number | undefined {
    this.#window.push(close);
    return this.#window.isFull ? Math.sqrt(this.#window.squares / this.#window.length) : undefined;
  }
}

/** Highest high and lowest low of the bars before this one. */
export class DonchianChannel {
  readonly #highest: WindowMaximum;
  readonly #lowest: WindowMaximum;
  #pending: Bar | undefined = undefined;

  constructor(length = 20) {
    this.#highest = new WindowMaximum(length);
    this.#lowest = new WindowMaximum(length);
  }

  add(bar: Bar): Band | undefined {
    const before = this.#pending;
    this.#pending = bar;
    if (before === undefined) return undefined;
    this.#highest.push(before.high);
    this.#lowest.push(-before.low);
    if (!this.#highest.isFull) return undefined;
    const upper = this.#highest.value;
    const lower = -this.#lowest.value;
    return { lower, middle: (upper + lower) / 2, upper };
  }

  carry(tape: Tape): void {
    this.#highest.carry(tape);
    this.#lowest.carry(tape);
    this.#pending = carriedBar(tape, this.#pending);
  }
}

/** Exponential average of closes, give or take `width` average true ranges. */
export class KeltnerChannel {
  readonly #average: ExponentialMovingAverage;
  readonly #range: AverageTrueRange;
  readonly #width: number;

  constructor(length = 20, width = 2, rangeLength = 10) {
    this.#average = new ExponentialMovingAverage(length);
    this.#range = new AverageTrueRange(rangeLength);
    this.#width = width;
  }

  add(bar: Bar): Band | undefined {
    const middle = this.#average.add(bar.close);
    const range = this.#range.add(bar);
    if (middle === undefined || range === undefined) return undefined;
    return { lower: middle - this.#width * range, middle, upper: middle + this.#width * range };
  }

  carry(tape: Tape): void {
    this.#average.carry(tape);
    this.#range.carry(tape);
  }
}

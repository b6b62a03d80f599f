import type { Tape } from '../number/tape.ts';
import { type Bar, carriedBar, typicalPrice } from './bar.ts';
import { WilderAverage } from './moving-average.ts';
import { AverageTrueRange, TrueRange } from './volatility.ts';
import { requireLength } from './window.ts';

/** Volume added when the close rises and taken when it falls; begun with 0, or the first bar's volume (TA-Lib). */
export class OnBalanceVolume {
  readonly #countsFirst: boolean;
  #close: number | undefined = undefined;
  #value = 0;

  constructor(countsFirst = false) {
    this.#countsFirst = countsFirst;
  }

  add({ close, volume }: Bar): number {
    const before = this.#close;
    this.#close = close;
    if (before === undefined && this.#countsFirst) this.#value = volume;
    if (before !== undefined && close > before) this.#value += volume;
    if (before !== undefined && close < before) this.#value -= volume;
    return this.#value;
  }

  carry(tape: Tape): void {
    this.#close = tape.optional(this.#close);
    this.#value = tape.number(this.#value);
  }
}

/** Mean typical price weighted by volume, from the first bar on; undefined without volume. */
export class AnchoredVwap {
  #value = 0;
  #volume = 0;

  add(bar: Bar): number | undefined {
    this.#value += typicalPrice(bar) * bar.volume;
    this.#volume += bar.volume;
    return this.#volume > 0 ? this.#value / this.#volume : undefined;
  }

  carry(tape: Tape): void {
    this.#value = tape.number(this.#value);
    this.#volume = tape.number(this.#volume);
  }
}

/** Wilder's sum: the first values, then less a `length`-th of itself and plus the next value. */
class WilderSum {
  readonly #length: number;
  readonly #first: number;
  #count = 0;
  #value = 0;

  /** `first`: values that are summed up before it fades. */
  constructor(length: number, first: number) {
    this.#length = requireLength(length);
    this.#first = first;
  }

  add(value: number): number | undefined {
    this.#count++;
    this.#value += this.#count <= this.#first ? value : value - this.#value / this.#length;
    return this.#count < this.#first ? undefined : this.#value;
  }

  carry(tape: Tape): void {
    this.#count = tape.count(this.#count);
    this.#value = tape.number(this.#value);
  }
}

/** Values of the directional movement system, 0 to 100; `average` warms up later. */
export interface DirectionalValue {
  readonly plus: number;
  readonly minus: number;
  readonly average: number | undefined;
}

/**
 * What the sums of the directional movement begin with: `length` bars (Wilder, Stock.Indicators); one less, as Tulip
 * has it; or one less without a value at that bar, as TA-Lib has it.
 */
export type DirectionalSeeding = 'wilder' | 'tulip' | 'talib';

/** Wilder's directional indicators and their average directional index. */
export class DirectionalMovement {
  readonly #isLate: boolean;
  #isSeeded = false;
  readonly #range = new TrueRange();
  readonly #ranges: WilderSum;
  readonly #ups: WilderSum;
  readonly #downs: WilderSum;
  readonly #average: WilderAverage;
  #before: Bar | undefined = undefined;

  /** `length` from 2 on unless seeded as Wilder does. */
  constructor(length = 14, seeding: DirectionalSeeding = 'wilder') {
    const first = seeding === 'wilder' ? length : Math.max(1, length - 1);
    this.#isLate = seeding === 'talib';
    this.#ranges = new WilderSum(length, first);
    this.#ups = new WilderSum(length, first);
    this.#downs = new WilderSum(length, first);
    this.#average = new WilderAverage(length);
  }

  add(bar: Bar): DirectionalValue | undefined {
    const before = this.#before;
    this.#before = bar;
    const trueRange = this.#range.add(bar);
    if (before === undefined || trueRange === undefined) return undefined;
    const rise = bar.high - before.high;
    const fall = before.low - bar.low;
    const range = this.#ranges.add(trueRange);
    const up = this.#ups.add(rise > fall && rise > 0 ? rise : 0);
    const down = this.#downs.add(fall > rise && fall > 0 ? fall : 0);
    if (range === undefined || up === undefined || down === undefined) return undefined;
    const isSeed = !this.#isSeeded;
    this.#isSeeded = true;
    if (range === 0 || (isSeed && this.#isLate)) return undefined;
    const plus = (100 * up) / range;
    const minus = (100 * down) / range;
    const index = plus + minus === 0 ? 0 : (100 * Math.abs(plus - minus)) / (plus + minus);
    return { plus, minus, average: this.#average.add(index) };
  }

  carry(tape: Tape): void {
    this.#range.carry(tape);
    this.#ranges.carry(tape);
    this.#ups.carry(tape);
    this.#downs.carry(tape);
    this.#average.carry(tape);
    if (this.#isLate) this.#isSeeded = tape.count(this.#isSeeded ? 1 : 0, 1) === 1;
    this.#before = carriedBar(tape, this.#before);
  }
}

/** A trailing stop: below the market while it rises, above it while it falls. */
export class Supertrend {
  readonly #range: AverageTrueRange;
  readonly #width: number;
  #upper = Number.NaN;
  #lower = Number.NaN;
  #close = Number.NaN;
  #isRising = true;

  constructor(length = 10, width = 3) {
    this.#range = new AverageTrueRange(length);
    this.#width = width;
  }

  add(bar: Bar): number | undefined {
    const range = this.#range.add(bar);
    const before = this.#close;
    this.#close = bar.close;
    if (range === undefined) return undefined;
    const middle = (bar.high + bar.low) / 2;
    const upper = middle + this.#width * range;
    const lower = middle - this.#width * range;
    if (Number.isNaN(this.#upper)) {
      this.#isRising = bar.close >= middle;
      this.#upper = upper;
      this.#lower = lower;
    } else {
      if (upper < this.#upper || before > this.#upper) this.#upper = upper;
      if (lower > this.#lower || before < this.#lower) this.#lower = lower;
      if (bar.close > this.#upper) this.#isRising = true;
      else if (bar.close < this.#lower) this.#isRising = false;
    }
    return this.#isRising ? this.#lower : this.#upper;
  }

  carry(tape: Tape): void {
    this.#range.carry(tape);
    this.#upper = tape.number(this.#upper);
    this.#lower = tape.number(this.#lower);
    this.#close = tape.number(this.#close);
    this.#isRising = tape.count(this.#isRising ? 1 : 0, 1) === 1;
  }
}

import type { Tape } from '../number/tape.ts';
import { type Bar, carriedBar, typicalPrice } from './bar.ts';
import { WilderAverage } from './moving-average.ts';
import { AverageTrueRange, TrueRange } from './volatility.ts';
import { requireLength } from './window.ts';

/** Volume added when the close rises and taken when it falls. */
export class OnBalanceVolume {
  #close: number | undefined = undefined;
  #value = 0;

  add({ close, volume }: Bar): number {
    const before = this.#close;
    this.#close = close;
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

/** Wilder's sum: the first `length` values, then less a `length`-th of itself and plus the next value. */
class WilderSum {
  readonly #length: number;
  #count = 0;
  #value = 0;

  constructor(length: number) {
    this.#length = requireLength(length);
  }

  add(value: number): number | undefined {
    this.#count++;
    this.#value += this.#count <= this.#length ? value : value - this.#value / this.#length;
    return this.#count < this.#length ? undefined : this.#value;
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

/** Wilder's directional indicators and their average directional index. */
export class DirectionalMovement {
  readonly #range = new TrueRange();
  readonly #ranges: WilderSum;
  readonly #ups: WilderSum;
  readonly #downs: WilderSum;
  readonly #average: WilderAverage;
  #before: Bar | undefined = undefined;

  constructor(length = 14) {
    this.#ranges = new WilderSum(length);
    this.#ups = new WilderSum(length);
    this.#downs = new WilderSum(length);
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
    if (range === undefined || up === undefined || down === undefined || range === 0) return undefined;
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

import type { Tape } from '../number/tape.ts';
import { type Bar, typicalPrice } from './bar.ts';
import { ExponentialMovingAverage, type Seeding, SimpleMovingAverage, WilderAverage } from './moving-average.ts';
import { Window, WindowMaximum } from './window.ts';

/** Change over `length` bars. */
export class Momentum {
  readonly #window: Window;

  constructor(length: number) {
    this.#window = new Window(length + 1);
  }

  add(close: number): number | undefined {
    this.#window.push(close);
    return this.#window.isFull ? close - this.#window.at(0) : undefined;
  }

  carry(tape: Tape): void {
    this.#window.carry(tape);
  }
}

/** Wilder's relative strength, 0 to 100; 50 where nothing moved. */
export class RelativeStrength {
  readonly #gains: WilderAverage;
  readonly #losses: WilderAverage;
  #close: number | undefined = undefined;

  constructor(length: number) {
    this.#gains = new WilderAverage(length);
    this.#losses = new WilderAverage(length);
  }

  add(close: number): number | undefined {
    const before = this.#close;
    this.#close = close;
    if (before === undefined) return undefined;
    const gain = this.#gains.add(Math.max(0, close - before));
    const loss = this.#losses.add(Math.max(0, before - close));
    if (gain === undefined || loss === undefined) return undefined;
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  }

  carry(tape: Tape): void {
    this.#gains.carry(tape);
    this.#losses.carry(tape);
    this.#close = tape.optional(this.#close);
  }
}

/** Values of the moving-average convergence-divergence; signal and histogram warm up later than the line. */
export interface MacdValue {
  readonly line: number;
  readonly signal: number | undefined;
  readonly histogram: number | undefined;
}

/** Seeds of the averages; `aligned`: the fast one begins with its own mean where the slow one does (TA-Lib). */
export type MacdSeeding = Seeding | 'aligned';

/** Fast less slow exponential average, and the exponential average of that. */
export class Macd {
  readonly #fast: ExponentialMovingAverage;
  readonly #slow: ExponentialMovingAverage;
  readonly #signal: ExponentialMovingAverage;
  readonly #slowLength: number;
  /** Closes that the fast average lets pass before it begins. */
  readonly #fastDelay: number;
  #count = 0;

  constructor(fast = 12, slow = 26, signal = 9, seeding: MacdSeeding = 'mean') {
    const seed = seeding === 'aligned' ? 'mean' : seeding;
    this.#fast = new ExponentialMovingAverage(fast, seed);
    this.#slow = new ExponentialMovingAverage(slow, seed);
    this.#signal = new ExponentialMovingAverage(signal, seed);
    this.#slowLength = slow;
    this.#fastDelay = seeding === 'aligned' ? Math.max(0, slow - fast) : 0;
  }

  add(close: number): MacdValue | undefined {
    const fast = this.#count < this.#fastDelay ? undefined : this.#fast.add(close);
    const slow = this.#slow.add(close);
    this.#count++;
    if (fast === undefined || slow === undefined || this.#count < this.#slowLength) return undefined;
    const line = fast - slow;
    const signal = this.#signal.add(line);
    return { line, signal, histogram: signal === undefined ? undefined : line - signal };
  }

  carry(tape: Tape): void {
    this.#fast.carry(tape);
    this.#slow.carry(tape);
    this.#signal.carry(tape);
    this.#count = tape.count(this.#count);
  }
}

/** Values of the stochastic oscillator, 0 to 100. */
export interface StochasticValue {
  readonly k: number;
  readonly d: number | undefined;
}

/** Place of the close within the range of `length` bars, smoothed, and the mean of that. */
export class Stochastic {
  readonly #highest: WindowMaximum;
  readonly #lowest: WindowMaximum;
  readonly #smooth: SimpleMovingAverage;
  readonly #signal: SimpleMovingAverage;

  constructor(length = 14, smooth = 3, signal = 3) {
    this.#highest = new WindowMaximum(length);
    this.#lowest = new WindowMaximum(length);
    this.#smooth = new SimpleMovingAverage(smooth);
    this.#signal = new SimpleMovingAverage(signal);
  }

  add({ high, low, close }: Bar): StochasticValue | undefined {
    this.#highest.push(high);
    this.#lowest.push(-low);
    if (!this.#highest.isFull) return undefined;
    const lowest = -this.#lowest.value;
    const range = this.#highest.value - lowest;
    const k = this.#smooth.add(range === 0 ? 0 : (100 * (close - lowest)) / range);
    return k === undefined ? undefined : { k, d: this.#signal.add(k) };
  }

  carry(tape: Tape): void {
    this.#highest.carry(tape);
    this.#lowest.carry(tape);
    this.#smooth.carry(tape);
    this.#signal.carry(tape);
  }
}

/** Place of the close below the highest of `length` bars, -100 to 0. */
export class WilliamsR {
  readonly #highest: WindowMaximum;
  readonly #lowest: WindowMaximum;

  constructor(length = 14) {
    this.#highest = new WindowMaximum(length);
    this.#lowest = new WindowMaximum(length);
  }

  add({ high, low, close }: Bar): number | undefined {
    this.#highest.push(high);
    this.#lowest.push(-low);
    if (!this.#highest.isFull) return undefined;
    const highest = this.#highest.value;
    const range = highest + this.#lowest.value;
    return range === 0 ? 0 : (-100 * (highest - close)) / range;
  }

  carry(tape: Tape): void {
    this.#highest.carry(tape);
    this.#lowest.carry(tape);
  }
}

/** Distance of the typical price from its mean in units of 0.015 mean absolute deviations (Lambert). */
export class CommodityChannel {
  readonly #window: Window;

  constructor(length = 20) {
    this.#window = new Window(length);
  }

  add(bar: Bar): number | undefined {
    const window = this.#window;
    window.push(typicalPrice(bar));
    if (!window.isFull) return undefined;
    const mean = window.sum / window.length;
    let deviation = 0;
    for (let i = 0; i < window.length; i++) deviation += Math.abs(window.at(i) - mean);
    deviation /= window.length;
    return deviation === 0 ? 0 : (typicalPrice(bar) - mean) / (0.015 * deviation);
  }

  carry(tape: Tape): void {
    this.#window.carry(tape);
  }
}

/** Relative strength of money that flowed with rising and falling typical prices, 0 to 100. */
export class MoneyFlow {
  readonly #inflow: Window;
  readonly #outflow: Window;
  #price: number | undefined = undefined;

  constructor(length = 14) {
    this.#inflow = new Window(length);
    this.#outflow = new Window(length);
  }

  add(bar: Bar): number | undefined {
    const price = typicalPrice(bar);
    const before = this.#price;
    this.#price = price;
    if (before === undefined) return undefined;
    const flow = price * bar.volume;
    this.#inflow.push(price > before ? flow : 0);
    this.#outflow.push(price < before ? flow : 0);
    if (!this.#inflow.isFull) return undefined;
    const inflow = this.#inflow.sum;
    const total = inflow + this.#outflow.sum;
    return total === 0 ? 50 : (100 * inflow) / total;
  }

  carry(tape: Tape): void {
    this.#inflow.carry(tape);
    this.#outflow.carry(tape);
    this.#price = tape.optional(this.#price);
  }
}

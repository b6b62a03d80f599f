import type { Mark } from '@nanometer/quant';
import { COUNT, PRICES, TICK_STRIDE, TIME } from './correlation-messages.ts';
import type { CorrelationSettings } from './correlation-options.ts';
import { RecordRing } from './record-ring.ts';

/** How far back a mark's time may be of the grid before it counts as a clock that was set back. */
const BACK_STEPS = 10;

/**
 * Puts marks on a previous-tick grid and hands the steps (or, without a grid, the ticks) to the worker. A mark costs two
 * lookups and a store, and a copy of all prices when it closes a step; it never waits.
 */
export class TickFeed {
  readonly ring: RecordRing;
  readonly #settings: CorrelationSettings;
  readonly #indices = new Map<string, Map<string, number>>();
  readonly #names: string[] = [];
  readonly #prices: Float64Array;
  readonly #onDropped: () => void;
  readonly #hasTicks: boolean;
  /** One cell: time of the grid point that is closed next, NaN before the first mark. */
  readonly #next = Float64Array.of(Number.NaN);

  /** `onDropped` is told of each step or tick that the ring had no room for. */
  constructor(settings: CorrelationSettings, onDropped: () => void) {
    this.#settings = settings;
    this.#hasTicks = settings.method === 'hayashi_yoshida';
    this.#prices = new Float64Array(settings.symbolLimit).fill(Number.NaN);
    this.#onDropped = onDropped;
    const stride = this.#hasTicks ? TICK_STRIDE : PRICES + settings.symbolLimit;
    this.ring = RecordRing.allocate(settings.queueLimit, stride);
  }

  /** Names of the instruments by index, as exchange/symbol. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Index of an instrument, made if it is new; undefined when there are as many as there may be. */
  indexOf(exchange: string, symbol: string): number | undefined {
    const known = this.#indices.get(exchange)?.get(symbol);
    if (known !== undefined) return known;
    const index = this.#names.length;
    if (index >= this.#settings.symbolLimit) return undefined;
    let symbols = this.#indices.get(exchange);
    if (symbols === undefined) this.#indices.set(exchange, (symbols = new Map()));
    symbols.set(symbol, index);
    this.#names.push(`${exchange}/${symbol}`);
    return index;
  }

  /** Takes a mark that has been checked; returns false when its instrument is one too many. */
  mark(mark: Mark): boolean {
    const { exchange, symbol, price, timeMs } = mark;
    const index = this.indexOf(exchange, symbol);
    if (index === undefined) return false;
    this.#advance(timeMs);
    this.#prices[index] = price;
    if (this.#hasTicks) this.#tick(index, price);
    return true;
  }

  /** Closes every grid point strictly before a time: a tick on a point belongs to it. */
  #advance(timeMs: number): void {
    const step = this.#settings.gridStepMs;
    const next = this.#next;
    const isSetBack = timeMs < next[0]! - BACK_STEPS * step;
    if (Number.isNaN(next[0]!) || isSetBack) next[0] = Math.ceil(timeMs / step) * step;
    // After a gap longer than the ring there is nothing left to tell the steps apart: the latest are enough.
    const behind = Math.ceil((timeMs - next[0]!) / step);
    if (behind > this.#settings.queueLimit)
      next[0] = Math.ceil(timeMs / step) * step - step * this.#settings.queueLimit;
    while (next[0]! < timeMs) {
      this.#close(next[0]!);
      next[0]! += step;
    }
  }

  #close(timeMs: number): void {
    const { ring } = this;
    const at = ring.claim();
    if (at < 0) {
      this.#onDropped();
      return;
    }
    const { body } = ring;
    body[at + TIME] = timeMs;
    body[at + COUNT] = this.#hasTicks ? -1 - this.#names.length : this.#names.length;
    if (!this.#hasTicks) body.set(this.#prices, at + PRICES);
    ring.publish();
    ring.wake();
  }

  #tick(index: number, price: number): void {
    const { ring } = this;
    const at = ring.claim();
    if (at < 0) {
      this.#onDropped();
      return;
    }
    ring.body[at] = price;
    ring.body[at + COUNT] = index;
    ring.publish();
    // The reader wakes at the end of the step, or when much waits.
    if ((ring.size & 4095) === 4095) ring.wake();
  }
}

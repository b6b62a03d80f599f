import type { Tape } from '../number/tape.ts';
import { positiveInteger } from '../errors.ts';

/**
 * The latest best bids and offers of one market in order of time, so that what happened a moment ago can still be
 * joined with the quote that stood then. Times are numbers of one unit.
 *
 * Of several quotes of one time only the last one stays: no join asks for another. All memory is taken at construction,
 * 24 bytes per quote; adding does not allocate.
 */
export class QuoteHistory {
  readonly #mask: number;
  readonly #bids: Float64Array;
  readonly #asks: Float64Array;
  readonly #times: Float64Array;
  #newest = -1;
  #size = 0;

  /** `limit` is rounded up to a power of two. Throws a `QuantError` with code `invalid_option`. */
  constructor(limit = 256) {
    const slots = 2 ** Math.ceil(Math.log2(positiveInteger('quoteHistoryLimit', limit)));
    this.#mask = slots - 1;
    this.#bids = new Float64Array(slots);
    this.#asks = new Float64Array(slots);
    this.#times = new Float64Array(slots);
  }

  /** Quotes remembered now. */
  get size(): number {
    return this.#size;
  }

  /** Time of the latest quote; -Infinity before the first. */
  get newestTime(): number {
    return this.#size === 0 ? Number.NEGATIVE_INFINITY : (this.#times[this.#newest] as number);
  }

  /** Takes a quote that is not older than the latest one; both are the caller's to check. */
  add(bid: number, ask: number, time: number): void {
    if (this.#size === 0 || this.#times[this.#newest] !== time) {
      this.#newest = (this.#newest + 1) & this.#mask;
      if (this.#size <= this.#mask) this.#size++;
    }
    this.#bids[this.#newest] = bid;
    this.#asks[this.#newest] = ask;
    this.#times[this.#newest] = time;
  }

  /** The quote that stood just before `time` (last one strictly before), as a slot; -1 where none is remembered. */
  before(time: number): number {
    let slot = this.#newest;
    for (let left = this.#size; left > 0; left--, slot = (slot - 1) & this.#mask) {
      if ((this.#times[slot] as number) < time) return slot;
    }
    return -1;
  }

  /** The quote that stood at `time` (last one at or before), as a slot; -1 where none is remembered. */
  at(time: number): number {
    let slot = this.#newest;
    for (let left = this.#size; left > 0; left--, slot = (slot - 1) & this.#mask) {
      if ((this.#times[slot] as number) <= time) return slot;
    }
    return -1;
  }

  /** The latest quote, as a slot; -1 before the first. */
  get newest(): number {
    return this.#size === 0 ? -1 : this.#newest;
  }

  /** Of a slot; NaN of -1. Slots are valid until the next quote. */
  bid(slot: number): number {
    return slot < 0 ? Number.NaN : (this.#bids[slot] as number);
  }

  ask(slot: number): number {
    return slot < 0 ? Number.NaN : (this.#asks[slot] as number);
  }

  mid(slot: number): number {
    return slot < 0 ? Number.NaN : ((this.#bids[slot] as number) + (this.#asks[slot] as number)) / 2;
  }

  /** Forgets every quote. */
  clear(): void {
    this.#size = 0;
    this.#newest = -1;
  }

  /** Into one that has seen nothing, of the same limit. */
  carry(tape: Tape): void {
    const size = tape.count(this.#size, this.#mask + 1);
    const oldest = (this.#newest - this.#size + 1) & this.#mask;
    this.#size = size;
    this.#newest = size === 0 ? -1 : (oldest + size - 1) & this.#mask;
    for (let at = 0; at < size; at++) {
      const slot = (oldest + at) & this.#mask;
      for (const cells of [this.#bids, this.#asks, this.#times]) cells[slot] = tape.number(cells[slot]!);
    }
  }
}

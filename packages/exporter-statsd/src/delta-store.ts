import { checkedInteger } from './errors.ts';

/**
 * What the first point of a series counts: `count` in full (nothing was sent before), `skip` not at all (a predecessor of
 * this process has sent it), `auto` in full only when the series started after this store was made.
 */
export type InitialValue = 'count' | 'skip' | 'auto';

/** Settings of a {@link DeltaStore}. */
export interface DeltaStoreOptions {
  /** Most series held; beyond it `open` returns -1. Default 100,000. */
  readonly limit?: number;
  /** Default `count`. */
  readonly initialValue?: InitialValue;
  /** When this process began, Unix seconds; only `auto` reads it. Default: now. */
  readonly startedAtSeconds?: number;
}

/**
 * Turns cumulative values into increments for a receiver that adds them up. The increment is the cumulative value minus
 * what the receiver has summed so far, in the receiver's own double arithmetic: a rounding error of one increment is
 * made good by the next, so the receiver's total does not drift. What was not delivered is rolled back and is part of the
 * next increment.
 */
export class DeltaStore {
  readonly #limit: number;
  readonly #initialValue: InitialValue;
  readonly #startedAtSeconds: number;
  // Per slot: what the receiver has summed; what of it came before the last reset; the start time of the stream.
  #sent: Float64Array = new Float64Array(64);
  #base: Float64Array = new Float64Array(64);
  #last: Float64Array = new Float64Array(64);
  #startSeconds: Float64Array = new Float64Array(64).fill(Number.NaN);
  #startNanos: Float64Array = new Float64Array(64);
  #used = 0;
  readonly #free: number[] = [];

  /** Throws `INVALID_OPTION` for a limit below 1. */
  constructor({
    limit = 100_000,
    initialValue = 'count',
    startedAtSeconds = Date.now() / 1000,
  }: DeltaStoreOptions = {}) {
    this.#limit = checkedInteger('limit', limit, 1, 2 ** 31);
    this.#initialValue = initialValue;
    this.#startedAtSeconds = startedAtSeconds;
  }

  /** Series held. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** Opens a slot for a new series; -1 when the limit is reached. */
  open(): number {
    const reused = this.#free.pop();
    if (reused !== undefined) return reused;
    if (this.#used === this.#limit) return -1;
    if (this.#used === this.#sent.length) this.#grow();
    return this.#used++;
  }

  /** Forgets a series, its slot may be opened again. */
  release(slot: number): void {
    this.#sent[slot] = 0;
    this.#base[slot] = 0;
    this.#last[slot] = 0;
    this.#startSeconds[slot] = Number.NaN;
    this.#startNanos[slot] = 0;
    this.#free.push(slot);
  }

  /** What the receiver has summed for this slot, as far as was delivered. */
  sent(slot: number): number {
    return this.#sent[slot]!;
  }

  /**
   * The increment to send for a finite cumulative value, taken as delivered until {@link rollback}. A start time other
   * than the last one begins anew from zero, and so does a decrease when `decreaseIsReset` (monotonic sums). The start
   * time is any pair of numbers that identifies it; for `auto` the first must be Unix seconds.
   */
  advance(
    slot: number,
    startSeconds: number,
    startNanos: number,
    value: number,
    decreaseIsReset: boolean = true,
  ): number {
    const knownStart = this.#startSeconds[slot]!;
    const sent = this.#sent[slot]!;
    if (Number.isNaN(knownStart)) {
      if (this.#skipsFirst(startSeconds)) this.#base[slot] = -value;
    } else if (knownStart !== startSeconds || this.#startNanos[slot] !== startNanos) {
      this.#base[slot] = sent;
    } else if (decreaseIsReset && value < this.#last[slot]!) {
      this.#base[slot] = sent;
    }
    this.#startSeconds[slot] = startSeconds;
    this.#startNanos[slot] = startNanos;
    this.#last[slot] = value;
    const delta = this.#base[slot]! + value - sent;
    this.#sent[slot] = sent + delta;
    return delta;
  }

  /** Takes back the last increment of a slot: `sent` is what {@link sent} returned before it. */
  rollback(slot: number, sent: number): void {
    this.#sent[slot] = sent;
  }

  #skipsFirst(startSeconds: number): boolean {
    if (this.#initialValue === 'auto') return startSeconds < this.#startedAtSeconds;
    return this.#initialValue === 'skip';
  }

  #grow(): void {
    const size = this.#sent.length * 2;
    const wider = (old: Float64Array, rest = 0): Float64Array => {
      const array = new Float64Array(size).fill(rest, old.length);
      array.set(old);
      return array;
    };
    this.#sent = wider(this.#sent);
    this.#base = wider(this.#base);
    this.#last = wider(this.#last);
    this.#startSeconds = wider(this.#startSeconds, Number.NaN);
    this.#startNanos = wider(this.#startNanos);
  }
}

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

/** All that is known of one slot; restoring it continues the series as if nothing had happened. */
export interface SlotState {
  /** What the receiver has summed. */
  readonly sent: number;
  /** The total of all lives before the last reset. */
  readonly base: number;
  /** The last cumulative value. */
  readonly last: number;
  readonly startSeconds: number;
  readonly startNanos: number;
  readonly endSeconds: number;
  readonly endNanos: number;
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
  // Per slot: what the receiver has summed; the total of all lives before the last reset; the last value of the present
  // one, and its start time.
  #sent: Float64Array = new Float64Array(64);
  #base: Float64Array = new Float64Array(64);
  #last: Float64Array = new Float64Array(64);
  #startSeconds: Float64Array = new Float64Array(64).fill(Number.NaN);
  #startNanos: Float64Array = new Float64Array(64);
  // When the last value was taken; NaN while nobody has said.
  #endSeconds: Float64Array = new Float64Array(64).fill(Number.NaN);
  #endNanos: Float64Array = new Float64Array(64);
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
    this.#endSeconds[slot] = Number.NaN;
    this.#endNanos[slot] = 0;
    this.#free.push(slot);
  }

  /** What the receiver has summed for this slot, as far as was delivered. */
  sent(slot: number): number {
    return this.#sent[slot]!;
  }

  /** The last cumulative value of this slot. */
  last(slot: number): number {
    return this.#last[slot]!;
  }

  /** Begins anew from zero with the next value, for a reset that its own numbers do not show. */
  restart(slot: number): void {
    // What is not delivered of the life that ends stays due.
    this.#base[slot] = this.#base[slot]! + this.#last[slot]!;
    this.#last[slot] = 0;
  }

  /**
   * The increment to send for a finite cumulative value, taken as delivered until {@link rollback}. A start time other
   * than the last one begins anew from zero, and so does a decrease when `decreaseIsReset` (monotonic sums). The start
   * time is any pair of numbers that identifies it; for `auto` the first must be Unix seconds. A monotonic sum gives no
   * increment below zero: what rounding has sent too much, the next increment leaves out.
   */
  advance(
    slot: number,
    startSeconds: number,
    startNanos: number,
    value: number,
    decreaseIsReset: boolean = true,
  ): number {
    this.observe(slot, startSeconds, startNanos, value, decreaseIsReset);
    return this.advancePending(slot, decreaseIsReset);
  }

  /**
   * Takes note of a cumulative value whose increment will be asked for later, with {@link advancePending} or a later
   * {@link advance}. Who sends only the last of several values must show each: of one before a reset nothing is left in
   * those behind it.
   */
  observe(
    slot: number,
    startSeconds: number,
    startNanos: number,
    value: number,
    decreaseIsReset: boolean = true,
  ): void {
    const knownStart = this.#startSeconds[slot]!;
    if (Number.isNaN(knownStart)) {
      if (this.#skipsFirst(startSeconds)) this.#base[slot] = -value;
    } else if (
      knownStart !== startSeconds ||
      this.#startNanos[slot] !== startNanos ||
      (decreaseIsReset && value < this.#last[slot]!)
    ) {
      this.restart(slot);
    }
    this.#startSeconds[slot] = startSeconds;
    this.#startNanos[slot] = startNanos;
    this.#last[slot] = value;
  }

  /** The increment that is due without a new value: what was observed, or taken back by {@link rollback}. Taken as delivered. */
  advancePending(slot: number, decreaseIsReset: boolean = true): number {
    const sent = this.#sent[slot]!;
    const delta = this.#base[slot]! + this.#last[slot]! - sent;
    if (decreaseIsReset && delta < 0) return 0;
    this.#sent[slot] = sent + delta;
    return delta;
  }

  /**
   * Whether a cumulative value is one from before the last one: taken no later, and of an earlier start or below the last
   * value. Such a point is a re-sent one, no reset; counting it would count twice.
   */
  isStale(
    slot: number,
    startSeconds: number,
    startNanos: number,
    value: number,
    endSeconds: number,
    endNanos: number,
  ): boolean {
    const order = compared(endSeconds, endNanos, this.#endSeconds[slot]!, this.#endNanos[slot]!);
    if (!(order <= 0)) return false;
    const start = compared(startSeconds, startNanos, this.#startSeconds[slot]!, this.#startNanos[slot]!);
    return start < 0 || (start === 0 && value < this.#last[slot]!);
  }

  /** Notes when the last value of a slot was taken; {@link isStale} compares with it. */
  taken(slot: number, endSeconds: number, endNanos: number): void {
    if (compared(endSeconds, endNanos, this.#endSeconds[slot]!, this.#endNanos[slot]!) <= 0) return;
    this.#endSeconds[slot] = endSeconds;
    this.#endNanos[slot] = endNanos;
  }

  /** All that is known of a slot; `undefined` before its first value. */
  state(slot: number): SlotState | undefined {
    if (Number.isNaN(this.#startSeconds[slot]!)) return undefined;
    return {
      sent: this.#sent[slot]!,
      base: this.#base[slot]!,
      last: this.#last[slot]!,
      startSeconds: this.#startSeconds[slot]!,
      startNanos: this.#startNanos[slot]!,
      endSeconds: this.#endSeconds[slot]!,
      endNanos: this.#endNanos[slot]!,
    };
  }

  /** Continues a series from what {@link state} gave. */
  restore(slot: number, state: SlotState): void {
    this.#sent[slot] = state.sent;
    this.#base[slot] = state.base;
    this.#last[slot] = state.last;
    this.#startSeconds[slot] = state.startSeconds;
    this.#startNanos[slot] = state.startNanos;
    this.#endSeconds[slot] = state.endSeconds;
    this.#endNanos[slot] = state.endNanos;
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
    this.#endSeconds = wider(this.#endSeconds, Number.NaN);
    this.#endNanos = wider(this.#endNanos);
  }
}

/** Below, at or above 0 as the first time is earlier, equal or later; NaN when either is unknown. */
function compared(aSeconds: number, aNanos: number, bSeconds: number, bNanos: number): number {
  return aSeconds === bSeconds ? aNanos - bNanos : aSeconds - bSeconds;
}

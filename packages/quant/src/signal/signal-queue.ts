import { positiveInteger, QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/** Told what the market did after a signal: the horizon's index, the signal's tag and value, the return since it. */
export type SignalListener = (horizonIndex: number, tag: number, value: number, forwardReturn: number) => void;

/** State of a {@link SignalQueue}, plain data. */
export interface SignalQueueSnapshot {
  /** Time, tag, value and mid of each signal that waits, oldest first. */
  readonly waiting: readonly number[];
  /** Signals at the front of {@link waiting} that are settled already, by horizon. */
  readonly settled: readonly number[];
  readonly state: readonly number[];
}

// Cells of a signal.
const TIME = 0;
const TAG = 1;
const VALUE = 2;
const MID = 3;
const CELLS = 4;
const NO_CELLS = new Float64Array(0);

/**
 * Signals of one market waiting for the mid some horizons later: the latest mid at or before signal time + horizon,
 * known once a later one comes. Each signal is kept once and each horizon has its own place in the row:
 *
 * ```
 *   oldest ── 60 s ──── 10 s ──── 1 s ── newest
 * ```
 *
 * Signals and mids come in order of time; each costs O(1) per horizon, amortised. At most `limit` signals wait for the
 * longest horizon; further ones are refused and counted.
 */
export class SignalQueue {
  readonly #horizonsMs: readonly number[];
  readonly #limit: number;
  readonly #listener: SignalListener;
  /** Made at the first signal: most markets of a desk have prices and no signals. */
  #cells: Float64Array = NO_CELLS;
  /** Signals settled so far, by horizon. */
  readonly #settled: Float64Array;
  #count = 0;
  #mid = Number.NaN;
  #timeMs: number = Number.NEGATIVE_INFINITY;
  #refused = 0;

  /** `horizonsMs` above 0, in milliseconds. Throws {@link QuantError} `invalid_option`. */
  constructor(horizonsMs: readonly number[], listener: SignalListener, limit = 4096) {
    for (const horizon of horizonsMs) {
      if (horizon > 0 && horizon < Infinity) continue;
      throw new QuantError('invalid_option', `a horizon of ${horizon} ms; it must be a finite number above 0`);
    }
    this.#horizonsMs = horizonsMs;
    this.#limit = positiveInteger('limit', limit);
    this.#listener = listener;
    this.#settled = new Float64Array(horizonsMs.length);
  }

  /** Latest mid, NaN before the first. */
  get mid(): number {
    return this.#mid;
  }

  /** Signals waiting for their longest horizon. */
  get waiting(): number {
    return this.#count - this.#oldest;
  }

  /** Signals refused for want of a mid, of room, or of order. */
  get refused(): number {
    return this.#refused;
  }

  /** Queues a signal; false when there is no mid yet, no room, or it is older than the latest signal. */
  signal(tag: number, value: number, timeMs: number): boolean {
    if (
      Number.isNaN(this.#mid) ||
      this.waiting >= this.#limit ||
      !(timeMs >= this.#timeMs) ||
      !Number.isFinite(value)
    ) {
      this.#refused++;
      return false;
    }
    if (this.#cells === NO_CELLS) this.#cells = new Float64Array(this.#limit * CELLS);
    this.#timeMs = timeMs;
    const at = (this.#count % this.#limit) * CELLS;
    this.#cells[at + TIME] = timeMs;
    this.#cells[at + TAG] = tag;
    this.#cells[at + VALUE] = value;
    this.#cells[at + MID] = this.#mid;
    this.#count++;
    return true;
  }

  /** Takes the mid that holds from `timeMs` on, and settles what was due before. Others than positive ones are ignored. */
  quote(mid: number, timeMs: number): void {
    if (!(mid > 0 && mid < Infinity) || Number.isNaN(timeMs)) return;
    for (let horizon = 0; horizon < this.#horizonsMs.length; horizon++) this.#settle(horizon, timeMs);
    this.#mid = mid;
  }

  snapshot(): SignalQueueSnapshot {
    const oldest = this.#oldest;
    const waiting = Array.from({ length: (this.#count - oldest) * CELLS }, (_, at) => {
      const signal = oldest + Math.floor(at / CELLS);
      return this.#cells[(signal % this.#limit) * CELLS + (at % CELLS)]!;
    });
    const settled = Array.from(this.#settled, (place) => place - oldest);
    // -Infinity, which JSON lacks, for the time before the first signal.
    return {
      waiting,
      settled,
      state: [this.#mid, this.#timeMs === -Infinity ? Number.NaN : this.#timeMs, this.#refused],
    };
  }

  /** Takes back the state of a queue with the same horizons and limit. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: SignalQueueSnapshot): void {
    const waiting = restoredNumbers('SignalQueue', snapshot.waiting);
    const settled = restoredNumbers('SignalQueue', snapshot.settled, this.#horizonsMs.length);
    const state = restoredNumbers('SignalQueue', snapshot.state, 3) as [number, number, number];
    if (waiting.length % CELLS !== 0 || waiting.length > this.#limit * CELLS) {
      throw new QuantError(
        'invalid_snapshot',
        `${waiting.length} cells of signals in a queue of ${this.#limit * CELLS}`,
      );
    }
    if (waiting.length > 0) {
      this.#cells = new Float64Array(this.#limit * CELLS);
      this.#cells.set(waiting);
    }
    this.#settled.set(settled);
    this.#count = waiting.length / CELLS;
    [this.#mid, this.#timeMs, this.#refused] = state;
    if (Number.isNaN(this.#timeMs)) this.#timeMs = Number.NEGATIVE_INFINITY;
  }

  get #oldest(): number {
    let oldest = this.#count;
    for (let at = 0; at < this.#settled.length; at++) oldest = Math.min(oldest, this.#settled[at]!);
    return oldest;
  }

  #settle(horizon: number, timeMs: number): void {
    const length = this.#horizonsMs[horizon]!;
    const cells = this.#cells;
    let place = this.#settled[horizon]!;
    while (place < this.#count) {
      const at = (place % this.#limit) * CELLS;
      if (!(cells[at + TIME]! + length < timeMs)) break;
      place++;
      this.#settled[horizon] = place;
      this.#listener(horizon, cells[at + TAG]!, cells[at + VALUE]!, this.#mid / cells[at + MID]! - 1);
    }
  }
}

import { carryCells, type Tape } from '../number/tape.ts';
import { positiveInteger, QuantError } from '../errors.ts';
import { QuoteHistory } from './quote-history.ts';

/** Cells of a fill on its way through a {@link MarkoutQueue}, filled in by the caller of {@link MarkoutQueue.filled}. */
export const MARKOUT_TIME = 0;
/** Signed: a purchase positive. */
export const MARKOUT_QUANTITY = 1;
export const MARKOUT_PRICE = 2;
/** Mid that stood just before the fill. */
export const MARKOUT_MID = 3;
/** Mid when the order was sent; the caller decides what stands for it where it is not known. */
export const MARKOUT_ARRIVAL = 4;
/** Positive weight of the fill. */
export const MARKOUT_NOTIONAL = 5;
/** In money of the caller's choice, cost positive. */
export const MARKOUT_FEE = 6;
/** The same in basis points of the notional. */
export const MARKOUT_FEE_BPS = 7;
/** Set by the queue: the mid that stood at the horizon, and the time of the horizon. */
export const MARKOUT_LATER_MID = 8;
export const MARKOUT_DUE = 9;
/** Cells the queue keeps of each fill; the two after them are its answer. */
const STRIDE = 8;
/** Length of the array that carries a fill. */
export const MARKOUT_CELLS = 10;

/** Told what the market did after a fill, once for each horizon. `fill` is reused: hold none of it. */
export interface MarkoutSink {
  settled(horizonIndex: number, fill: Float64Array): void;
}

/** What became of a fill. `full`: too many wait. `unquoted`: no quote from before it is remembered. */
export type QueuedFill = 'queued' | 'full' | 'unquoted';

/**
 * Waits for the mid some horizons after each fill of one market: the last one at or before fill time + horizon, known
 * once a later quote comes. Times are numbers of one unit.
 *
 * A fill waits once, for all horizons: because every horizon settles fills in order of their times, it needs only a
 * cursor of its own into one ring. Memory is that of the fills inside the longest horizon, 64 bytes each, at most
 * `limit`. Quotes cost O(1) while nothing is due; a settled horizon costs O(1).
 *
 * ```
 * ring:  [ oldest … settled at 60 s | … settled at 1 s | … waiting at every horizon … newest ]
 *                                   ▲ cursor of 60 s   ▲ cursor of 1 s
 * ```
 *
 * A fill may come after quotes that are newer than it, and after newer fills, as long as a quote from before it is
 * remembered: what is due already is settled at once from the history, with the same answer as in order of time.
 */
export class MarkoutQueue {
  readonly horizons: Float64Array;
  readonly history: QuoteHistory;
  readonly #limit: number;
  readonly #fill = new Float64Array(MARKOUT_CELLS);
  /** Fills before it are settled, by horizon; counted from the oldest fill of the ring. */
  readonly #cursors: Int32Array;
  #cells: Float64Array;
  #sinks: (MarkoutSink | undefined)[];
  #capacity: number;
  #oldest = 0;
  #count = 0;
  /** Earliest time at which anything is due. */
  #nextDue = Number.POSITIVE_INFINITY;

  /** `horizons` ≥ 0, in the unit of the times. Throws {@link QuantError} `invalid_option`. */
  constructor(horizons: readonly number[], limit = 65_536, history: QuoteHistory = new QuoteHistory()) {
    for (const horizon of horizons) {
      if (!(horizon >= 0 && horizon < Infinity)) {
        throw new QuantError('invalid_option', `a horizon of ${horizon}; it must be a finite number from 0`);
      }
    }
    this.horizons = Float64Array.from(horizons);
    this.history = history;
    this.#limit = positiveInteger('pendingFillLimit', limit);
    this.#capacity = Math.min(16, limit);
    this.#cells = new Float64Array(this.#capacity * STRIDE);
    this.#sinks = new Array<MarkoutSink | undefined>(this.#capacity).fill(undefined);
    this.#cursors = new Int32Array(horizons.length);
  }

  /** Fills that wait for a horizon. */
  get pending(): number {
    return this.#count;
  }

  /**
   * Takes the best bid and offer that hold from `time` on, and settles every fill that was due before. False, and
   * nothing changes, for prices that are not positive and finite, and for a time that is none or lies before the latest.
   */
  quote(bid: number, ask: number, time: number): boolean {
    if (!(bid > 0 && ask > 0 && bid < Infinity && ask < Infinity)) return false;
    if (!(time >= this.history.newestTime && time < Infinity)) return false;
    if (this.#nextDue < time) this.#settleBefore(time);
    this.history.add(bid, ask, time);
    return true;
  }

  /** Takes a fill in the first eight cells; its sink hears of each horizon once. The cells are copied. */
  filled(sink: MarkoutSink, cells: Float64Array): QueuedFill {
    const time = cells[MARKOUT_TIME] as number;
    if (this.history.before(time) < 0) return 'unquoted';
    if (this.#count === this.#limit) return 'full';
    if (this.#count === this.#capacity) this.#grow();
    const place = this.#insert(sink, cells, time);
    const newestTime = this.history.newestTime;
    for (let at = 0; at < this.#cursors.length; at++) {
      const due = time + (this.horizons[at] as number);
      if (due < newestTime) this.#settleLate(at, place, due);
      else if (due < this.#nextDue) this.#nextDue = due;
    }
    this.#release();
    return 'queued';
  }

  /** Gives up every waiting fill and forgets the quotes, as after a step of the clock; returns how many were waiting. */
  clear(): number {
    const given = this.#count;
    this.#sinks.fill(undefined);
    this.#cursors.fill(0);
    this.#count = 0;
    this.#nextDue = Number.POSITIVE_INFINITY;
    this.history.clear();
    return given;
  }

  /**
   * Its quotes and the fills that wait, each with a number for its sink. Into a queue of the same horizons that has seen
   * nothing. Throws {@link QuantError} `invalid_snapshot`.
   */
  carry(tape: Tape, codeOf: (sink: MarkoutSink) => number, sinkOf: (code: number) => MarkoutSink): void {
    this.history.carry(tape);
    const count = tape.count(this.#count, this.#limit);
    for (let place = 0; place < count; place++) {
      if (place >= this.#count) {
        if (this.#count === this.#capacity) this.#grow();
        this.#count++;
      }
      const slot = this.#slot(place);
      carryCells(tape, this.#cells, slot * STRIDE, STRIDE);
      const sink = this.#sinks[slot];
      this.#sinks[slot] = sinkOf(tape.count(sink === undefined ? 0 : codeOf(sink)));
    }
    for (let at = 0; at < this.#cursors.length; at++) this.#cursors[at] = tape.count(this.#cursors[at]!, count);
    this.#nextDue = this.#earliestDue();
  }

  #earliestDue(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < this.#cursors.length; at++) {
      const cursor = this.#cursors[at]!;
      if (cursor >= this.#count) continue;
      const due = this.#cells[this.#slot(cursor) * STRIDE + MARKOUT_TIME]! + this.horizons[at]!;
      if (due < earliest) earliest = due;
    }
    return earliest;
  }

  /** Keeps the ring in order of time: a fill that comes late moves the newer ones up by one. */
  #insert(sink: MarkoutSink, cells: Float64Array, time: number): number {
    let place = this.#count++;
    for (; place > 0; place--) {
      const earlier = this.#slot(place - 1);
      if ((this.#cells[earlier * STRIDE + MARKOUT_TIME] as number) <= time) break;
      const slot = this.#slot(place);
      this.#cells.copyWithin(slot * STRIDE, earlier * STRIDE, (earlier + 1) * STRIDE);
      this.#sinks[slot] = this.#sinks[earlier];
    }
    const slot = this.#slot(place);
    for (let cell = 0; cell < STRIDE; cell++) this.#cells[slot * STRIDE + cell] = cells[cell] as number;
    this.#sinks[slot] = sink;
    return place;
  }

  /**
   * Settles a horizon that ended before the fill was known. Fills before `place` are older, so theirs has ended and been
   * settled as well: the cursor stands at `place` or beyond, and moves on by the inserted fill.
   */
  #settleLate(horizonIndex: number, place: number, due: number): void {
    this.#cursors[horizonIndex] = (this.#cursors[horizonIndex] as number) + 1;
    this.#settle(horizonIndex, this.#slot(place), this.history.at(due));
  }

  #settleBefore(time: number): void {
    const stood = this.history.newest;
    let nextDue = Number.POSITIVE_INFINITY;
    for (let at = 0; at < this.#cursors.length; at++) {
      const horizon = this.horizons[at] as number;
      let cursor = this.#cursors[at] as number;
      for (; cursor < this.#count; cursor++) {
        const slot = this.#slot(cursor);
        const due = (this.#cells[slot * STRIDE + MARKOUT_TIME] as number) + horizon;
        if (!(due < time)) {
          if (due < nextDue) nextDue = due;
          break;
        }
        this.#settle(at, slot, stood);
      }
      this.#cursors[at] = cursor;
    }
    this.#nextDue = nextDue;
    this.#release();
  }

  // Takes integers only: a double that is passed to a call which the engine does not inline is boxed on the heap.
  #settle(horizonIndex: number, slot: number, quoteSlot: number): void {
    const fill = this.#fill;
    const from = slot * STRIDE;
    for (let cell = 0; cell < STRIDE; cell++) fill[cell] = this.#cells[from + cell] as number;
    fill[MARKOUT_LATER_MID] = this.history.mid(quoteSlot);
    fill[MARKOUT_DUE] = (fill[MARKOUT_TIME] as number) + (this.horizons[horizonIndex] as number);
    (this.#sinks[slot] as MarkoutSink).settled(horizonIndex, fill);
  }

  /** Forgets the fills that every horizon has settled. */
  #release(): void {
    let settled = this.#count;
    for (let at = 0; at < this.#cursors.length; at++) settled = Math.min(settled, this.#cursors[at] as number);
    if (settled === 0) return;
    for (let place = 0; place < settled; place++) this.#sinks[this.#slot(place)] = undefined;
    for (let at = 0; at < this.#cursors.length; at++) this.#cursors[at] = (this.#cursors[at] as number) - settled;
    this.#oldest = this.#slot(settled);
    this.#count -= settled;
  }

  #slot(place: number): number {
    const slot = this.#oldest + place;
    return slot >= this.#capacity ? slot - this.#capacity : slot;
  }

  #grow(): void {
    const capacity = Math.min(this.#limit, this.#capacity * 2);
    const cells = new Float64Array(capacity * STRIDE);
    const sinks = new Array<MarkoutSink | undefined>(capacity).fill(undefined);
    // The full ring in two pieces, from the oldest fill to the end and on from the beginning.
    const head = this.#capacity - this.#oldest;
    cells.set(this.#cells.subarray(this.#oldest * STRIDE));
    cells.set(this.#cells.subarray(0, this.#oldest * STRIDE), head * STRIDE);
    for (let place = 0; place < this.#count; place++) sinks[place] = this.#sinks[this.#slot(place)];
    this.#cells = cells;
    this.#sinks = sinks;
    this.#capacity = capacity;
    this.#oldest = 0;
  }
}

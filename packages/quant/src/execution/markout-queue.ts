import { QuantError } from '../errors.ts';

/** Told what the market did after a fill; `tag` is what the fill was queued with. */
export type MarkoutListener = (tag: number, horizon: number, laterMid: number) => void;

interface Lane {
  readonly horizon: number;
  readonly due: Float64Array;
  readonly tags: Float64Array;
  head: number;
  count: number;
}

/**
 * Waits for the mid some horizons after each fill: the latest one at or before fill time + horizon, known once a later
 * quote comes. Fills and quotes must come in order of time; each costs O(1) per horizon. Times are numbers of one unit.
 *
 * Memory is bounded: at most `limit` fills wait for a horizon, further ones are dropped and counted.
 */
export class MarkoutQueue {
  readonly horizons: readonly number[];
  readonly #lanes: readonly Lane[];
  readonly #limit: number;
  readonly #listener: MarkoutListener;
  #mid = Number.NaN;
  #dropped = 0;

  /** `horizons` ≥ 0, in the unit of the times. Throws {@link QuantError} `invalid_option`. */
  constructor(horizons: readonly number[], listener: MarkoutListener, limit = 65_536) {
    for (const horizon of horizons) {
      if (!(horizon >= 0 && horizon < Infinity)) {
        throw new QuantError('invalid_option', `a horizon of ${horizon}; it must be a finite number from 0`);
      }
    }
    if (!Number.isInteger(limit) || limit < 1) {
      throw new QuantError('invalid_option', `limit is ${limit}; it must be a whole number from 1`);
    }
    this.horizons = horizons;
    this.#limit = limit;
    this.#listener = listener;
    this.#lanes = horizons.map((horizon) => ({
      horizon,
      due: new Float64Array(limit),
      tags: new Float64Array(limit),
      head: 0,
      count: 0,
    }));
  }

  /** Mid before the next quote; NaN before the first. */
  get mid(): number {
    return this.#mid;
  }

  /** Fills that found a full lane, once for each. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Queues a fill for every horizon. `tag` is a finite number of the caller's, such as an index. */
  fill(tag: number, time: number): void {
    for (const lane of this.#lanes) {
      if (lane.count === this.#limit) {
        this.#dropped++;
        continue;
      }
      const at = (lane.head + lane.count++) % this.#limit;
      lane.due[at] = time + lane.horizon;
      lane.tags[at] = tag;
    }
  }

  /** Takes the mid that holds from `time` on, and settles every fill that was due before. */
  quote(mid: number, time: number): void {
    if (!(mid > 0 && mid < Infinity) || Number.isNaN(time)) return;
    for (let at = 0; at < this.#lanes.length; at++) this.#settle(this.#lanes[at]!, time);
    this.#mid = mid;
  }

  #settle(lane: Lane, time: number): void {
    while (lane.count > 0 && lane.due[lane.head]! < time) {
      const tag = lane.tags[lane.head]!;
      lane.head = lane.head + 1 === this.#limit ? 0 : lane.head + 1;
      lane.count--;
      this.#listener(tag, lane.horizon, this.#mid);
    }
  }
}

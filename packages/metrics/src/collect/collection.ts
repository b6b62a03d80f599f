import { type Clock, hrTimeFromMillis } from '../clock.ts';
import type { CollectionTime } from '../storage/metric-stream.ts';
import { Slice } from './slice.ts';

export interface CollectionOptions {
  /** Counts the collections of a reader. */
  readonly serial: number;
  readonly clock: Clock;
  /** What its callbacks may take. */
  readonly timeoutMillis: number;
  /** Milliseconds without a record after which a series is forgotten. */
  readonly seriesTtlMillis: number;
  /** Milliseconds it works before the event loop turns; Infinity for all at once. */
  readonly sliceMillis: number;
}

/** One collection of one reader, as the meters see it. */
export class Collection {
  readonly serial: number;
  readonly timeoutMillis: number;
  readonly seriesTtlMillis: number;
  /** One for all meters. */
  readonly slice: Slice;
  readonly #clock: Clock;
  #time: CollectionTime;
  #pauseCount = 0;

  constructor({ serial, clock, timeoutMillis, seriesTtlMillis, sliceMillis }: CollectionOptions) {
    this.serial = serial;
    this.timeoutMillis = timeoutMillis;
    this.seriesTtlMillis = seriesTtlMillis;
    this.slice = new Slice(sliceMillis);
    this.#clock = clock;
    this.#time = timeOf(clock);
  }

  /**
   * The time of a metric whose reading begins now: that at which the collection began, as long as it has not paused.
   * After a pause it is taken anew, because series have begun since, and other collections may have ended: no point ends
   * before it begins.
   */
  time(): CollectionTime {
    if (this.#pauseCount !== this.slice.pauseCount) this.renewTime();
    return this.#time;
  }

  renewTime(): void {
    this.#pauseCount = this.slice.pauseCount;
    this.#time = timeOf(this.#clock);
  }
}

function timeOf(clock: Clock): CollectionTime {
  const millis = clock.now();
  return { millis, hrTime: hrTimeFromMillis(millis) };
}

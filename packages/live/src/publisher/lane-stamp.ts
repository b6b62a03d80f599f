/**
 * Times of what goes by the fast lane, Unix milliseconds with microseconds behind the point. Each is later than the one
 * before, and than what an exporter read in the same millisecond: a collection is stamped with whole milliseconds, and the
 * receiver takes the later of two.
 */
export class LaneStamp {
  readonly #now: () => number;
  #lastMicros = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): number {
    this.#lastMicros = Math.max(this.#lastMicros, Math.floor(this.#now()) * 1_000) + 1;
    return this.#lastMicros / 1_000;
  }
}

import type { LiveSeries } from '@nanometer/live';

/** How busy one series was between two looks. */
export interface SeriesActivity {
  readonly name: string;
  /** What of a histogram, else `value`. */
  readonly field: string;
  readonly attributes: LiveSeries['attributes'];
  readonly updatesPerSecond: number;
  readonly value: number;
  /** Seconds since the value was recorded, by the server's clock; negative when its clock is ahead. */
  readonly ageSeconds: number;
}

/** What {@link Activity} reads of a store of the live stream. */
export interface LatestValues {
  readonly values: Float64Array;
  readonly times: Float64Array;
  all(): Iterable<LiveSeries>;
  hasValue(id: number): boolean;
}

/** Counts updates by series. */
export class Activity {
  #counts = new Uint32Array(256);
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** Takes the series ids of one frame. */
  count(ids: Uint32Array): void {
    for (const id of ids) {
      if (id >= this.#counts.length) this.#grow(id + 1);
      this.#counts[id] = this.#counts[id]! + 1;
    }
  }

  /** Forgets all counts: ids mean something else in the next epoch. */
  reset(nowMs: number): void {
    this.#counts.fill(0);
    this.#sinceMs = nowMs;
  }

  /** Every series with a value, with its rate since the last look, and starts counting anew. */
  look(store: LatestValues, nowMs: number, wallMs: number): SeriesActivity[] {
    const seconds = Math.max((nowMs - this.#sinceMs) / 1000, 1e-3);
    const found: SeriesActivity[] = [];
    for (const { id, name, attributes, field } of store.all()) {
      if (!store.hasValue(id)) continue;
      found.push({
        name,
        field,
        attributes,
        updatesPerSecond: (this.#counts[id] ?? 0) / seconds,
        value: store.values[id]!,
        ageSeconds: (wallMs - store.times[id]!) / 1000,
      });
    }
    this.reset(nowMs);
    return found;
  }

  #grow(least: number): void {
    const counts = new Uint32Array(Math.max(2 * this.#counts.length, least));
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

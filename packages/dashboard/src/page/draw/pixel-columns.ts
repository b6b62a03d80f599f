import type { BucketRing } from '../store/bucket-ring.ts';

/** Extremes of what columns hold, for the axis. */
export interface Extent {
  min: number;
  max: number;
}

/** Nothing changed. */
export const UNCHANGED: number = Infinity;

/**
 * The course of one value reduced to one pair of extremes per pixel column, plus where the line enters and leaves the column:
 * a spike of one sample is never lost, however many buckets share the column.
 *
 * ```
 * column number  c = floor(timeMs / columnMs), slot = c mod count
 * ```
 *
 * Columns stand still in time: what was reduced, and drawn, once remains right as the chart moves on, so that only what came
 * since is reduced and drawn. Values come in the order of time; one for a bucket before the newest is seen after {@link reset}.
 */
export class PixelColumns {
  #columnMs = 1;
  #count = 0;
  #first: Float64Array = new Float64Array(0);
  #min: Float64Array = new Float64Array(0);
  #max: Float64Array = new Float64Array(0);
  #last: Float64Array = new Float64Array(0);
  #ring: BucketRing | undefined;
  /** Newest column. */
  #newest = -1;
  /** Newest bucket that was reduced, and what it held. */
  #bucket = -1;
  #bucketMin = NaN;
  #bucketMax = NaN;
  #bucketLast = NaN;

  /**
   * Forgets everything.
   *
   * @param count - number of columns, ≥ 1.
   * @param columnMs - time that a column stands for in milliseconds, > 0.
   */
  reset(count: number, columnMs: number): void {
    this.#count = count;
    this.#columnMs = columnMs;
    this.#ring = undefined;
    if (this.#first.length >= count) return;
    this.#first = new Float64Array(count);
    this.#min = new Float64Array(count);
    this.#max = new Float64Array(count);
    this.#last = new Float64Array(count);
  }

  get newest(): number {
    return this.#newest;
  }

  get oldest(): number {
    return this.#newest - this.#count + 1;
  }

  /**
   * Brings the columns up to a moment; the newest is the one that it falls into.
   *
   * @returns the oldest column whose content may have changed, {@link UNCHANGED} when none has.
   */
  update(ring: BucketRing, nowMs: number): number {
    const newest = Math.floor(nowMs / this.#columnMs);
    const known = ring === this.#ring && newest >= this.#newest && newest - this.#newest < this.#count;
    const before = this.#newest;
    this.#newest = newest;
    this.#ring = ring;
    if (!known) {
      this.#first.fill(NaN);
      this.#bucket = -1;
    } else for (let column = before + 1; column <= newest; column++) this.#first[column % this.#count] = NaN;
    const until = Math.min(ring.bucketOf(nowMs), ring.newest);
    if (known && this.#asBefore(ring, until) && !this.#isBeyond(ring, before)) return UNCHANGED;
    // What was the newest bucket may have grown; one that lay half beyond the edge has its own column now.
    const reduced = this.#bucket < 0 ? -Infinity : this.#columnOf(ring, this.#bucket);
    const from = Math.max(this.oldest, Math.min(before, reduced));
    for (let column = from; column <= newest; column++) this.#first[column % this.#count] = NaN;
    this.#reduce(ring, from, until);
    this.#remember(ring, until);
    return from;
  }

  /** Widens an extent to what the columns hold. */
  widen(extent: Extent): void {
    for (let slot = 0; slot < this.#count; slot++) {
      if (Number.isNaN(this.#first[slot])) continue;
      if ((this.#min[slot] as number) < extent.min) extent.min = this.#min[slot] as number;
      if ((this.#max[slot] as number) > extent.max) extent.max = this.#max[slot] as number;
    }
  }

  /** The newest column before another one that holds something, -1 when none does. */
  filledBefore(column: number): number {
    for (let at = Math.min(column - 1, this.#newest); at >= Math.max(0, this.oldest); at--) {
      if (!Number.isNaN(this.#first[at % this.#count])) return at;
    }
    return -1;
  }

  /** Value with which the line enters a column between the oldest and the newest; `NaN` when nothing is there. */
  firstOf(column: number): number {
    return this.#first[column % this.#count] as number;
  }

  minOf(column: number): number {
    return this.#min[column % this.#count] as number;
  }

  maxOf(column: number): number {
    return this.#max[column % this.#count] as number;
  }

  lastOf(column: number): number {
    return this.#last[column % this.#count] as number;
  }

  #columnOf(ring: BucketRing, bucket: number): number {
    // The middle of a bucket stands for it.
    return Math.floor(((bucket + 0.5) * ring.bucketMs) / this.#columnMs);
  }

  #reduce(ring: BucketRing, from: number, until: number): void {
    const earliest = Math.floor((from * this.#columnMs) / ring.bucketMs) - 1;
    for (let bucket = Math.max(0, earliest, ring.newest - ring.capacity + 1); bucket <= until; bucket++) {
      const column = this.#columnOf(ring, bucket);
      const slot = ring.slotOf(bucket);
      if (slot < 0 || column < from) continue;
      this.#add(Math.min(column, this.#newest) % this.#count, ring.minAt(slot), ring.maxAt(slot), ring.lastAt(slot));
    }
  }

  #add(at: number, min: number, max: number, last: number): void {
    if (Number.isNaN(this.#first[at])) {
      // A bucket does not know its first value; the extreme farther from the last is where the line came from.
      this.#first[at] = last - min > max - last ? min : max;
      this.#min[at] = min;
      this.#max[at] = max;
    } else {
      if (min < (this.#min[at] as number)) this.#min[at] = min;
      if (max > (this.#max[at] as number)) this.#max[at] = max;
    }
    this.#last[at] = last;
  }

  /** Whether the newest bucket was put into a column before its own, which was not there yet. */
  #isBeyond(ring: BucketRing, column: number): boolean {
    return this.#bucket >= 0 && this.#columnOf(ring, this.#bucket) > column;
  }

  #asBefore(ring: BucketRing, bucket: number): boolean {
    if (bucket !== this.#bucket) return false;
    const slot = bucket < 0 ? -1 : ring.slotOf(bucket);
    if (slot < 0) return true;
    return (
      ring.minAt(slot) === this.#bucketMin &&
      ring.maxAt(slot) === this.#bucketMax &&
      ring.lastAt(slot) === this.#bucketLast
    );
  }

  #remember(ring: BucketRing, bucket: number): void {
    this.#bucket = bucket;
    const slot = bucket < 0 ? -1 : ring.slotOf(bucket);
    this.#bucketMin = slot < 0 ? NaN : ring.minAt(slot);
    this.#bucketMax = slot < 0 ? NaN : ring.maxAt(slot);
    this.#bucketLast = slot < 0 ? NaN : ring.lastAt(slot);
  }
}

const EMPTY = -1;

/**
 * A ring of time buckets, each with the minimum, maximum and last value that fell into it.
 *
 * ```
 * bucket number  n = floor(timeMs / bucketMs), slot = n mod capacity
 * slot is valid for n  ⇔  #bucket[slot] === n      (nothing is ever cleared: an old number just no longer matches)
 * ```
 *
 * Memory is fixed at 32 bytes per bucket however fast values come. Non-finite values and times are ignored, and so
 * is a value older than the ring reaches.
 */
export class BucketRing {
  readonly bucketMs: number;
  readonly capacity: number;
  readonly #bucket: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #last: Float64Array;
  #newest = EMPTY;

  /**
   * @param bucketMs - width of a bucket in milliseconds, > 0.
   * @param capacity - number of buckets kept, ≥ 1.
   */
  constructor(bucketMs: number, capacity: number) {
    this.bucketMs = bucketMs;
    this.capacity = capacity;
    this.#bucket = new Float64Array(capacity).fill(EMPTY);
    this.#min = new Float64Array(capacity);
    this.#max = new Float64Array(capacity);
    this.#last = new Float64Array(capacity);
  }

  /** Number of the newest bucket with a value, -1 while there is none. */
  get newest(): number {
    return this.#newest;
  }

  /** Number of the bucket a time falls into. */
  bucketOf(timeMs: number): number {
    return Math.floor(timeMs / this.bucketMs);
  }

  /** Records a value at a Unix time in milliseconds. */
  add(timeMs: number, value: number): void {
    if (!Number.isFinite(value) || !(timeMs >= 0) || timeMs === Infinity) return;
    const bucket = this.bucketOf(timeMs);
    if (bucket <= this.#newest - this.capacity) return;
    if (bucket > this.#newest) this.#newest = bucket;
    const slot = bucket % this.capacity;
    if (this.#bucket[slot] !== bucket) {
      this.#bucket[slot] = bucket;
      this.#min[slot] = value;
      this.#max[slot] = value;
    } else {
      if (value < (this.#min[slot] as number)) this.#min[slot] = value;
      if (value > (this.#max[slot] as number)) this.#max[slot] = value;
    }
    this.#last[slot] = value;
  }

  /** Slot of a bucket for {@link minAt}, {@link maxAt} and {@link lastAt}, or -1 when it holds nothing. */
  slotOf(bucket: number): number {
    const slot = bucket % this.capacity;
    return slot >= 0 && this.#bucket[slot] === bucket ? slot : EMPTY;
  }

  minAt(slot: number): number {
    return this.#min[slot] as number;
  }

  maxAt(slot: number): number {
    return this.#max[slot] as number;
  }

  lastAt(slot: number): number {
    return this.#last[slot] as number;
  }
}

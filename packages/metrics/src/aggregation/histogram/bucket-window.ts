import type { Block } from '../../arena/arena.ts';

/** Consecutive buckets of one sign; `offset` is the index of the first. */
export interface BucketRun {
  readonly offset: number;
  readonly counts: number[];
}

export const EMPTY_RUN: BucketRun = Object.freeze({ offset: 0, counts: Object.freeze([]) as unknown as number[] });

/** No index of any scale is as low, so a search in an empty window always misses. */
export const NO_BASE: number = -(2 ** 31);

/**
 * A window of `size` neighbouring bucket counts in an arena. The first cell holds, in its second half, the index of
 * the first bucket; the counts follow. All of this is off the fast path, which only increments counts in place.
 */
export class BucketWindow {
  readonly #cells: Float64Array;
  readonly #ints: Int32Array;
  readonly #at: number;
  readonly #size: number;

  constructor(block: Block, at: number, size: number) {
    this.#cells = block.cells;
    this.#ints = block.ints;
    this.#at = at;
    this.#size = size;
  }

  /** Makes the window cover nothing. */
  clear(): void {
    this.base = NO_BASE;
    this.#counts.fill(0);
  }

  /** Replaces all buckets. */
  load(run: BucketRun): void {
    this.clear();
    if (run.counts.length === 0) return;
    this.base = run.offset;
    this.#counts.set(run.counts);
    this.centre(run.offset, run.offset + run.counts.length - 1);
  }

  get base(): number {
    return this.#ints[2 * this.#at + 1]!;
  }

  set base(index: number) {
    this.#ints[2 * this.#at + 1] = index;
  }

  /** Adds one to a bucket the window covers. */
  increment(index: number): void {
    this.#counts[index - this.base]! += 1;
  }

  /** Lowest and highest bucket in use. */
  range(): { low: number; high: number } | undefined {
    if (this.base === NO_BASE) return undefined;
    const counts = this.#counts;
    let low = 0;
    while (low < counts.length && counts[low] === 0) low++;
    if (low === counts.length) return undefined;
    let high = counts.length - 1;
    while (counts[high] === 0) high--;
    return { low: this.base + low, high: this.base + high };
  }

  /** Places the window so that `low` to `high` lie in its middle: room to grow on both sides. */
  centre(low: number, high: number): void {
    const run = this.read();
    this.base = low - ((this.#size - (high - low + 1)) >> 1);
    const counts = this.#counts;
    counts.fill(0);
    if (run.counts.length > 0) counts.set(run.counts, run.offset - this.base);
  }

  /** Merges 2^change neighbours into one bucket each. */
  downscale(change: number): void {
    if (change === 0 || this.base === NO_BASE) return;
    const { base } = this;
    const scaledBase = base >> change;
    const counts = this.#counts;
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i]!;
      counts[i] = 0;
      counts[((base + i) >> change) - scaledBase]! += count;
    }
    this.base = scaledBase;
  }

  /** Copies the buckets in use into a fresh array. */
  read(): BucketRun {
    const range = this.range();
    if (range === undefined) return EMPTY_RUN;
    const { base } = this;
    return { offset: range.low, counts: Array.from(this.#counts.subarray(range.low - base, range.high - base + 1)) };
  }

  get #counts(): Float64Array {
    const from = this.#at + 1;
    return this.#cells.subarray(from, from + this.#size);
  }
}

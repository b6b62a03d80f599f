import type { Page } from '../../arena/arena.ts';
import { copyCells } from '../copy-cells.ts';

/** Consecutive buckets of one sign; `offset` is the index of the first. */
export interface BucketRun {
  readonly offset: number;
  readonly counts: readonly number[];
}

export const EMPTY_RUN: BucketRun = Object.freeze({ offset: 0, counts: Object.freeze([]) });

/** No index of any scale is as low, so a search in an empty window always misses. */
export const NO_BASE: number = -(2 ** 31);

const NOWHERE = { cells: new Float64Array(0), ints: new Int32Array(0) };

/**
 * A window of `size` neighbouring bucket counts in an arena. The first cell holds, in its second half, the index of
 * the first bucket; the counts follow. All of this is off the fast path, which only increments counts in place.
 */
export class BucketWindow {
  readonly #size: number;
  #cells: Float64Array = NOWHERE.cells;
  #ints: Int32Array = NOWHERE.ints;
  #at = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Goes to the window that begins at a cell of a page. */
  moveTo({ cells, ints }: Page, at: number): this {
    this.#cells = cells;
    this.#ints = ints;
    this.#at = at;
    return this;
  }

  /** Makes the window cover nothing. */
  clear(): void {
    this.base = NO_BASE;
    this.#cells.fill(0, this.#at + 1, this.#at + 1 + this.#size);
  }

  /** Replaces all buckets. */
  load(run: BucketRun): void {
    this.clear();
    if (run.counts.length === 0) return;
    this.base = run.offset - ((this.#size - run.counts.length) >> 1);
    this.#cells.set(run.counts, this.#at + 1 + run.offset - this.base);
  }

  get base(): number {
    return this.#ints[2 * this.#at + 1]!;
  }

  set base(index: number) {
    this.#ints[2 * this.#at + 1] = index;
  }

  /** Adds one to a bucket the window covers. */
  increment(index: number): void {
    this.#cells[this.#at + 1 + index - this.base]! += 1;
  }

  /** Lowest and highest bucket in use. */
  range(): { low: number; high: number } | undefined {
    const { base } = this;
    if (base === NO_BASE) return undefined;
    const cells = this.#cells;
    const first = this.#at + 1;
    const end = first + this.#size;
    let low = first;
    while (low < end && cells[low] === 0) low++;
    if (low === end) return undefined;
    let high = end - 1;
    while (cells[high] === 0) high--;
    return { low: base + low - first, high: base + high - first };
  }

  /** Places the window so that `low` to `high` lie in its middle: room to grow on both sides. */
  centre(low: number, high: number): void {
    const run = this.read();
    this.clear();
    this.base = low - ((this.#size - (high - low + 1)) >> 1);
    if (run.counts.length > 0) this.#cells.set(run.counts, this.#at + 1 + run.offset - this.base);
  }

  /** Merges 2^change neighbours into one bucket each. */
  downscale(change: number): void {
    const { base } = this;
    if (change === 0 || base === NO_BASE) return;
    const cells = this.#cells;
    const first = this.#at + 1;
    const scaledBase = base >> change;
    for (let i = 0; i < this.#size; i++) {
      const count = cells[first + i]!;
      cells[first + i] = 0;
      cells[first + ((base + i) >> change) - scaledBase]! += count;
    }
    this.base = scaledBase;
  }

  /** The buckets where they lie. */
  view(): { cells: Float64Array; from: number; length: number; base: number } {
    return { cells: this.#cells, from: this.#at + 1, length: this.#size, base: this.base };
  }

  /** Copies the buckets in use into a fresh array. */
  read(): BucketRun {
    const range = this.range();
    if (range === undefined) return EMPTY_RUN;
    const { low, high } = range;
    return { offset: low, counts: copyCells(this.#cells, this.#at + 1 + low - this.base, high - low + 1) };
  }
}

import { MetricsError } from '../errors.ts';
import { type CountsExports, instantiateKernel } from './compiled.ts';
import { scalarBucketOfKnown, scalarBucketOfRank, scalarMerge, scalarTotal } from './scalar.ts';
import { createSharedMemory, type SharedMemory } from './web-assembly.ts';

const BYTES_PER_CELL = 8;
const PAGE_CELLS = 65_536 / BYTES_PER_CELL;
/** 4 GiB; address space is reserved, memory is not. */
const MOST_PAGES = 65_536;

export interface CountMemoryOptions {
  /** Cells that may be used at first; whole pages of 8,192. Default 8,192. */
  readonly cells?: number;
  /** Most cells it can grow to; up to 2^29. Default 2^29. Only address space is reserved for them. */
  readonly maxCells?: number;
  /** Works in the memory of another thread, as posted by it, instead of new memory. */
  readonly memory?: SharedMemory;
  /** False takes the scalar twin even where SIMD is there; for tests and benchmarks. Default true. */
  readonly simd?: boolean;
}

function pagesOf(cells: number, option: string): number {
  const pages = Math.ceil(cells / PAGE_CELLS);
  if (pages >= 1 && pages <= MOST_PAGES) return pages;
  throw new MetricsError(
    'invalid_option',
    `CountMemory ${option}: ${cells} is not from 1 to ${MOST_PAGES * PAGE_CELLS}`,
  );
}

/**
 * Shared memory of 8-byte cells in which the SIMD kernel works without copying: to move 160 counts into a kernel takes
 * longer than to search them (bench/kernel.bench.js). Positions and lengths are in cells.
 *
 * The counts of a range are whole numbers ≥ 0 with a total below 2^53. Within that the results are the same bit for bit
 * whether SIMD is there or not.
 */
export class CountMemory {
  /** Can be posted to another thread. */
  readonly memory: SharedMemory;
  // Fields rather than the exports object, whose properties are looked up anew on every call.
  readonly #total: CountsExports['totalOfCounts'] | undefined;
  readonly #bucketOfRank: CountsExports['bucketOfRank'] | undefined;
  readonly #fromEnd: CountsExports['bucketOfRankFromEnd'] | undefined;
  readonly #merge: CountsExports['mergeCounts'] | undefined;
  #cells: Float64Array<SharedArrayBuffer>;

  /** Throws `MetricsError` for sizes that cannot be, `RangeError` where the system refuses the address space. */
  constructor(options: CountMemoryOptions = {}) {
    const initial = pagesOf(options.cells ?? 1, 'cells');
    const maximum = pagesOf(options.maxCells ?? MOST_PAGES * PAGE_CELLS, 'maxCells');
    this.memory = options.memory ?? createSharedMemory(initial, maximum);
    const simd = options.simd === false ? undefined : instantiateKernel(this.memory);
    this.#total = simd?.totalOfCounts;
    this.#bucketOfRank = simd?.bucketOfRank;
    this.#fromEnd = simd?.bucketOfRankFromEnd;
    this.#merge = simd?.mergeCounts;
    this.#cells = this.#view();
  }

  /** Whether the SIMD kernel does the work. */
  get isSimd(): boolean {
    return this.#total !== undefined;
  }

  /** All cells. A view taken before the memory grows stays valid for the cells it had. */
  get cells(): Float64Array<SharedArrayBuffer> {
    // Another thread may have grown it; the buffer itself tells, and is another object then.
    if (this.#cells.buffer !== this.memory.buffer) this.#cells = this.#view();
    return this.#cells;
  }

  /** Adds at least `cells` zeroed cells at the end; nothing moves. Throws `RangeError` beyond `maxCells`. */
  grow(cells: number): void {
    this.memory.grow(pagesOf(cells, 'grow'));
    this.#cells = this.#view();
  }

  /** Sum of `length` counts at `at`. */
  total(at: number, length: number): number {
    if (this.#total !== undefined) return this.#total(at * BYTES_PER_CELL, length);
    return scalarTotal(this.#upTo(at + length), at, at + length);
  }

  /**
   * How many of the `length` buckets at `at` lie wholly below `rank`, the 1-based position in ascending order: the
   * position of its bucket within the range; `length` if the counts are fewer than `rank`, 0 if it is ≤ 0. With the
   * `total` of the range, if it is known, the search begins at the nearer end.
   */
  bucketOfRank(at: number, length: number, rank: number, total?: number): number {
    if (total !== undefined && rank > total / 2) return this.#knownBucket(at, length, rank, total);
    if (this.#bucketOfRank !== undefined) return this.#bucketOfRank(at * BYTES_PER_CELL, length, rank);
    return scalarBucketOfRank(this.#upTo(at + length), at, at + length, rank) - at;
  }

  /** Adds the `length` counts at `from` to those at `into`: the same range, or ranges that do not overlap. */
  merge(into: number, from: number, length: number): void {
    if (this.#merge !== undefined) this.#merge(into * BYTES_PER_CELL, from * BYTES_PER_CELL, length);
    else this.#scalarMerge(into, from, length);
  }

  #knownBucket(at: number, length: number, rank: number, total: number): number {
    if (rank > total) return length;
    if (this.#fromEnd !== undefined) return this.#fromEnd(at * BYTES_PER_CELL, length, rank, total);
    return scalarBucketOfKnown(this.#upTo(at + length), at, at + length, rank, total) - at;
  }

  #scalarMerge(into: number, from: number, length: number): void {
    const cells = this.#upTo(Math.max(into, from) + length);
    scalarMerge(cells, into, cells, from, length);
  }

  /** Cells that reach to `end`, without asking for the buffer on every call: that takes as long as a search. */
  #upTo(end: number): Float64Array<SharedArrayBuffer> {
    return end > this.#cells.length ? this.cells : this.#cells;
  }

  #view(): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.memory.buffer);
  }
}

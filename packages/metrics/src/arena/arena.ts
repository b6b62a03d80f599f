/** A run of 8-byte cells; `ints` is the same memory in 32-bit halves: cell `at` is ints `2 * at` and `2 * at + 1`. */
export interface Block {
  readonly cells: Float64Array<SharedArrayBuffer>;
  readonly ints: Int32Array<SharedArrayBuffer>;
  readonly at: number;
  readonly length: number;
}

const BYTES_PER_CELL = 8;
const FIRST_PAGE_CELLS = 512;
const LARGEST_PAGE_CELLS = 8192;

/**
 * Memory of all series of one thread: pages of shared memory that never move, so that a series can hold on to its
 * page, and growing never touches a recording path. One thread writes; any thread may read.
 *
 * ```
 * page 0 (4 KiB)           page 1 (8 KiB)                ... up to 64 KiB
 * ├ block ┼ block ┼ ... ┤  ├ block ┼ block ┼ ...        ┤
 * ```
 */
export class Arena {
  #cells: Float64Array<SharedArrayBuffer> = new Float64Array(new SharedArrayBuffer(0));
  #ints: Int32Array<SharedArrayBuffer> = new Int32Array(this.#cells.buffer);
  #used = 0;
  #pageCells = FIRST_PAGE_CELLS / 2;
  #sizeBytes = 0;
  /** Released blocks by length; a series that is forgotten gives its cells to the next of its kind. */
  readonly #free = new Map<number, Block[]>();
  readonly #intsOf = new Map<SharedArrayBuffer, Int32Array<SharedArrayBuffer>>();

  /** Returns `length` zeroed cells within one page. */
  allocate(length: number): Block {
    const reused = this.#free.get(length)?.pop();
    if (reused) return reused;
    if (this.#used + length > this.#cells.length) this.#addPage(length);
    const at = this.#used;
    this.#used += length;
    return { cells: this.#cells, ints: this.#ints, at, length };
  }

  /** Takes a block back; nothing may write to it any more. */
  release(cells: Float64Array<SharedArrayBuffer>, at: number, length: number): void {
    cells.fill(0, at, at + length);
    const block = { cells, ints: this.#intsOf.get(cells.buffer)!, at, length };
    const blocks = this.#free.get(length);
    if (blocks) blocks.push(block);
    else this.#free.set(length, [block]);
  }

  /** Bytes of shared memory reserved so far. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  #addPage(minimumCells: number): void {
    this.#pageCells = Math.min(this.#pageCells * 2, LARGEST_PAGE_CELLS);
    const cells = Math.max(this.#pageCells, minimumCells);
    const buffer = new SharedArrayBuffer(cells * BYTES_PER_CELL);
    this.#cells = new Float64Array(buffer);
    this.#ints = new Int32Array(buffer);
    this.#intsOf.set(buffer, this.#ints);
    this.#used = 0;
    this.#sizeBytes += buffer.byteLength;
  }
}

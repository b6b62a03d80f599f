/** A stretch of shared memory that never moves; `ints` is the same in 32-bit halves: cell `i` is ints `2i` and `2i + 1`. */
export interface Page {
  readonly cells: Float64Array<SharedArrayBuffer>;
  readonly ints: Int32Array<SharedArrayBuffer>;
}

/** A run of 8-byte cells of a page. */
export interface Block extends Page {
  readonly at: number;
  readonly length: number;
}

const BYTES_PER_CELL = 8;
const FIRST_PAGE_CELLS = 512;
/** An address is the page's number and the cell within the page, of which it has this many bits. */
const CELL_BITS = 13;
const LARGEST_PAGE_CELLS = 2 ** CELL_BITS;

/** The page of an address. */
export function pageNumber(address: number): number {
  return address >>> CELL_BITS;
}

/** The cell of an address within its page. */
export function cellNumber(address: number): number {
  return address & (LARGEST_PAGE_CELLS - 1);
}

/**
 * Memory of all series of one thread: pages of shared memory that never move, so that a handle can hold on to its
 * page, and growing never touches a recording path. One thread writes; any thread may read.
 *
 * ```
 * page 0 (4 KiB)           page 1 (8 KiB)                ... up to 64 KiB
 * ├ block ┼ block ┼ ... ┤  ├ block ┼ block ┼ ...        ┤
 * ```
 *
 * A block is named by the 32-bit address of its first cell: four bytes per series where an object takes fifty. What is
 * larger than a page begins a page of its own.
 */
export class Arena {
  /** By number; grows. */
  readonly pages: Page[] = [];
  #used = 0;
  #pageCells = 0;
  #sizeBytes = 0;
  #revision = 0;
  /** Released blocks by length; a series that is forgotten gives its cells to the next of its kind. */
  readonly #free = new Map<number, number[]>();

  /** Another number after a block has come, gone, or come to stand for another series. */
  get revision(): number {
    return this.#revision;
  }

  /** Something has changed that is known about blocks elsewhere. */
  revise(): void {
    this.#revision += 1;
  }

  /** Returns the address of `length` zeroed cells within one page. */
  allocate(length: number): number {
    this.#revision += 1;
    const reused = this.#free.get(length)?.pop();
    if (reused !== undefined) return reused;
    if (this.#used + length > this.#pageCells) this.#addPage(length);
    const address = ((this.pages.length - 1) << CELL_BITS) | this.#used;
    this.#used += length;
    return address;
  }

  blockAt(address: number, length: number): Block {
    return { ...this.pages[pageNumber(address)]!, at: cellNumber(address), length };
  }

  /** Takes a block back; nothing may write to it any more. */
  release(address: number, length: number): void {
    this.#revision += 1;
    const at = cellNumber(address);
    this.pages[pageNumber(address)]!.cells.fill(0, at, at + length);
    const addresses = this.#free.get(length);
    if (addresses) addresses.push(address);
    else this.#free.set(length, [address]);
  }

  /** Bytes of shared memory reserved so far. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  #addPage(minimumCells: number): void {
    const doubled = Math.min(FIRST_PAGE_CELLS * 2 ** this.pages.length, LARGEST_PAGE_CELLS);
    this.#pageCells = Math.max(doubled, minimumCells);
    const buffer = new SharedArrayBuffer(this.#pageCells * BYTES_PER_CELL);
    this.pages.push({ cells: new Float64Array(buffer), ints: new Int32Array(buffer) });
    this.#used = 0;
    this.#sizeBytes += buffer.byteLength;
  }
}

import { type Arena, cellNumber, pageNumber } from '../../arena/arena.ts';
import { widened } from '../../growth.ts';
import { type BucketRun, EMPTY_RUN, NO_BASE } from './bucket-window.ts';
import type { BucketView } from './exponential-state.ts';

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Largest count of each width; the last takes any. */
const LARGEST: readonly number[] = [2 ** 8 - 1, 2 ** 16 - 1, 2 ** 32 - 1];
const WIDTH_BITS = 2;
/** Counts per cell at the least width, so that a run takes whole cells at every width. */
const COUNTS_PER_CELL = 8;

/** One page, by width: 1, 2, 4 and 8 bytes. */
type PageViews = readonly [Uint8Array, Uint16Array, Uint32Array, Float64Array];

function cellsFor(length: number, width: number): number {
  return 1 + ((length / COUNTS_PER_CELL) << width);
}

/**
 * The buckets of series as one reader was last told of them, one sign. Only those in use are kept, in the least width
 * that holds the largest: 168 bytes for 160 counts below 256, where doubles take 1,280.
 *
 * ```
 * ├ first bucket | length and width ┼ counts, 1 to 8 bytes each ┤
 * ```
 */
export class BucketBaselines {
  readonly #arena: Arena;
  readonly #views: PageViews[] = [];
  /** By ordinal: address of the run + 1, 0 where there is none. */
  #runs = new Int32Array(0);
  /** What was told of the series at hand, aligned with its window. */
  readonly #told: Float64Array;

  /** `size` is the largest number of buckets the window can hold. */
  constructor(arena: Arena, size: number) {
    this.#arena = arena;
    this.#told = new Float64Array(size);
  }

  /** Returns what was added since the last call, and takes it as told; the scale was halved `change` times since. */
  advance(ordinal: number, window: BucketView, change: number): BucketRun {
    const { cells, from, length, base } = window;
    if (base === NO_BASE) return EMPTY_RUN;
    const told = this.#told;
    this.#align(ordinal, base, change);
    let first = 0;
    while (first < length && cells[from + first] === told[first]) first++;
    if (first === length) return EMPTY_RUN;
    let last = length - 1;
    while (cells[from + last] === told[last]) last--;
    const added: number[] = [];
    for (let i = first; i <= last; i++) added.push(cells[from + i]! - told[i]!);
    this.#tell(ordinal, window);
    return { offset: base + first, counts: added };
  }

  forget(ordinal: number): void {
    const run = this.#runOf(ordinal);
    if (run === 0) return;
    const { length, width } = this.#headOf(run);
    this.#arena.release(run - 1, cellsFor(length, width));
    this.#runs[ordinal] = 0;
  }

  #align(ordinal: number, base: number, change: number): void {
    const told = this.#told.fill(0);
    const run = this.#runOf(ordinal);
    if (run === 0) return;
    const { first, length, width } = this.#headOf(run);
    const counts = this.#viewsOf(run)[width]!;
    const at = this.#countsAt(run, width);
    for (let i = 0; i < length; i++) {
      const count = counts[at + i]!;
      // Where nothing was counted the bucket may lie outside the window by now.
      if (count !== 0) told[((first + i) >> change) - base]! += count;
    }
  }

  #tell(ordinal: number, { cells, from, length, base }: BucketView): void {
    let low = 0;
    while (cells[from + low] === 0) low++;
    let high = length - 1;
    while (cells[from + high] === 0) high--;
    let largest = 0;
    for (let i = low; i <= high; i++) largest = Math.max(largest, cells[from + i]!);
    const width = LARGEST.findIndex((limit) => largest <= limit);
    this.#write(ordinal, base + low, { cells, from: from + low, length: high - low + 1 }, width < 0 ? 3 : width);
  }

  #write(
    ordinal: number,
    first: number,
    { cells, from, length }: Pick<BucketView, 'cells' | 'from' | 'length'>,
    width: number,
  ): void {
    const whole = Math.ceil(length / COUNTS_PER_CELL) * COUNTS_PER_CELL;
    const run = this.#place(ordinal, whole, width);
    const head = 2 * cellNumber(run - 1);
    const { ints } = this.#arena.pages[pageNumber(run - 1)]!;
    ints[head] = first;
    ints[head + 1] = (whole << WIDTH_BITS) | width;
    const counts = this.#viewsOf(run)[width]!;
    const at = this.#countsAt(run, width);
    for (let i = 0; i < length; i++) counts[at + i] = cells[from + i]!;
    for (let i = length; i < whole; i++) counts[at + i] = 0;
  }

  /** The run's place if it is as large as it must be, else another. */
  #place(ordinal: number, length: number, width: number): number {
    const run = this.#runOf(ordinal);
    if (run !== 0) {
      const head = this.#headOf(run);
      if (cellsFor(head.length, head.width) === cellsFor(length, width)) return run;
      this.forget(ordinal);
    }
    if (ordinal >= this.#runs.length) this.#runs = widened(this.#runs, ordinal + 1);
    this.#runs[ordinal] = this.#arena.allocate(cellsFor(length, width)) + 1;
    return this.#runs[ordinal]!;
  }

  #runOf(ordinal: number): number {
    return ordinal < this.#runs.length ? this.#runs[ordinal]! : 0;
  }

  #headOf(run: number): { first: number; length: number; width: number } {
    const { ints } = this.#arena.pages[pageNumber(run - 1)]!;
    const head = 2 * cellNumber(run - 1);
    return { first: ints[head]!, length: ints[head + 1]! >> WIDTH_BITS, width: ints[head + 1]! & 3 };
  }

  #countsAt(run: number, width: number): number {
    return (cellNumber(run - 1) + 1) << (3 - width);
  }

  #viewsOf(run: number): readonly Numbers[] {
    const page = pageNumber(run - 1);
    const { cells } = this.#arena.pages[page]!;
    const { buffer } = cells;
    return (this.#views[page] ??= [new Uint8Array(buffer), new Uint16Array(buffer), new Uint32Array(buffer), cells]);
  }
}

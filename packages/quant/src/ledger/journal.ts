import { ENTRY_CELLS, type FillScratch } from './fill-effect.ts';
import type { PositionState } from './position-state.ts';
import { RecentIds } from './recent-ids.ts';

/** Marks the end of a position's list. */
const NONE = -1;

/**
 * The latest fills, funding and borrow payments of all positions, in order of arrival and bounded. What it holds can be
 * corrected: a position is its settled state, which is everything older, followed by its entries here.
 *
 * ```
 * ring      index = that of the id in RecentIds; the oldest entry is settled and overwritten when it is full
 * #next     per entry the next one of the same position, so that a position is replayed without a search
 * ```
 */
export class Journal {
  readonly ids: RecentIds;
  readonly #entries: Float64Array;
  /** Handle of the position of each entry. */
  readonly #handles: Int32Array;
  /** Index of the account of each entry's fee currency. */
  readonly #currencies: Int32Array;
  readonly #next: Int32Array;

  constructor(limit: number) {
    this.ids = new RecentIds(limit);
    this.#entries = new Float64Array(limit * ENTRY_CELLS);
    this.#handles = new Int32Array(limit);
    this.#currencies = new Int32Array(limit);
    this.#next = new Int32Array(limit);
  }

  /** Index of the entry that has to be settled before the next is added, -1 while there is room. */
  get due(): number {
    return this.ids.full ? this.ids.next : NONE;
  }

  handle(index: number): number {
    return this.#handles[index] as number;
  }

  currency(index: number): number {
    return this.#currencies[index] as number;
  }

  /** The next entry of the same position, -1 after the last. */
  following(index: number): number {
    return this.#next[index] as number;
  }

  /** Takes the oldest entry, which is the first of its position, off that position's list. */
  drop(index: number, position: PositionState): void {
    position.firstEntry = this.following(index);
    if (position.firstEntry === NONE) position.lastEntry = NONE;
  }

  /** Adds what the scratch holds. The entry that is {@link due} must have been dropped. */
  add(scope: number, id: string, position: PositionState, entry: FillScratch, currency: number): void {
    const index = this.ids.next;
    this.ids.add(scope, id);
    this.write(index, entry.cells, currency);
    this.#handles[index] = position.handle;
    this.#next[index] = NONE;
    if (position.lastEntry === NONE) position.firstEntry = index;
    else this.#next[position.lastEntry] = index;
    position.lastEntry = index;
  }

  write(index: number, cells: Float64Array, currency: number): void {
    const to = index * ENTRY_CELLS;
    for (let cell = 0; cell < ENTRY_CELLS; cell++) this.#entries[to + cell] = cells[cell] as number;
    this.#currencies[index] = currency;
  }

  /** Copies an entry into the first cells of a scratch. */
  read(index: number, cells: Float64Array): void {
    const from = index * ENTRY_CELLS;
    for (let cell = 0; cell < ENTRY_CELLS; cell++) cells[cell] = this.#entries[from + cell] as number;
  }

  /** Indices of the entries, oldest first. */
  *indices(): Generator<number> {
    const { size, next, full } = this.ids;
    const first = full ? next : 0;
    for (let at = 0; at < size; at++) yield (first + at) % size;
  }
}

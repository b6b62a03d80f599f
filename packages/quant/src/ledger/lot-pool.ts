import { positiveInteger } from '../errors.ts';
import { addToSum, sumAt } from '../number/cell-table.ts';
import { LOT_COST, LOT_COUNT, LOT_NEWEST, LOT_OLDEST } from './position-cells.ts';

// Cells of a lot.
/** Unsigned. */
const QUANTITY = 0;
const VALUE = 1;
const OPEN_TIME_MS = 2;
/** Fees that its fill paid, less those of what was closed of it. */
const COSTS = 3;
const STRIDE = 4;
/** Numbers per lot in what {@link LotPool.write} writes. */
export const LOT_CELLS: number = STRIDE;

/**
 * Open lots of all positions: per position a deque, linked through a pool that is shared and bounded.
 *
 * ```
 * position:  oldest → … → newest        #newer / #older link them, 0 ends a list; indices are 1, 2, 3, …
 * free:      #free → …                  through #newer
 * ```
 *
 * When the pool is full, a new lot is merged with the one of its position that will be matched last but one or last, at
 * their mean value: cost, and with it P&L over the whole trade, stay exact, and only how it splits over partial closes
 * becomes approximate.
 */
export class LotPool {
  readonly #limit: number;
  readonly #fifo: boolean;
  #cells = new Float64Array(STRIDE * 64);
  #newer = new Int32Array(64);
  #older = new Int32Array(64);
  #free = 0;
  #made = 0;
  #used = 0;
  #merged = 0;
  // Operands of one call: doubles in an array are not boxed.
  readonly #taken = new Float64Array(2);
  readonly #cost = new Float64Array(1);

  constructor(limit: number, fifo: boolean) {
    this.#limit = positiveInteger('lotLimit', limit);
    this.#fifo = fifo;
  }

  /** Lots merged because the pool was full. */
  get merged(): number {
    return this.#merged;
  }

  set merged(count: number) {
    this.#merged = count;
  }

  /** Lots in use, of all positions. */
  get used(): number {
    return this.#used;
  }

  /** The lot of a position that is matched next, 0 when there is none. */
  first(cells: Float64Array, at: number): number {
    return cells[at + (this.#fifo ? LOT_OLDEST : LOT_NEWEST)] as number;
  }

  /** The oldest lot of a position, 0 when there is none. */
  oldest(cells: Float64Array, at: number): number {
    return cells[at + LOT_OLDEST] as number;
  }

  /** The next newer lot, 0 at the end. */
  newer(lot: number): number {
    return this.#newer[lot] as number;
  }

  quantity(lot: number): number {
    return this.#cells[lot * STRIDE + QUANTITY] as number;
  }

  value(lot: number): number {
    return this.#cells[lot * STRIDE + VALUE] as number;
  }

  openTimeMs(lot: number): number {
    return this.#cells[lot * STRIDE + OPEN_TIME_MS] as number;
  }

  costs(lot: number): number {
    return this.#cells[lot * STRIDE + COSTS] as number;
  }

  /** Opens a lot with what `values` says from `from` on: quantity, unit value, time, costs. */
  open(cells: Float64Array, at: number, values: Float64Array, from: number): void {
    this.#addCost(cells, at, values, from);
    if (this.#used >= this.#limit && (cells[at + LOT_COUNT] as number) > 0) {
      this.#merged++;
      if (this.#fifo || cells[at + LOT_COUNT] === 1) {
        this.#mergeInto(cells[at + LOT_NEWEST] as number, values, from);
        return;
      }
      const oldest = cells[at + LOT_OLDEST] as number;
      const next = this.#newer[oldest] as number;
      this.#mergeInto(next, this.#cells, oldest * STRIDE);
      this.#unlink(cells, at, oldest);
    }
    this.#append(cells, at, values, from);
  }

  /** Takes `quantity` out of a lot, with its share of the costs; a lot that is used up is removed. */
  take(cells: Float64Array, at: number, lot: number, quantity: number, wholly: boolean): void {
    const own = this.#cells;
    const from = lot * STRIDE;
    this.#taken[0] = -quantity;
    this.#taken[1] = own[from + VALUE] as number;
    this.#addCost(cells, at, this.#taken, 0);
    if (wholly) {
      this.#unlink(cells, at, lot);
      return;
    }
    const share = quantity / (own[from + QUANTITY] as number);
    own[from + COSTS] = (own[from + COSTS] as number) * (1 - share);
    own[from + QUANTITY] = (own[from + QUANTITY] as number) - quantity;
  }

  /** Cost of a position's open lots. */
  cost(cells: Float64Array, at: number): number {
    return sumAt(cells, at + LOT_COST);
  }

  /** Removes all lots of a position. */
  clear(cells: Float64Array, at: number): void {
    for (let lot = cells[at + LOT_OLDEST] as number; lot !== 0;) {
      const next = this.#newer[lot] as number;
      this.#release(lot);
      lot = next;
    }
    cells[at + LOT_OLDEST] = 0;
    cells[at + LOT_NEWEST] = 0;
    cells[at + LOT_COUNT] = 0;
    cells[at + LOT_COST] = 0;
    cells[at + LOT_COST + 1] = 0;
  }

  /** Gives a position copies of the lots that start at `oldest`; its own list must be empty. Cost is left as it is. */
  copy(cells: Float64Array, at: number, oldest: number): void {
    cells[at + LOT_OLDEST] = 0;
    cells[at + LOT_NEWEST] = 0;
    cells[at + LOT_COUNT] = 0;
    for (let lot = oldest; lot !== 0; lot = this.#newer[lot] as number)
      this.#append(cells, at, this.#cells, lot * STRIDE);
  }

  /** Writes the lots of a position, oldest first, four numbers each. */
  write(cells: Float64Array, at: number, output: number[]): void {
    for (let lot = cells[at + LOT_OLDEST] as number; lot !== 0; lot = this.#newer[lot] as number) {
      for (let cell = 0; cell < STRIDE; cell++) output.push(this.#cells[lot * STRIDE + cell] as number);
    }
  }

  /** Reads `count` lots written by {@link write} from `values[from]` on. */
  read(cells: Float64Array, at: number, values: Float64Array, from: number, count: number): void {
    cells[at + LOT_OLDEST] = 0;
    cells[at + LOT_NEWEST] = 0;
    cells[at + LOT_COUNT] = 0;
    for (let lot = 0; lot < count; lot++) this.#append(cells, at, values, from + lot * STRIDE);
  }

  #append(cells: Float64Array, at: number, values: Float64Array, from: number): void {
    const lot = this.#allocate();
    const newest = cells[at + LOT_NEWEST] as number;
    for (let cell = 0; cell < STRIDE; cell++) this.#cells[lot * STRIDE + cell] = values[from + cell] as number;
    this.#older[lot] = newest;
    this.#newer[lot] = 0;
    if (newest === 0) cells[at + LOT_OLDEST] = lot;
    else this.#newer[newest] = lot;
    cells[at + LOT_NEWEST] = lot;
    cells[at + LOT_COUNT] = (cells[at + LOT_COUNT] as number) + 1;
  }

  #addCost(cells: Float64Array, at: number, values: Float64Array, from: number): void {
    this.#cost[0] = (values[from + QUANTITY] as number) * (values[from + VALUE] as number);
    addToSum(cells, at + LOT_COST, this.#cost, 0);
  }

  #mergeInto(lot: number, values: Float64Array, from: number): void {
    const own = this.#cells;
    const to = lot * STRIDE;
    const quantity = own[to + QUANTITY] as number;
    const added = values[from + QUANTITY] as number;
    own[to + QUANTITY] = quantity + added;
    own[to + VALUE] =
      ((own[to + VALUE] as number) * quantity + (values[from + VALUE] as number) * added) / (quantity + added);
    own[to + COSTS] = (own[to + COSTS] as number) + (values[from + COSTS] as number);
  }

  #unlink(cells: Float64Array, at: number, lot: number): void {
    const older = this.#older[lot] as number;
    const newer = this.#newer[lot] as number;
    if (older === 0) cells[at + LOT_OLDEST] = newer;
    else this.#newer[older] = newer;
    if (newer === 0) cells[at + LOT_NEWEST] = older;
    else this.#older[newer] = older;
    cells[at + LOT_COUNT] = (cells[at + LOT_COUNT] as number) - 1;
    this.#release(lot);
  }

  #release(lot: number): void {
    this.#newer[lot] = this.#free;
    this.#free = lot;
    this.#used--;
  }

  #allocate(): number {
    this.#used++;
    if (this.#free !== 0) {
      const lot = this.#free;
      this.#free = this.#newer[lot] as number;
      return lot;
    }
    const lot = ++this.#made;
    if (lot === this.#newer.length) this.#grow();
    return lot;
  }

  #grow(): void {
    const size = this.#newer.length * 2;
    const cells = new Float64Array(STRIDE * size);
    const newer = new Int32Array(size);
    const older = new Int32Array(size);
    cells.set(this.#cells);
    newer.set(this.#newer);
    older.set(this.#older);
    this.#cells = cells;
    this.#newer = newer;
    this.#older = older;
  }
}

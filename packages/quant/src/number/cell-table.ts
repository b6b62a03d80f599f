/**
 * Doubles of many records of one kind in one growing `Float64Array`, so that an event touches two or three cache
 * lines and stores doubles in place. A record is the offset of its first cell; `cells` is replaced when the table
 * grows, so read it anew for each event.
 */
export class CellTable {
  cells: Float64Array;
  readonly #stride: number;
  #used = 0;

  constructor(stride: number) {
    this.#stride = stride;
    this.cells = new Float64Array(stride * 16);
  }

  /** Returns the offset of a new record whose cells are 0. */
  allocate(): number {
    const at = this.#used;
    this.#used += this.#stride;
    if (this.#used > this.cells.length) {
      const grown = new Float64Array(this.cells.length * 2);
      grown.set(this.cells);
      this.cells = grown;
    }
    return at;
  }
}

/**
 * Adds `values[from]` to the compensated sum kept in `cells[at]` and `cells[at + 1]`, with the arithmetic of
 * `NeumaierSum`. On the event path doubles stay in arrays: one that is passed to a function, or returned by it, is
 * boxed on the heap (16 bytes) wherever the engine does not inline the call.
 */
export function addToSum(cells: Float64Array, at: number, values: Float64Array, from: number): void {
  const value = values[from] as number;
  const sum = cells[at] as number;
  const next = sum + value;
  const lost = Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
  cells[at] = next;
  cells[at + 1] = (cells[at + 1] as number) + lost;
}

/** Takes `values[from]` away from a compensated sum; see {@link addToSum}. */
export function takeFromSum(cells: Float64Array, at: number, values: Float64Array, from: number): void {
  const value = -(values[from] as number);
  const sum = cells[at] as number;
  const next = sum + value;
  const lost = Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
  cells[at] = next;
  cells[at + 1] = (cells[at + 1] as number) + lost;
}

/** Value of a compensated sum kept in two cells. */
export function sumAt(cells: Float64Array, at: number): number {
  return (cells[at] as number) + (cells[at + 1] as number);
}

/** Makes a compensated sum kept in two cells zero. */
export function clearSum(cells: Float64Array, at: number): void {
  cells[at] = 0;
  cells[at + 1] = 0;
}

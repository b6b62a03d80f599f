const TICK_MS = 250;
const CAPACITY = 14_400;

/** The course of many values for a heat map: four columns a second for an hour, 58 KB a row, rows bounded by the caller. */
export class RateRows {
  readonly #rows: Map<string, Float32Array> = new Map();
  #newest = -1;

  /** Number of the column a time falls into. */
  columnOf(timeMs: number): number {
    return Math.floor(timeMs / TICK_MS);
  }

  /** Whether a new column is due. */
  due(timeMs: number): boolean {
    return this.columnOf(timeMs) > this.#newest;
  }

  /** Takes the values of now over; columns since the last are filled with them. */
  add(timeMs: number, values: ReadonlyMap<string, number>): void {
    const column = this.columnOf(timeMs);
    const from = this.#newest < 0 ? column : Math.max(this.#newest + 1, column - CAPACITY + 1);
    for (const [key, value] of values) {
      let row = this.#rows.get(key);
      if (row === undefined) {
        row = new Float32Array(CAPACITY).fill(NaN);
        this.#rows.set(key, row);
      }
      for (let at = from; at <= column; at++) row[at % CAPACITY] = value;
    }
    for (const [key, row] of this.#rows) {
      if (!values.has(key)) for (let at = from; at <= column; at++) row[at % CAPACITY] = NaN;
    }
    this.#newest = Math.max(this.#newest, column);
  }

  /** Largest value of a row between two columns, both included; `NaN` when there is none. */
  largest(key: string, from: number, to: number): number {
    const row = this.#rows.get(key);
    let most = NaN;
    if (row === undefined) return most;
    for (let at = Math.max(0, from, this.#newest - CAPACITY + 1); at <= Math.min(to, this.#newest); at++) {
      const value = row[at % CAPACITY] as number;
      if (!(value <= most)) most = Number.isNaN(value) ? most : value;
    }
    return most;
  }
}

import { type SeriesTable, UpdateRows } from '@nanometer/live/parts';
import { ROWS_MOST } from '../ring/ring-memory.ts';
import type { RingWriter } from '../ring/ring-writer.ts';
import { IdQueue } from './id-queue.ts';

const ROW_BYTES = 20;

/**
 * Rows on their way to the ring: each of them in order, or, while it conflates, the series that changed, whose last value is read
 * when there is room. Never both, so a value cannot be overtaken by an older one.
 */
export class OutgoingRows {
  readonly #table: SeriesTable;
  readonly #rows = new UpdateRows();
  /** Rows of `#rows` that the ring has. */
  #sent = 0;
  readonly #changed = new IdQueue();
  readonly #ids = new Uint32Array(ROWS_MOST);
  readonly #times = new Float64Array(ROWS_MOST);
  readonly #values = new Float64Array(ROWS_MOST);
  /** Rows for which a later one of their series stood in. */
  conflated = 0;

  constructor(table: SeriesTable) {
    this.#table = table;
  }

  get size(): number {
    return this.#rows.size - this.#sent + this.#changed.size;
  }

  get bytes(): number {
    return ROW_BYTES * this.size;
  }

  get isConflating(): boolean {
    return this.#changed.size > 0;
  }

  /** Takes a row that the table has already. */
  push(id: number, timeMs: number, value: number): void {
    if (this.#changed.size === 0) this.#rows.push(id, timeMs, value);
    else if (!this.#changed.add(id)) this.conflated += 1;
  }

  /** Takes the last value of a series, whatever it is when there is room. */
  pushLatest(id: number): void {
    this.conflate();
    this.#changed.add(id);
  }

  /** From now on, and for what waits, the last value of each series will do. */
  conflate(): void {
    const { ids, size } = this.#rows;
    for (let row = this.#sent; row < size; row++) if (!this.#changed.add(ids[row]!)) this.conflated += 1;
    this.#rows.clear();
    this.#sent = 0;
  }

  /** From now on every row counts; call it before the table has the next one. */
  keepEvery(): void {
    const { values, times } = this.#table;
    for (let place = 0; place < this.#changed.size; place++) {
      const id = this.#changed.at(place);
      this.#rows.push(id, times[id]!, values[id]!);
    }
    this.#changed.clear();
  }

  clear(): void {
    this.#rows.clear();
    this.#sent = 0;
    this.#changed.clear();
  }

  /** Writes what the ring takes; whether that was all. */
  writeTo(ring: RingWriter): boolean {
    while (this.#changed.size > 0) {
      const count = this.#gather();
      if (ring.rows(this.#ids, this.#times, this.#values, 0, count) === 0) return false;
      this.#changed.drop(count);
    }
    const { ids, times, values, size } = this.#rows;
    while (this.#sent < size) {
      const count = ring.rows(ids, times, values, this.#sent, size - this.#sent);
      if (count === 0) return false;
      this.#sent += count;
    }
    this.#rows.clear();
    this.#sent = 0;
    return true;
  }

  #gather(): number {
    const { values, times } = this.#table;
    const count = Math.min(this.#changed.size, ROWS_MOST);
    for (let row = 0; row < count; row++) {
      const id = this.#changed.at(row);
      this.#ids[row] = id;
      this.#times[row] = times[id]!;
      this.#values[row] = values[id]!;
    }
    return count;
  }
}

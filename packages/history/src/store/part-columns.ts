import { BucketWriter } from '../rollup/bucket-bytes.ts';
import type { Part } from '../series/series-recorder.ts';

/**
 * Parts on their way to the worker: a row of numbers each, and the buckets of all in one piece. NaN in a row is what SQL calls
 * NULL; no value of a rollup is NaN.
 */
export const COLUMN = {
  id: 0,
  minute: 1,
  count: 2,
  min: 3,
  max: 4,
  sum: 5,
  last: 6,
  lastSum: 7,
  lastMs: 8,
  startMs: 9,
  timeMs: 10,
  total: 11,
  totalSum: 12,
  /** Bytes of the part's buckets, then of the stream's; 0 for none. */
  partBytes: 13,
  stateBytes: 14,
} as const;
export const COLUMN_COUNT = 15;

/** Rows of one message. */
export interface PartRows {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly buckets: Uint8Array<ArrayBuffer>;
}

/** Fills rows until they are taken. */
export class PartWriter {
  readonly #buckets = new BucketWriter();
  #numbers: Float64Array<ArrayBuffer>;
  #count = 0;

  readonly rowCount: number;

  constructor(rowCount: number) {
    this.rowCount = rowCount;
    this.#numbers = new Float64Array(rowCount * COLUMN_COUNT);
  }

  get isFull(): boolean {
    return this.#count === this.rowCount;
  }

  get count(): number {
    return this.#count;
  }

  add({ recorder, minute, rollup, state }: Part): void {
    const row = this.#numbers;
    const at = this.#count++ * COLUMN_COUNT;
    row[at + COLUMN.id] = recorder.id;
    row[at + COLUMN.minute] = minute;
    row[at + COLUMN.count] = rollup.count;
    row[at + COLUMN.min] = rollup.min ?? Number.NaN;
    row[at + COLUMN.max] = rollup.max ?? Number.NaN;
    row[at + COLUMN.sum] = rollup.sum ?? Number.NaN;
    row[at + COLUMN.last] = rollup.last;
    row[at + COLUMN.lastSum] = rollup.lastSum ?? Number.NaN;
    row[at + COLUMN.lastMs] = rollup.lastMs;
    row[at + COLUMN.startMs] = state.startMs;
    row[at + COLUMN.timeMs] = state.timeMs;
    row[at + COLUMN.total] = state.total;
    row[at + COLUMN.totalSum] = state.totalSum ?? Number.NaN;
    const before = this.#buckets.length;
    if (rollup.buckets !== undefined) this.#buckets.write(rollup.buckets);
    const between = this.#buckets.length;
    if (state.buckets !== undefined) this.#buckets.write(state.buckets);
    row[at + COLUMN.partBytes] = between - before;
    row[at + COLUMN.stateBytes] = this.#buckets.length - between;
  }

  take(): PartRows {
    const numbers = this.#numbers.slice(0, this.#count * COLUMN_COUNT);
    this.#count = 0;
    return { numbers, buckets: this.#buckets.take() };
  }
}

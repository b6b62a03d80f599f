import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { sumOfDistributions } from '@nanometer/exporter-statsd';
import { BucketWriter, readBuckets } from '../rollup/bucket-bytes.ts';
import { COLUMN, COLUMN_COUNT, type PartRows } from './part-columns.ts';
import { ADD_SERIES, KEEP_STATE, MERGE_PART } from './schema.ts';

/** A series as it stands in its row: id, identity, name, description. */
export type SeriesRow = readonly [number, string, string, string];

const MINUTES_PER_HOUR = 60;

/** Merges parts into minutes and hours, one transaction from the first row to `commit`. */
export class RollupWriter {
  readonly #database: DatabaseSync;
  readonly #addSeries: StatementSync;
  readonly #keepState: StatementSync;
  readonly #mergeMinute: StatementSync;
  readonly #mergeHour: StatementSync;
  #failure: unknown;
  #isOpen = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const writer = new BucketWriter();
    database.function('sum_of_buckets', { deterministic: true }, (a, b) => {
      writer.write(sumOfDistributions(readBuckets(a as Uint8Array), readBuckets(b as Uint8Array)));
      return writer.take();
    });
    this.#addSeries = database.prepare(ADD_SERIES);
    this.#keepState = database.prepare(KEEP_STATE);
    this.#mergeMinute = database.prepare(MERGE_PART.replace(':', 'minute'));
    this.#mergeHour = database.prepare(MERGE_PART.replace(':', 'hour'));
  }

  /** Takes rows into the transaction. After a failure nothing more is taken until {@link commit} has told of it. */
  take(series: readonly SeriesRow[], rows: PartRows): void {
    if (this.#failure !== undefined) return;
    try {
      if (!this.#isOpen) this.#database.exec('BEGIN IMMEDIATE');
      this.#isOpen = true;
      for (const row of series) this.#addSeries.run(...row);
      this.#takeRows(rows);
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Throws what went wrong since the last commit, and then keeps none of it. */
  commit(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    try {
      if (failure !== undefined) throw failure;
      if (wasOpen) this.#database.exec('COMMIT');
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #takeRows({ numbers, buckets }: PartRows): void {
    let from = 0;
    for (let at = 0; at < numbers.length; at += COLUMN_COUNT) {
      const number = (column: number): number | null => {
        const value = numbers[at + column]!;
        return Number.isFinite(value) ? value : null;
      };
      const bytes = (length: number): Uint8Array | null => {
        from += length;
        return length === 0 ? null : buckets.subarray(from - length, from);
      };
      const id = numbers[at + COLUMN.id]!;
      const minute = numbers[at + COLUMN.minute]!;
      const part = [
        numbers[at + COLUMN.count]!,
        number(COLUMN.min),
        number(COLUMN.max),
        number(COLUMN.sum),
        numbers[at + COLUMN.last]!,
        number(COLUMN.lastSum),
        numbers[at + COLUMN.lastMs]!,
        bytes(numbers[at + COLUMN.partBytes]!),
      ] as const;
      this.#mergeMinute.run(id, minute, ...part);
      this.#mergeHour.run(id, Math.floor(minute / MINUTES_PER_HOUR), ...part);
      this.#keepState.run(
        number(COLUMN.startMs),
        number(COLUMN.timeMs),
        number(COLUMN.total),
        number(COLUMN.totalSum),
        bytes(numbers[at + COLUMN.stateBytes]!),
        id,
      );
    }
  }
}

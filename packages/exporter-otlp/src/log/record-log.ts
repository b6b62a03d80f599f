import type { LogRecord } from './record-format.ts';

/** Why points left a log undelivered. */
export type LogDropCause = 'queue_full' | 'log_corrupt';

/** Told what a log does by itself. */
export interface LogListener {
  /** There is more to read. */
  onAppended(): void;
  onDropped(cause: LogDropCause, points: number): void;
  /** Points that were found at the opening. */
  onRecovered(points: number): void;
  /** An fsync took so long. */
  onSynced(seconds: number): void;
  /** Something went wrong that no caller waits for; the log goes on. */
  onProblem(what: string, error: unknown): void;
}

/** Where to read on. Opaque to readers. */
export interface LogPosition {
  /** The last sequence number before this place. */
  readonly after: number;
  readonly segment: number;
  readonly offset: number;
}

/** Records in order. `from` to `to` covers what could not be read, too. */
export interface LogBatch {
  readonly from: number;
  readonly to: number;
  readonly records: readonly LogRecord[];
  readonly start: LogPosition;
  readonly next: LogPosition;
}

/** What a log holds: appended and not settled. */
export interface Holdings {
  readonly points: number;
  readonly records: number;
  /** On disk or in memory, headers and what is settled but not deleted yet included. */
  readonly bytes: number;
  /** Unix milliseconds of the oldest record held. */
  readonly oldestMs: number | undefined;
}

/** What to do with a record for which there is no room. */
export type FullPolicy = 'block' | 'drop-oldest' | 'drop-newest';
export const FULL_POLICIES: readonly FullPolicy[] = ['block', 'drop-oldest', 'drop-newest'];

/** A queue of records that are kept until they are settled. */
export interface RecordLog {
  readonly holdings: Holdings;
  /** Sequence number of the last record. */
  readonly last: number;
  /** Makes it ready; takes over what an earlier process left. @throws OtlpError */
  open(): Promise<void>;
  /**
   * Resolves when the record is as durable as the log makes it. Rejects with `QUEUE_FULL`, `WRITE_FAILED` or `CLOSED`,
   * and then the record is not in the log.
   */
  append(payload: Uint8Array, points: number): Promise<void>;
  /** The place of the oldest record held. */
  start(): LogPosition;
  /** The place of the next record to come. */
  end(): LogPosition;
  /** The next records up to `until`: as many as fit `maxBytes`, at least one; `undefined` when there is none yet. */
  read(position: LogPosition, maxBytes: number, until: number): Promise<LogBatch | undefined>;
  /** The batch needs no more keeping. Returns the points that had not been settled before. */
  settle(batch: LogBatch): number;
  /** Waits for what is under way and closes. What is held stays on disk, and goes from memory. */
  close(): Promise<void>;
}

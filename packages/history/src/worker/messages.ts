import type { RollupQuestion, SeriesQuestion } from '../query/question.ts';
import type { HistoryErrorCode } from '../errors.ts';
import type { Evictions } from '../store/evictor.ts';
import type { PartRows } from '../store/part-columns.ts';
import type { KeptSeries } from '../store/rollup-reader.ts';
import type { SeriesRow } from '../store/rollup-writer.ts';

/** What the worker is started with. */
export interface WorkerOrder {
  readonly path: string;
  readonly minuteDays: number;
  readonly hourDays: number;
  readonly sizeLimitBytes: number;
  readonly answerPointLimit: number;
  readonly answerSeriesLimit: number;
  readonly nowMs: number;
}

/** A series whose minutes a live stream wants, under its own number. */
export interface MinutesWanted {
  readonly id: number;
  readonly identity: string;
  readonly field: string;
}

/** What the worker is asked; each is answered, but `rows`. */
export type WorkerRequest =
  | { readonly kind: 'rows'; readonly series: readonly SeriesRow[]; readonly rows: PartRows }
  | { readonly kind: 'commit'; readonly nowMs: number }
  | { readonly kind: 'rollups'; readonly question: RollupQuestion; readonly name: string }
  | { readonly kind: 'series'; readonly question: SeriesQuestion }
  | {
      readonly kind: 'minutes';
      readonly wanted: readonly MinutesWanted[];
      readonly afterMs: number;
      readonly untilMs: number;
      readonly rowsLimit: number;
    }
  | { readonly kind: 'close' };

/** After a commit. */
export interface Committed {
  readonly sizeBytes: number;
  readonly evicted: Evictions;
  /** Series let go; they are new when they come again. */
  readonly seriesGone: readonly number[];
  /** Unix milliseconds before which minutes were let go for their size. */
  readonly minutesFromMs: number;
  /** Unix milliseconds of the file's first minute. */
  readonly beganMs: number;
}

/** Columns of equal length; absent when a part of what was asked for is not there. */
export interface MinuteColumns {
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly timesMs: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/** What the worker says. `body` is JSON as bytes: to make it on the main thread would keep that one busy. */
export type WorkerReply =
  | { readonly kind: 'kept'; readonly series: readonly KeptSeries[] }
  | { readonly kind: 'ready'; readonly committed: Committed }
  | { readonly kind: 'committed'; readonly committed: Committed }
  | { readonly kind: 'body'; readonly body: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'minutes'; readonly columns: MinuteColumns | undefined }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly code: HistoryErrorCode | undefined; readonly message: string };

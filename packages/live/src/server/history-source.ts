import type { LiveSeries } from '../protocol/series.ts';

/** What a subscriber missed while it was away. */
export interface HistoryRequest {
  /** Series that its subscription matches now; ids are of this life of the server. */
  readonly series: readonly LiveSeries[];
  /** Unix milliseconds of the last row it has; wanted are rows after it. */
  readonly afterMs: number;
  /** Unix milliseconds up to which, inclusive, rows are wanted. */
  readonly untilMs: number;
  /** Most rows wanted; with more the answer should be `undefined`. */
  readonly rowsLimit: number;
}

/** Rows in order of time, in columns of equal length. */
export interface HistoryRows {
  /** Ids as in the request's `series`. */
  readonly ids: Uint32Array;
  /** Unix milliseconds. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Where a server finds what its rings no longer hold. */
export interface HistorySource {
  /**
   * Rows of the gap, as fine as they are kept; `undefined` when a part of it is not there. A rejection, or no answer
   * within `historyTimeoutMs`, counts as `undefined`.
   */
  read(request: HistoryRequest): Promise<HistoryRows | undefined>;
}

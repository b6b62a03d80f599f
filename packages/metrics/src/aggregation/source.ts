/** What readers read: one series, or that series together with its counterparts in other threads. */
export interface Source<State> {
  /** Position within its storage; readers keep their baselines under it. */
  readonly ordinal: number;
  /** Number of records so far. */
  readonly updates: number;
  /** Unix milliseconds. */
  readonly startTimeMillis: number;
  /** Whether other threads record into it, now or before. */
  readonly isShared: boolean;
  /** Copies the aggregated state. */
  snapshot(): State;
}

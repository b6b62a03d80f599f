/** Records entered a stage. */
export interface IngestEvent {
  readonly stage: string;
  /** A whole number ≥ 0. */
  readonly records: number;
}

/** A stage finished a batch. */
export interface ProcessedEvent {
  readonly stage: string;
  /** A whole number ≥ 0. */
  readonly records: number;
  /** Seconds for the whole batch, finite and ≥ 0. */
  readonly durationSeconds: number;
}

/** The size of the queue in front of a stage. */
export interface QueueSizeEvent {
  readonly stage: string;
  /** A whole number ≥ 0. */
  readonly size: number;
}

/** A stage failed. */
export interface ErrorEvent {
  readonly stage: string;
  /** Low-cardinality class of the failure, as `TypeError` or `ECONNRESET`; never the message text. */
  readonly errorType: string;
}

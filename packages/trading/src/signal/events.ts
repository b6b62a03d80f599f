/** A strategy's opinion of a market at a moment. Times are Unix milliseconds on the desk's own clock. */
export interface SignalEvent {
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  /** Low-cardinality name, such as `momentum`. */
  readonly signal: string;
  /** Finite; above 0 the market is expected to rise, below 0 to fall. */
  readonly value: number;
  /** How sure it is, ≥ 0; the size of the value by default. */
  readonly strength?: number | undefined;
  readonly timeMs: number;
}

/** What became of a signal. Everything but `applied` is counted in `trading.event.dropped`. */
export type SignalResult =
  | 'applied'
  | 'invalid_event'
  | 'invalid_strategy'
  | 'invalid_exchange'
  | 'invalid_symbol'
  | 'invalid_signal'
  | 'invalid_value'
  | 'invalid_time'
  | 'series_limit';

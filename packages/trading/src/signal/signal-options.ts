import type { IndicatorSpec } from '@nanometer/quant';

/** How signals are scored. */
export interface SignalOptions {
  /** Times after a signal at which the market is looked at, in milliseconds; 1, 10, 60 and 300 seconds by default. */
  readonly horizonsMs?: readonly number[] | undefined;
  /** Latest outcomes behind hit rate and information coefficient; 500 by default. */
  readonly window?: number | undefined;
  /** Fewest outcomes of a ratio; 30 by default. */
  readonly minimumCount?: number | undefined;
  /** Most signals of a market that wait for their horizons; 4,096 by default. Further ones are counted but not scored. */
  readonly pendingLimit?: number | undefined;
  /** Most combinations of strategy, market and signal; 4,096 by default. Signals of one more are dropped. */
  readonly seriesLimit?: number | undefined;
}

/** What bars are made of. */
export type BarSource = 'mark' | 'quote' | 'trade';

/** Indicators of every market that has prices. */
export interface IndicatorOptions {
  /** Length of a bar in milliseconds. */
  readonly periodMs: number;
  readonly indicators: readonly IndicatorSpec[];
  /** `mark` by default: bars of `onMark`; `quote`: of mids; both without volume. `trade`: of `onMarketTrade` with times. */
  readonly source?: BarSource | undefined;
  /** Most markets; 256 by default. Prices of one more make no bars and are counted as `market_limit`. */
  readonly marketLimit?: number | undefined;
}

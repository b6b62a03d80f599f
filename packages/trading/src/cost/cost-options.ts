import type { FeeTier } from '@nanometer/quant';

/** What costs are judged by; amounts are in the reporting currency. */
export interface CostOptions {
  /** Fee tiers by exchange. */
  readonly schedules?: Readonly<Record<string, readonly FeeTier[]>> | undefined;
  /** Days of the volume that tiers are measured by; 30 by default. */
  readonly volumeDays?: number | undefined;
  /** Share of what was taken that would have filled as maker, 0 to 1; 0.5 by default. */
  readonly makerFillProbability?: number | undefined;
  /** Most exchanges, and most strategies; 1,024 by default. Fills of one more are in no cost, counted as `cost_limit`. */
  readonly limit?: number | undefined;
}

/** A bill of infrastructure, to be divided among strategies by what they used. */
export interface BillEvent {
  /** In the reporting currency, ≥ 0. */
  readonly amount: number;
  /** What each strategy used of the driver: CPU milliseconds, messages or orders. */
  readonly usage: Readonly<Record<string, number>>;
  /** What there was of the driver; what nobody used stays unallocated. Without it the bill is divided by use alone. */
  readonly capacity?: number | undefined;
}

/** What became of a bill. Everything but `applied` is counted in `trading.event.dropped`. */
export type BillResult =
  'applied' | 'costs_disabled' | 'invalid_event' | 'invalid_amount' | 'invalid_strategy' | 'strategy_limit';

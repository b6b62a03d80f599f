import { DropCounter } from '@nanometer/instrumentation';
import type { CorrectionResult, FillResult, MarkResult, PaymentResult, RateResult } from '@nanometer/quant';
import { ATTR_TRADING_DROP_REASON, createCounter, METRIC_TRADING_EVENT_DROPPED } from '@nanometer/semconv';
import type { Meter } from '@opentelemetry/api';
import type { BillResult } from './cost/cost-options.ts';
import type { ExecutionResult } from './execution/events.ts';
import type { OrderResult } from './orders/events.ts';
import type { SignalResult } from './signal/events.ts';

/**
 * Why an event, or a part of one, was not counted; the values of `trading.drop.reason`. Parts: a duration whose times
 * go backwards, a slippage without a usable arrival mid, an outcome whose fees could not be converted, a cost
 * that is left out of net P&L for want of a rate, lots that had to be merged, an order that
 * was forgotten because too many were open. Of execution: a parent order that was forgotten, a fill of another market or
 * side than its parent's, a fill that is in no shortfall because the order had ended, a price to compare with that is
 * none, a shortfall without a price, a fill without markouts because too many wait, because no quote was known before
 * it, or because the clock was set back. Of analytics: a position or cost without a rate, a signal without a price or
 * room to be scored, a market or exchange beyond its limit.
 */
export type DropReason =
  | Exclude<
      | OrderResult
      | FillResult
      | PaymentResult
      | CorrectionResult
      | MarkResult
      | RateResult
      | ExecutionResult
      | SignalResult
      | BillResult,
      'applied'
    >
  | 'negative_duration'
  | 'invalid_arrival_mid'
  | 'missing_fee_rate'
  | 'cost_unconverted'
  | 'lots_merged'
  | 'order_evicted'
  | 'parent_evicted'
  | 'parent_mismatch'
  | 'fill_after_end'
  | 'invalid_benchmark'
  | 'shortfall_unpriced'
  | 'markout_limit'
  | 'markout_unquoted'
  | 'clock_step'
  | 'missing_pnl_rate'
  | 'missing_cost_rate'
  | 'cost_limit'
  | 'market_limit'
  | 'signal_unscored';

/** What was left out, by reason. */
export type Drops = DropCounter<DropReason>;

/** The account of drops, one for all concerns of an instrumentation. */
export function dropsOf(meter: Meter): Drops {
  return new DropCounter(createCounter(meter, METRIC_TRADING_EVENT_DROPPED), ATTR_TRADING_DROP_REASON);
}

import { DropCounter } from '@nanometer/instrumentation';
import type { FillResult, MarkResult, RateResult } from '@nanometer/quant';
import { ATTR_TRADING_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';
import type { OrderResult } from './events.ts';

/**
 * Why an event, or a part of one, was not counted; the values of `trading.drop.reason`. Parts: a duration whose times
 * go backwards, a slippage without a usable arrival mid, an outcome whose fees could not be converted, an order that
 * was forgotten because too many were open.
 */
export type DropReason =
  | Exclude<OrderResult | FillResult | MarkResult | RateResult, 'applied'>
  | 'negative_duration'
  | 'invalid_arrival_mid'
  | 'missing_fee_rate'
  | 'order_evicted';

/** What was left out, by reason. */
export type Drops = DropCounter<DropReason>;

/** The account of drops, kept in `counter`. */
export function dropsIn(counter: Counter): Drops {
  return new DropCounter(counter, ATTR_TRADING_DROP_REASON);
}

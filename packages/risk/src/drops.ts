import { DropCounter } from '@nanometer/instrumentation';
import type { FillResult, MarkResult, RateResult } from '@nanometer/quant';
import { ATTR_RISK_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';

/**
 * Why an event was not counted; the values of `risk.drop.reason`. `missing_rate` is the one that is not a refusal: the
 * event was applied, but an amount stays out of the totals until there is a rate for its currency.
 */
export type DropReason = Exclude<FillResult | MarkResult | RateResult, 'applied'> | 'missing_rate';

/** What was left out, by reason. */
export type Drops = DropCounter<DropReason>;

/** The account of drops, kept in `counter`. */
export function dropsIn(counter: Counter): Drops {
  return new DropCounter(counter, ATTR_RISK_DROP_REASON);
}

import { DropCounter } from '@nanometer/instrumentation';
import type { CorrectionResult, FillResult, MarkResult, PaymentResult, RateResult } from '@nanometer/quant';
import { ATTR_RISK_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';
import type { VetoResult } from './limits/vetoes.ts';
import type { StopResult } from './stops/stop-events.ts';

/**
 * Why an event was not counted; the values of `risk.drop.reason`. Some are no refusals: with `missing_rate` the event was
 * applied, but an amount stays out of the totals until there is a rate for its currency; with `callback_failed` a
 * callback of yours threw. `symbol_limit` is a mark of one instrument too many for the correlations, which counts all
 * the same elsewhere; `correlation_failed` is the end of their worker.
 */
export type DropReason =
  | Exclude<
      FillResult | PaymentResult | CorrectionResult | MarkResult | RateResult | StopResult | VetoResult,
      'applied'
    >
  | 'missing_rate'
  | 'callback_failed'
  | 'correlation_failed'
  | 'symbol_limit';

/** What was left out, by reason. */
export type Drops = DropCounter<DropReason>;

/** The account of drops, kept in `counter`. */
export function dropsIn(counter: Counter): Drops {
  return new DropCounter(counter, ATTR_RISK_DROP_REASON);
}

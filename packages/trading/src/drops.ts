import type { Counter } from '@opentelemetry/api';
import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import type { FillResult, MarkResult, RateResult } from '@nanometer/quant';
import { ATTR_TRADING_DROP_REASON } from '@nanometer/semconv';
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

/** Counts what is left out, by reason. */
export class Drops {
  readonly #counter: Counter;
  readonly #bound = new Map<DropReason, BoundCounter>();
  #total = 0;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts one and returns the reason, so that a refusing method can return it in turn. */
  count<Reason extends DropReason>(reason: Reason): Reason {
    let bound = this.#bound.get(reason);
    if (bound === undefined) {
      bound = bindCounter(this.#counter, { [ATTR_TRADING_DROP_REASON]: reason });
      this.#bound.set(reason, bound);
    }
    bound.add(1);
    this.#total++;
    return reason;
  }
}

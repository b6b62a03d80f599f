import type { Counter } from '@opentelemetry/api';
import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import type { FillResult, MarkResult, RateResult } from '@nanometer/quant';
import { ATTR_RISK_DROP_REASON } from '@nanometer/semconv';

/**
 * Why an event was not counted; the values of `risk.drop.reason`. `missing_rate` is the one that is not a refusal: the
 * event was applied, but an amount stays out of the totals until there is a rate for its currency.
 */
export type DropReason = Exclude<FillResult | MarkResult | RateResult, 'applied'> | 'missing_rate';

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
      bound = bindCounter(this.#counter, { [ATTR_RISK_DROP_REASON]: reason });
      this.#bound.set(reason, bound);
    }
    bound.add(1);
    this.#total++;
    return reason;
  }
}

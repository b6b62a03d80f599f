import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import { ATTR_ML_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';

/** Why an event, or a part of it, was left out; the values of `ml.drop.reason`. */
export type DropReason =
  | 'invalid_name'
  | 'invalid_value'
  | 'invalid_duration'
  | 'invalid_time'
  | 'invalid_outcome'
  | 'duplicate_prediction'
  | 'unknown_prediction'
  | 'too_many_models';

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

  count(reason: DropReason): void {
    let bound = this.#bound.get(reason);
    if (bound === undefined) {
      bound = bindCounter(this.#counter, { [ATTR_ML_DROP_REASON]: reason });
      this.#bound.set(reason, bound);
    }
    bound.add(1);
    this.#total++;
  }
}

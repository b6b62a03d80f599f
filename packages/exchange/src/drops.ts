import type { Counter } from '@opentelemetry/api';
import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import { ATTR_EXCHANGE_DROP_REASON } from '@nanometer/semconv';

/** Why an event, or a part of it, was left out; the values of `exchange.drop.reason`. */
export type DropReason =
  | 'invalid_name'
  | 'invalid_bytes'
  | 'invalid_time'
  | 'invalid_sequence'
  | 'invalid_duration'
  | 'invalid_count'
  | 'invalid_limit'
  | 'unknown_limit'
  | 'not_connected'
  | 'too_many_exchanges'
  | 'too_many_channels'
  | 'too_many_symbols'
  | 'too_many_operations'
  | 'too_many_limiters';

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
      bound = bindCounter(this.#counter, { [ATTR_EXCHANGE_DROP_REASON]: reason });
      this.#bound.set(reason, bound);
    }
    bound.add(1);
    this.#total++;
  }
}

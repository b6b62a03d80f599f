import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import type { Counter } from '@opentelemetry/api';

/** Counts what an instrumentation leaves out, by reason: an event method refuses, counts and returns, and never throws. */
export class DropCounter<Reason extends string> {
  readonly #counter: Counter;
  readonly #attribute: string;
  readonly #bound = new Map<Reason, BoundCounter>();
  #total = 0;

  /** @param attribute - the key under which `counter` carries the reason. */
  constructor(counter: Counter, attribute: string) {
    this.#counter = counter;
    this.#attribute = attribute;
  }

  /** All drops so far, whatever the reason. */
  get total(): number {
    return this.#total;
  }

  /** Counts one and returns the reason, so that a refusing method can return it in turn. */
  count<Given extends Reason>(reason: Given): Given {
    let bound = this.#bound.get(reason);
    if (bound === undefined) {
      bound = bindCounter(this.#counter, { [this.#attribute]: reason });
      this.#bound.set(reason, bound);
    }
    bound.add(1);
    this.#total++;
    return reason;
  }
}

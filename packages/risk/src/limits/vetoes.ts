import { isName } from '@nanometer/instrumentation';
import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import { ATTR_RISK_VETO_REASON, ATTR_TRADING_STRATEGY } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';

/** An order that a risk check did not let through. */
export interface Veto {
  readonly strategy: string;
  /** Why; few different ones, because each is a series. */
  readonly reason: string;
}

/** What became of a veto. */
export type VetoResult = 'applied' | 'invalid_event' | 'invalid_strategy' | 'invalid_reason' | 'series_limit';

/** Counts vetoes by strategy and reason. */
export class Vetoes {
  readonly #counter: Counter;
  readonly #seriesLimit: number;
  readonly #bound = new Map<string, Map<string, BoundCounter>>();
  #seriesCount = 0;
  #count = 0;

  /** `seriesLimit` combinations of strategy and reason are counted; vetoes of one more are refused. */
  constructor(counter: Counter, seriesLimit: number) {
    this.#counter = counter;
    this.#seriesLimit = seriesLimit;
  }

  /** Vetoes so far. */
  get count(): number {
    return this.#count;
  }

  add(veto: Veto): VetoResult {
    if (typeof veto !== 'object' || veto === null) return 'invalid_event';
    const { strategy, reason } = veto;
    if (!isName(strategy)) return 'invalid_strategy';
    if (!isName(reason)) return 'invalid_reason';
    const bound = this.#bound.get(strategy)?.get(reason) ?? this.#bind(strategy, reason);
    if (bound === undefined) return 'series_limit';
    bound.add(1);
    this.#count++;
    return 'applied';
  }

  #bind(strategy: string, reason: string): BoundCounter | undefined {
    if (this.#seriesCount >= this.#seriesLimit) return undefined;
    this.#seriesCount++;
    const bound = bindCounter(this.#counter, { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_RISK_VETO_REASON]: reason });
    let reasons = this.#bound.get(strategy);
    if (reasons === undefined) this.#bound.set(strategy, (reasons = new Map()));
    reasons.set(reason, bound);
    return bound;
  }
}

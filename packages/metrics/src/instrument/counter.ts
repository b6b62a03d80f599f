import type { Attributes, Context } from '@opentelemetry/api';
import type { DropCounts } from '../drop-counts.ts';
import type { BindableCounter, BoundCounter } from './bound.ts';
import { bindTarget, type InstrumentState, type Target } from './target.ts';

/** Sums non-negative measurements. */
export class Counter implements BindableCounter {
  readonly #state: InstrumentState;

  constructor(state: InstrumentState) {
    this.#state = state;
  }

  /** Adds a finite value >= 0; anything else is dropped and counted. Never throws. */
  add(value: number, attributes?: Attributes, context?: Context): void {
    const { integer, storages, drops, name } = this.#state;
    if (typeof value !== 'number' || !(value >= 0 && value <= Number.MAX_VALUE)) {
      drops.refuse(value, name);
      return;
    }
    const measured = integer ? Math.trunc(value) : value;
    for (let i = 0; i < storages.length; i++) {
      const series = storages[i]!.resolve(attributes, context);
      if (series === undefined) drops.count('invalid_attributes', name);
      else series.apply(measured);
    }
  }

  bind(attributes?: Attributes): BoundCounter {
    return new CounterHandle(this.#state, bindTarget(this.#state, attributes));
  }
}

class CounterHandle implements BoundCounter {
  readonly #target: Target;
  readonly #integer: boolean;
  readonly #drops: DropCounts;
  readonly #name: string;

  constructor(state: InstrumentState, target: Target) {
    this.#target = target;
    this.#integer = state.integer;
    this.#drops = state.drops;
    this.#name = state.name;
  }

  add(value: number): void {
    // One branch for non-numbers, NaN, infinities and negatives alike; which it was is found out off the fast path.
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      this.#target.apply(this.#integer ? Math.trunc(value) : value);
    } else this.#drops.refuse(value, this.#name);
  }
}

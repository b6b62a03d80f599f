import type { Attributes, Context } from '@opentelemetry/api';
import type { DropCounts } from '../drop-counts.ts';
import type { BindableUpDownCounter, BoundUpDownCounter } from './bound.ts';
import { bindTarget, type InstrumentState, type Target } from './target.ts';

/** Sums measurements of either sign. */
export class UpDownCounter implements BindableUpDownCounter {
  readonly #state: InstrumentState;

  constructor(state: InstrumentState) {
    this.#state = state;
  }

  /** Adds a finite value; anything else is dropped and counted. Never throws. */
  add(value: number, attributes?: Attributes, context?: Context): void {
    const { integer, storages, drops, name } = this.#state;
    // x - x is 0 for finite numbers and NaN for all others.
    if (typeof value !== 'number' || value - value !== 0) {
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

  bind(attributes?: Attributes): BoundUpDownCounter {
    return new UpDownCounterHandle(this.#state, bindTarget(this.#state, attributes));
  }
}

class UpDownCounterHandle implements BoundUpDownCounter {
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
    if (typeof value === 'number' && value - value === 0) {
      this.#target.apply(this.#integer ? Math.trunc(value) : value);
    } else this.#drops.refuse(value, this.#name);
  }
}

import type { Attributes, Context } from '@opentelemetry/api';
import type { DropCounts } from '../drop-counts.ts';
import type { BindableHistogram, BoundHistogram } from './bound.ts';
import { bindTarget, type InstrumentState, type Target } from './target.ts';

/** Records the distribution of non-negative measurements. */
export class Histogram implements BindableHistogram {
  readonly #state: InstrumentState;

  constructor(state: InstrumentState) {
    this.#state = state;
  }

  /** Records a finite value >= 0; anything else is dropped and counted. Never throws. */
  record(value: number, attributes?: Attributes, context?: Context): void {
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

  bind(attributes?: Attributes): BoundHistogram {
    return new HistogramHandle(this.#state, bindTarget(this.#state, attributes));
  }
}

class HistogramHandle implements BoundHistogram {
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

  record(value: number): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      this.#target.apply(this.#integer ? Math.trunc(value) : value);
    } else this.#drops.refuse(value, this.#name);
  }
}

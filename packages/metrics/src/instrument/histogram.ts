import type { Attributes, Context } from '@opentelemetry/api';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import type { BindableHistogram, BoundHistogram } from './bound.ts';
import { bindTarget, type InstrumentState, recordUnbound, type Target } from './target.ts';

const measurement = MEASUREMENT;

/** Records the distribution of non-negative measurements. */
export class Histogram implements BindableHistogram {
  readonly #state: InstrumentState;

  constructor(state: InstrumentState) {
    this.#state = state;
  }

  /** Records a finite value >= 0; anything else is dropped and counted. Never throws. */
  record(value: number, attributes?: Attributes, context?: Context): void {
    const state = this.#state;
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      measurement[0] = state.integer ? Math.trunc(value) : value;
      recordUnbound(state, attributes, context);
    } else state.drops.refuse(value, state.name);
  }

  enabled(): boolean {
    return this.#state.storages.length > 0;
  }

  bind(attributes?: Attributes): BoundHistogram {
    return new HistogramHandle(this.#state, bindTarget(this.#state, attributes));
  }
}

class HistogramHandle implements BoundHistogram {
  readonly #target: Target;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, target: Target) {
    this.#target = target;
    this.#state = state;
  }

  record(value: number): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      this.#target.record();
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

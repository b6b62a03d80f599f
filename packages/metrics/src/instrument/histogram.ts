import type { Attributes, Context } from '@opentelemetry/api';
import { ExplicitHistogramSeries } from '../aggregation/histogram/explicit-series.ts';
import { ExponentialHistogramSeries } from '../aggregation/histogram/exponential-series.ts';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import type { BindableHistogram, BoundHistogram } from './bound.ts';
import {
  holdBinding,
  type InstrumentState,
  recordUnbound,
  removeSeries,
  resolveBinding,
  type Target,
} from './target.ts';

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
      if (attributes === undefined && state.bare !== undefined) state.bare.record();
      else recordUnbound(state, attributes, context);
    } else state.drops.refuse(value, state.name);
  }

  enabled(): boolean {
    return this.#state.storages.length > 0;
  }

  remove(attributes?: Attributes): void {
    removeSeries(this.#state, attributes);
  }

  bind(attributes?: Attributes): BoundHistogram {
    const binding = resolveBinding(this.#state, attributes);
    const { target } = binding;
    return holdBinding(handleOf(this.#state, target), binding);
  }
}

function handleOf(state: InstrumentState, target: Target): BoundHistogram {
  if (target instanceof ExplicitHistogramSeries) return new ExplicitHandle(state, target);
  if (target instanceof ExponentialHistogramSeries) return new ExponentialHandle(state, target);
  return new HistogramHandle(state, target);
}

// One class per kind of series, with a `record` of its own: V8 then compiles each for that kind alone, inlines it at
// the call site, and keeps the measurement off the heap.

class ExplicitHandle implements BoundHistogram {
  readonly #target: ExplicitHistogramSeries;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, target: ExplicitHistogramSeries) {
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

class ExponentialHandle implements BoundHistogram {
  readonly #target: ExponentialHistogramSeries;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, target: ExponentialHistogramSeries) {
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

/** Several streams, or an aggregation that a view chose. */
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

import type { Attributes, Context } from '@opentelemetry/api';
import { ExplicitHistogramSeries } from '../aggregation/histogram/explicit-series.ts';
import { ExponentialHistogramSeries } from '../aggregation/histogram/exponential-series.ts';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import { isUnwatched, type SamplingMode } from '../exemplar/exemplar-sampling.ts';
import { NOT_FOUND } from '../attributes/attribute-trie.ts';
import { checkQuantile } from '../kernel/rank.ts';
import type { BindableHistogram, ReadableHistogram } from './bound.ts';
import { quantileAmong } from './quantiles.ts';
import {
  type Binding,
  holdBinding,
  type InstrumentState,
  isEnabled,
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
      if (attributes === undefined && state.bare !== undefined && isUnwatched(state.sampling.mode, context)) {
        state.bare.record();
      } else recordUnbound(state, attributes, context);
    } else state.drops.refuse(value, state.name);
  }

  enabled(): boolean {
    return isEnabled(this.#state);
  }

  remove(attributes?: Attributes): void {
    removeSeries(this.#state, attributes);
  }

  quantile(q: number, attributes?: Attributes): number | undefined {
    checkQuantile(q);
    const series = this.#state.storages.map((storage) => ({ storage, position: storage.known(attributes) }));
    return quantileAmong(
      series.filter(({ position }) => position !== NOT_FOUND),
      q,
    );
  }

  bind(attributes?: Attributes): ReadableHistogram {
    const binding = resolveBinding(this.#state, attributes);
    return holdBinding(handleOf(this.#state, binding), binding);
  }
}

function handleOf(state: InstrumentState, binding: Binding): ReadableHistogram {
  const { target } = binding;
  if (target instanceof ExplicitHistogramSeries) return new ExplicitHandle(state, target, binding);
  if (target instanceof ExponentialHistogramSeries) return new ExponentialHandle(state, target, binding);
  return new HistogramHandle(state, binding);
}

// One class per kind of series, with a `record` of its own: V8 then compiles each for that kind alone, inlines it at
// the call site, and keeps the measurement off the heap.

class ExplicitHandle implements ReadableHistogram {
  readonly #target: ExplicitHistogramSeries;
  readonly #mode: SamplingMode;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, target: ExplicitHistogramSeries, binding: Binding) {
    this.#target = target;
    this.#binding = binding;
    this.#mode = state.sampling.mode;
    this.#state = state;
  }

  record(value: number, context?: Context): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      if (isUnwatched(this.#mode, context)) this.#target.record();
      else this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }

  quantile(q: number): number | undefined {
    return quantileAmong(this.#binding.pins, q);
  }
}

class ExponentialHandle implements ReadableHistogram {
  readonly #target: ExponentialHistogramSeries;
  readonly #mode: SamplingMode;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, target: ExponentialHistogramSeries, binding: Binding) {
    this.#target = target;
    this.#binding = binding;
    this.#mode = state.sampling.mode;
    this.#state = state;
  }

  record(value: number, context?: Context): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      if (isUnwatched(this.#mode, context)) this.#target.record();
      else this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }

  quantile(q: number): number | undefined {
    return quantileAmong(this.#binding.pins, q);
  }
}

/** Several streams, or an aggregation that a view chose. */
class HistogramHandle implements ReadableHistogram {
  readonly #target: Target;
  readonly #mode: SamplingMode;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, binding: Binding) {
    this.#target = binding.target;
    this.#binding = binding;
    this.#mode = state.sampling.mode;
    this.#state = state;
  }

  record(value: number, context?: Context): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      if (isUnwatched(this.#mode, context)) this.#target.record();
      else this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }

  quantile(q: number): number | undefined {
    return quantileAmong(this.#binding.pins, q);
  }
}

import type { Attributes, Context } from '@opentelemetry/api';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import { addToSum, SumSeries } from '../aggregation/sum.ts';
import { isUnwatched, type SamplingMode } from '../exemplar/exemplar-sampling.ts';
import type { BindableUpDownCounter, BoundUpDownCounter } from './bound.ts';
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

/** Sums measurements of either sign. */
export class UpDownCounter implements BindableUpDownCounter {
  readonly #state: InstrumentState;

  constructor(state: InstrumentState) {
    this.#state = state;
  }

  /** Adds a finite value; anything else is dropped and counted. Never throws. */
  add(value: number, attributes?: Attributes, context?: Context): void {
    const state = this.#state;
    // x - x is 0 for finite numbers and NaN for all others.
    if (typeof value === 'number' && value - value === 0) {
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

  bind(attributes?: Attributes): BoundUpDownCounter {
    const binding = resolveBinding(this.#state, attributes);
    const { target } = binding;
    const handle =
      target instanceof SumSeries && !this.#state.integer
        ? new SumHandle(this.#state, target, binding)
        : new UpDownCounterHandle(this.#state, binding);
    return holdBinding(handle, binding);
  }
}

/** A sum of doubles writes its cells without a detour. */
class SumHandle implements BoundUpDownCounter {
  readonly #cells: Float64Array;
  readonly #at: number;
  readonly #mode: SamplingMode;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, series: SumSeries, binding: Binding) {
    this.#cells = series.cells;
    this.#at = series.at;
    this.#mode = state.sampling.mode;
    this.#binding = binding;
    this.#state = state;
  }

  add(value: number, context?: Context): void {
    if (typeof value === 'number' && value - value === 0 && isUnwatched(this.#mode, context)) {
      addToSum(this.#cells, this.#at, value);
    } else this.#watched(value, context);
  }

  #watched(value: number, context: Context | undefined): void {
    if (typeof value === 'number' && value - value === 0) {
      measurement[0] = value;
      this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

/** Whole numbers, several streams, or an aggregation that a view chose. */
class UpDownCounterHandle implements BoundUpDownCounter {
  readonly #target: Target;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, binding: Binding) {
    this.#target = binding.target;
    this.#binding = binding;
    this.#state = state;
  }

  add(value: number, context?: Context): void {
    if (typeof value === 'number' && value - value === 0) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      if (isUnwatched(this.#state.sampling.mode, context)) this.#target.record();
      else this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

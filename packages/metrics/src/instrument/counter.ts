import type { Attributes, Context } from '@opentelemetry/api';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import { addToSum, SumSeries } from '../aggregation/sum.ts';
import { isUnwatched, type SamplingMode } from '../exemplar/exemplar-sampling.ts';
import type { BindableCounter, BoundCounter } from './bound.ts';
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

/** Sums non-negative measurements. */
export class Counter implements BindableCounter {
  readonly #state: InstrumentState;

  constructor(state: InstrumentState) {
    this.#state = state;
  }

  /** Adds a finite value >= 0; anything else is dropped and counted. Never throws. */
  add(value: number, attributes?: Attributes, context?: Context): void {
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

  bind(attributes?: Attributes): BoundCounter {
    const binding = resolveBinding(this.#state, attributes);
    const { target } = binding;
    const handle =
      target instanceof SumSeries && !this.#state.integer
        ? new SumHandle(this.#state, target, binding)
        : new CounterHandle(this.#state, binding);
    return holdBinding(handle, binding);
  }
}

/** A sum of doubles, by far the most common counter: it writes its cells without a detour. */
class SumHandle implements BoundCounter {
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
    // One branch for non-numbers, NaN, infinities, negatives and candidates for exemplars alike; which it was is found
    // out off the fast path. V8 inlines a method this small also where many are called in a row, and a double passed to
    // one that is not inlined is boxed (packages/risk/bench/events.bench.js: 83 bytes per fill with two branches).
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE && isUnwatched(this.#mode, context)) {
      addToSum(this.#cells, this.#at, value);
    } else this.#watched(value, context);
  }

  #watched(value: number, context: Context | undefined): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      measurement[0] = value;
      this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

/** Whole numbers, several streams, or an aggregation that a view chose. */
class CounterHandle implements BoundCounter {
  readonly #target: Target;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, binding: Binding) {
    this.#target = binding.target;
    this.#binding = binding;
    this.#state = state;
  }

  add(value: number, context?: Context): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      if (isUnwatched(this.#state.sampling.mode, context)) this.#target.record();
      else this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

import type { Attributes, Context } from '@opentelemetry/api';
import { LastValueSeries, setLastValue } from '../aggregation/last-value.ts';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import { DataPointType } from '../data-types.ts';
import { isUnwatched, type SamplingMode } from '../exemplar/exemplar-sampling.ts';
import type { BindableGauge, BoundGauge } from './bound.ts';
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

/** A last value may be NaN or infinite and the next one makes up for it; a sum or a whole number may not. */
function needsFinite(state: InstrumentState): boolean {
  return state.integer || state.storages.some(({ aggregator }) => aggregator.dataPointType !== DataPointType.GAUGE);
}

/** Keeps the value recorded last. */
export class Gauge implements BindableGauge {
  readonly #state: InstrumentState;

  constructor(state: InstrumentState) {
    this.#state = state;
  }

  /** Sets the value; what is not a number is dropped and counted. NaN and infinities are values. Never throws. */
  record(value: number, attributes?: Attributes, context?: Context): void {
    const state = this.#state;
    if (typeof value === 'number' && (value - value === 0 || !needsFinite(state))) {
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

  bind(attributes?: Attributes): BoundGauge {
    const binding = resolveBinding(this.#state, attributes);
    const { target } = binding;
    const handle =
      target instanceof LastValueSeries && !this.#state.integer
        ? new LastValueHandle(this.#state, target, binding)
        : new GaugeHandle(this.#state, binding);
    return holdBinding(handle, binding);
  }
}

/** A last value of any number writes its cells without a detour. */
class LastValueHandle implements BoundGauge {
  readonly #cells: Float64Array;
  readonly #at: number;
  readonly #mode: SamplingMode;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, series: LastValueSeries, binding: Binding) {
    this.#cells = series.cells;
    this.#at = series.at;
    this.#mode = state.sampling.mode;
    this.#binding = binding;
    this.#state = state;
  }

  record(value: number, context?: Context): void {
    if (typeof value === 'number' && isUnwatched(this.#mode, context)) setLastValue(this.#cells, this.#at, value);
    else this.#watched(value, context);
  }

  #watched(value: number, context: Context | undefined): void {
    if (typeof value === 'number') {
      measurement[0] = value;
      this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

/** Whole numbers, several streams, or an aggregation that a view chose. */
class GaugeHandle implements BoundGauge {
  readonly #target: Target;
  readonly #needsFinite: boolean;
  readonly #binding: Binding;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, binding: Binding) {
    this.#target = binding.target;
    this.#binding = binding;
    this.#needsFinite = needsFinite(state);
    this.#state = state;
  }

  record(value: number, context?: Context): void {
    if (typeof value === 'number' && (value - value === 0 || !this.#needsFinite)) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      if (isUnwatched(this.#state.sampling.mode, context)) this.#target.record();
      else this.#binding.recordWatched(context);
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

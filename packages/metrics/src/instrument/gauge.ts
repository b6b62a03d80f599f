import type { Attributes, Context } from '@opentelemetry/api';
import { LastValueSeries, setLastValue } from '../aggregation/last-value.ts';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import { DataPointType } from '../data-types.ts';
import type { BindableGauge, BoundGauge } from './bound.ts';
import {
  holdBinding,
  type InstrumentState,
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

  bind(attributes?: Attributes): BoundGauge {
    const binding = resolveBinding(this.#state, attributes);
    const { target } = binding;
    const handle =
      target instanceof LastValueSeries && !this.#state.integer
        ? new LastValueHandle(this.#state, target)
        : new GaugeHandle(this.#state, target);
    return holdBinding(handle, binding);
  }
}

/** A last value of any number writes its cells without a detour. */
class LastValueHandle implements BoundGauge {
  readonly #cells: Float64Array;
  readonly #at: number;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, series: LastValueSeries) {
    this.#cells = series.cells;
    this.#at = series.at;
    this.#state = state;
  }

  record(value: number): void {
    if (typeof value === 'number') setLastValue(this.#cells, this.#at, value);
    else this.#state.drops.refuse(value, this.#state.name);
  }
}

/** Whole numbers, several streams, or an aggregation that a view chose. */
class GaugeHandle implements BoundGauge {
  readonly #target: Target;
  readonly #needsFinite: boolean;
  readonly #state: InstrumentState;

  constructor(state: InstrumentState, target: Target) {
    this.#target = target;
    this.#needsFinite = needsFinite(state);
    this.#state = state;
  }

  record(value: number): void {
    if (typeof value === 'number' && (value - value === 0 || !this.#needsFinite)) {
      measurement[0] = this.#state.integer ? Math.trunc(value) : value;
      this.#target.record();
    } else this.#state.drops.refuse(value, this.#state.name);
  }
}

import type { Attributes, Context } from '@opentelemetry/api';
import { DataPointType } from '../data-types.ts';
import type { DropCounts } from '../drop-counts.ts';
import type { BindableGauge, BoundGauge } from './bound.ts';
import { bindTarget, type InstrumentState, type Target } from './target.ts';

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
    const { integer, storages, drops, name } = this.#state;
    if (typeof value !== 'number' || (value - value !== 0 && needsFinite(this.#state))) {
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

  bind(attributes?: Attributes): BoundGauge {
    return new GaugeHandle(this.#state, bindTarget(this.#state, attributes));
  }
}

class GaugeHandle implements BoundGauge {
  readonly #target: Target;
  readonly #integer: boolean;
  readonly #needsFinite: boolean;
  readonly #drops: DropCounts;
  readonly #name: string;

  constructor(state: InstrumentState, target: Target) {
    this.#target = target;
    this.#integer = state.integer;
    this.#needsFinite = needsFinite(state);
    this.#drops = state.drops;
    this.#name = state.name;
  }

  record(value: number): void {
    if (typeof value === 'number' && (value - value === 0 || !this.#needsFinite)) {
      this.#target.apply(this.#integer ? Math.trunc(value) : value);
    } else this.#drops.refuse(value, this.#name);
  }
}

import {
  diag,
  type Attributes,
  type BatchObservableResult,
  type Observable,
  type ObservableResult,
} from '@opentelemetry/api';
import type { ObservableInstrument, ObservedSet } from './observable-instrument.ts';

/** The values one callback observed for one instrument; the last one counts for each attribute set. */
export type Observations = Map<ObservedSet, number>;

/** Collects what one run of a callback observes about its instrument. */
export class SingleObservableResult implements ObservableResult {
  readonly #instrument: ObservableInstrument;
  readonly observations: Observations = new Map();

  constructor(instrument: ObservableInstrument) {
    this.#instrument = instrument;
  }

  observe(value: number, attributes?: Attributes): void {
    this.#instrument.accept(this.observations, value, attributes);
  }
}

/** Collects what one run of a batch callback observes about the instruments it was registered for. */
export class BatchResult implements BatchObservableResult {
  readonly observations: Map<ObservableInstrument, Observations> = new Map();

  constructor(instruments: Iterable<ObservableInstrument>) {
    for (const instrument of instruments) this.observations.set(instrument, new Map());
  }

  observe(metric: Observable, value: number, attributes?: Attributes): void {
    const instrument = metric as ObservableInstrument;
    const observations = this.observations.get(instrument);
    if (observations === undefined) {
      diag.debug('metrics: ignored an observation of an instrument that the batch callback was not registered for');
      return;
    }
    instrument.accept(observations, value, attributes);
  }
}

import type {
  BatchObservableCallback,
  Meter as ApiMeter,
  Observable,
  ObservableCounter,
  ObservableGauge,
  ObservableUpDownCounter,
} from '@opentelemetry/api';
import { InstrumentType } from './data-types.ts';
import type { BindableCounter, BindableGauge, BindableHistogram, BindableUpDownCounter } from './instrument/bound.ts';
import { warnOfConflict } from './instrument/conflict.ts';
import { Counter } from './instrument/counter.ts';
import {
  describeInstrument,
  type InstrumentDescriptor,
  instrumentKey,
  type InstrumentOptions,
  isInteger,
} from './instrument/descriptor.ts';
import { Gauge } from './instrument/gauge.ts';
import { Histogram } from './instrument/histogram.ts';
import type { InstrumentState } from './instrument/target.ts';
import { UpDownCounter } from './instrument/up-down-counter.ts';
import type { MeterState } from './meter-state.ts';
import { ObservableInstrument } from './observable/observable-instrument.ts';

interface Registration {
  readonly descriptor: InstrumentDescriptor;
  readonly instrument: object;
}

/** Creates the instruments of one instrumentation scope. Asking twice for the same instrument returns the same one. */
export class Meter implements ApiMeter {
  readonly #state: MeterState;
  /** By lower-case name: OpenTelemetry's instrument names are equal whatever their case. */
  readonly #registrations = new Map<string, Registration[]>();

  constructor(state: MeterState) {
    this.#state = state;
  }

  createCounter(name: string, options?: InstrumentOptions): BindableCounter {
    return this.#register(name, InstrumentType.COUNTER, options, (d) => new Counter(this.#connect(d)));
  }

  createUpDownCounter(name: string, options?: InstrumentOptions): BindableUpDownCounter {
    return this.#register(name, InstrumentType.UP_DOWN_COUNTER, options, (d) => new UpDownCounter(this.#connect(d)));
  }

  createGauge(name: string, options?: InstrumentOptions): BindableGauge {
    return this.#register(name, InstrumentType.GAUGE, options, (d) => new Gauge(this.#connect(d)));
  }

  createHistogram(name: string, options?: InstrumentOptions): BindableHistogram {
    return this.#register(name, InstrumentType.HISTOGRAM, options, (d) => new Histogram(this.#connect(d)));
  }

  createObservableCounter(name: string, options?: InstrumentOptions): ObservableCounter {
    return this.#register(name, InstrumentType.OBSERVABLE_COUNTER, options, (d) => this.#observable(d));
  }

  createObservableUpDownCounter(name: string, options?: InstrumentOptions): ObservableUpDownCounter {
    return this.#register(name, InstrumentType.OBSERVABLE_UP_DOWN_COUNTER, options, (d) => this.#observable(d));
  }

  createObservableGauge(name: string, options?: InstrumentOptions): ObservableGauge {
    return this.#register(name, InstrumentType.OBSERVABLE_GAUGE, options, (d) => this.#observable(d));
  }

  /** Registers a callback that observes several instruments of this meter at once. */
  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.#state.callbacks.addBatch(callback, observables);
  }

  removeBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.#state.callbacks.removeBatch(callback, observables);
  }

  /** Makes sure that an instrument which another thread records exists here too. */
  adopt(instrument: InstrumentDescriptor): void {
    const { name, type } = instrument;
    if (type === InstrumentType.COUNTER) this.createCounter(name, instrument);
    else if (type === InstrumentType.UP_DOWN_COUNTER) this.createUpDownCounter(name, instrument);
    else if (type === InstrumentType.GAUGE) this.createGauge(name, instrument);
    else if (type === InstrumentType.HISTOGRAM) this.createHistogram(name, instrument);
  }

  #register<I extends object>(
    name: string,
    type: InstrumentType,
    options: InstrumentOptions | undefined,
    create: (descriptor: InstrumentDescriptor) => I,
  ): I {
    const descriptor = describeInstrument(name, type, options);
    const key = instrumentKey(descriptor);
    const lowerName = descriptor.name.toLowerCase();
    const namesakes = this.#registrations.get(lowerName) ?? [];
    const [first] = namesakes;
    for (const registered of namesakes) {
      if (instrumentKey(registered.descriptor) !== key) continue;
      if (registered.descriptor.description !== descriptor.description) {
        warnOfConflict(registered.descriptor, descriptor);
        if (descriptor.description.length > registered.descriptor.description.length) {
          registered.descriptor.description = descriptor.description;
        }
      }
      return registered.instrument as I;
    }
    if (first !== undefined) warnOfConflict(first.descriptor, descriptor);
    const settled = this.#state.settleAdvice(descriptor);
    const instrument = this.#state.asGiven(create(settled), settled);
    this.#registrations.set(lowerName, [...namesakes, { descriptor: settled, instrument }]);
    return instrument;
  }

  #connect(descriptor: InstrumentDescriptor): InstrumentState {
    const { drops, life, sampling } = this.#state;
    const state: InstrumentState = {
      name: descriptor.name,
      integer: isInteger(descriptor),
      drops,
      sampling,
      life,
      storages: [],
      bare: undefined,
    };
    this.#state.connect(descriptor, state);
    return state;
  }

  #observable(descriptor: InstrumentDescriptor): ObservableInstrument {
    const instrument = new ObservableInstrument(descriptor, this.#state.callbacks, this.#state.drops);
    this.#state.connectObservable(instrument);
    return instrument;
  }
}

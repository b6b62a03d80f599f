import { bindCounter, bindGauge, bindHistogram, bindUpDownCounter } from '@nanometer/metrics';
import type {
  Attributes,
  Context,
  Counter,
  Gauge,
  Histogram,
  Meter,
  MeterOptions,
  MeterProvider,
  MetricOptions,
  UpDownCounter,
} from '@opentelemetry/api';

/** Number of recordings so far. */
export interface UpdateCount {
  value: number;
}

interface Adder {
  add(value: number, context?: Context): void;
}

interface Recorder {
  record(value: number, context?: Context): void;
}

class CountedAdder {
  readonly #count: UpdateCount;
  readonly #inner: Adder;

  constructor(count: UpdateCount, inner: Adder) {
    this.#count = count;
    this.#inner = inner;
  }

  add(value: number, context?: Context): void {
    this.#count.value++;
    this.#inner.add(value, context);
  }
}

class CountedRecorder {
  readonly #count: UpdateCount;
  readonly #inner: Recorder;

  constructor(count: UpdateCount, inner: Recorder) {
    this.#count = count;
    this.#inner = inner;
  }

  record(value: number, context?: Context): void {
    this.#count.value++;
    this.#inner.record(value, context);
  }
}

/**
 * Counts every `add` and `record` made through a provider's instruments, bound or not, on their way to it. Observable
 * instruments are not counted: they record when they are read, not when something happens.
 */
export class CountingMeterProvider implements MeterProvider {
  readonly #inner: MeterProvider;
  readonly #count: UpdateCount;

  constructor(inner: MeterProvider, count: UpdateCount) {
    this.#inner = inner;
    this.#count = count;
  }

  getMeter(name: string, version?: string, options?: MeterOptions): Meter {
    const meter = this.#inner.getMeter(name, version, options);
    const count = this.#count;
    const counted: Pick<Meter, 'createCounter' | 'createUpDownCounter' | 'createGauge' | 'createHistogram'> = {
      createCounter: <A extends Attributes>(instrument: string, given?: MetricOptions) =>
        countedAdder<A>(count, meter.createCounter(instrument, given), bindCounter),
      createUpDownCounter: <A extends Attributes>(instrument: string, given?: MetricOptions) =>
        countedAdder<A>(count, meter.createUpDownCounter(instrument, given), bindUpDownCounter),
      createGauge: <A extends Attributes>(instrument: string, given?: MetricOptions) =>
        countedRecorder<A>(count, meter.createGauge(instrument, given), bindGauge),
      createHistogram: <A extends Attributes>(instrument: string, given?: MetricOptions) =>
        countedRecorder<A>(count, meter.createHistogram(instrument, given), bindHistogram),
    };
    return {
      ...counted,
      createObservableCounter: (instrument, given) => meter.createObservableCounter(instrument, given),
      createObservableUpDownCounter: (instrument, given) => meter.createObservableUpDownCounter(instrument, given),
      createObservableGauge: (instrument, given) => meter.createObservableGauge(instrument, given),
      addBatchObservableCallback: (callback, observables) => meter.addBatchObservableCallback(callback, observables),
      removeBatchObservableCallback: (callback, observables) =>
        meter.removeBatchObservableCallback(callback, observables),
    };
  }
}

function countedAdder<A extends Attributes>(
  count: UpdateCount,
  inner: Counter & UpDownCounter,
  bind: (instrument: Counter & UpDownCounter, attributes?: Attributes) => Adder,
): Counter<A> & UpDownCounter<A> {
  const instrument = {
    add(value: number, attributes?: Attributes, context?: Context): void {
      count.value++;
      inner.add(value, attributes, context);
    },
    bind: (attributes?: Attributes) => new CountedAdder(count, bind(inner, attributes)),
  };
  return instrument;
}

function countedRecorder<A extends Attributes>(
  count: UpdateCount,
  inner: Gauge & Histogram,
  bind: (instrument: Gauge & Histogram, attributes?: Attributes) => Recorder,
): Gauge<A> & Histogram<A> {
  const instrument = {
    record(value: number, attributes?: Attributes, context?: Context): void {
      count.value++;
      inner.record(value, attributes, context);
    },
    bind: (attributes?: Attributes) => new CountedRecorder(count, bind(inner, attributes)),
  };
  return instrument;
}

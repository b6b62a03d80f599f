import type { Attributes, Context, Counter, Gauge, Histogram, UpDownCounter } from '@opentelemetry/api';
import type { Bindable, BoundCounter, BoundGauge, BoundHistogram, BoundUpDownCounter } from './bound.ts';

function isBindable<Bound>(instrument: object): instrument is Bindable<Bound> {
  return typeof (instrument as Partial<Bindable<Bound>>).bind === 'function';
}

/** Stands in for a bound series where the SDK cannot bind: it passes the same frozen attributes on every call. */
class AttributedAdder {
  readonly #instrument: Counter | UpDownCounter;
  readonly #attributes: Attributes;

  constructor(instrument: Counter | UpDownCounter, attributes: Attributes) {
    this.#instrument = instrument;
    this.#attributes = Object.freeze({ ...attributes });
  }

  add(value: number, context?: Context): void {
    this.#instrument.add(value, this.#attributes, context);
  }
}

class AttributedRecorder {
  readonly #instrument: Gauge | Histogram;
  readonly #attributes: Attributes;

  constructor(instrument: Gauge | Histogram, attributes: Attributes) {
    this.#instrument = instrument;
    this.#attributes = Object.freeze({ ...attributes });
  }

  record(value: number, context?: Context): void {
    this.#instrument.record(value, this.#attributes, context);
  }
}

/**
 * Binds attributes to a counter of any OpenTelemetry SDK. With this package's MeterProvider the result writes
 * straight into its slot; with another SDK it passes the attributes on every call, which costs what that SDK costs.
 */
export function bindCounter(counter: Counter, attributes: Attributes = {}): BoundCounter {
  return isBindable<BoundCounter>(counter) ? counter.bind(attributes) : new AttributedAdder(counter, attributes);
}

/** Binds attributes to an up-down counter of any OpenTelemetry SDK; see {@link bindCounter}. */
export function bindUpDownCounter(counter: UpDownCounter, attributes: Attributes = {}): BoundUpDownCounter {
  return isBindable<BoundUpDownCounter>(counter) ? counter.bind(attributes) : new AttributedAdder(counter, attributes);
}

/** Binds attributes to a gauge of any OpenTelemetry SDK; see {@link bindCounter}. */
export function bindGauge(gauge: Gauge, attributes: Attributes = {}): BoundGauge {
  return isBindable<BoundGauge>(gauge) ? gauge.bind(attributes) : new AttributedRecorder(gauge, attributes);
}

/** Binds attributes to a histogram of any OpenTelemetry SDK; see {@link bindCounter}. */
export function bindHistogram(histogram: Histogram, attributes: Attributes = {}): BoundHistogram {
  return isBindable<BoundHistogram>(histogram)
    ? histogram.bind(attributes)
    : new AttributedRecorder(histogram, attributes);
}

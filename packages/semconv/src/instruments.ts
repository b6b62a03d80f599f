import type {
  Counter,
  Gauge,
  Histogram,
  Meter,
  MetricOptions,
  ObservableCounter,
  ObservableGauge,
  ObservableUpDownCounter,
  UpDownCounter,
} from '@opentelemetry/api';
import type { MetricDefinition } from './definition.ts';

// The numbers of the API's ValueType, spelled here so that this package has no import at run time.
const VALUE_TYPE = { int: 0, double: 1 } as const;

interface Advice {
  explicitBucketBoundaries?: number[];
  /**
   * Read by @nanometer/metrics where its option `exponentialAdvice` is on; it and every other SDK otherwise use the
   * explicit boundaries beside it.
   */
  exponentialMaxSize?: number;
}

function options(definition: MetricDefinition): MetricOptions {
  const advice: Advice = {};
  if (definition.buckets) advice.explicitBucketBoundaries = [...definition.buckets];
  if (definition.exponentialMaxSize !== undefined) advice.exponentialMaxSize = definition.exponentialMaxSize;
  return {
    description: definition.description,
    unit: definition.unit,
    valueType: VALUE_TYPE[definition.valueType],
    ...(definition.kind === 'histogram' ? { advice } : {}),
  };
}

/** Creates the counter a definition describes, with any OpenTelemetry meter. */
export function createCounter(meter: Meter, definition: MetricDefinition<'counter'>): Counter {
  return meter.createCounter(definition.name, options(definition));
}

/** Creates the up-down counter a definition describes, with any OpenTelemetry meter. */
export function createUpDownCounter(meter: Meter, definition: MetricDefinition<'updowncounter'>): UpDownCounter {
  return meter.createUpDownCounter(definition.name, options(definition));
}

/** Creates the gauge a definition describes, with any OpenTelemetry meter. */
export function createGauge(meter: Meter, definition: MetricDefinition<'gauge'>): Gauge {
  return meter.createGauge(definition.name, options(definition));
}

/** Creates the histogram a definition describes, its bucket boundaries passed as advice. */
export function createHistogram(meter: Meter, definition: MetricDefinition<'histogram'>): Histogram {
  return meter.createHistogram(definition.name, options(definition));
}

/** Creates the observable counter a definition describes, with any OpenTelemetry meter. */
export function createObservableCounter(
  meter: Meter,
  definition: MetricDefinition<'observablecounter'>,
): ObservableCounter {
  return meter.createObservableCounter(definition.name, options(definition));
}

/** Creates the observable up-down counter a definition describes, with any OpenTelemetry meter. */
export function createObservableUpDownCounter(
  meter: Meter,
  definition: MetricDefinition<'observableupdowncounter'>,
): ObservableUpDownCounter {
  return meter.createObservableUpDownCounter(definition.name, options(definition));
}

/** Creates the observable gauge a definition describes, with any OpenTelemetry meter. */
export function createObservableGauge(meter: Meter, definition: MetricDefinition<'observablegauge'>): ObservableGauge {
  return meter.createObservableGauge(definition.name, options(definition));
}

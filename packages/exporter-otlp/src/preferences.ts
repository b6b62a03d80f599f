import type { AggregationOption, AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { HistogramAggregation, TemporalityPreference } from './config/options.ts';

// The SDK's enums, by value: this package loads without the SDK.
const DELTA = 0 as AggregationTemporality;
const CUMULATIVE = 1 as AggregationTemporality;
const DEFAULT_AGGREGATION = { type: 0 } as AggregationOption;
const EXPONENTIAL = { type: 5 } as AggregationOption;

/** Instruments whose points a preference makes increments; what goes up and down stays a total in all of them. */
const DELTAS: Readonly<Record<TemporalityPreference, readonly string[]>> = {
  cumulative: [],
  delta: ['COUNTER', 'OBSERVABLE_COUNTER', 'HISTOGRAM'],
  lowmemory: ['COUNTER', 'HISTOGRAM'],
};

/** Temporality of an instrument's points, as the OTLP exporter specification maps the preference. */
export function temporalityOf(preference: TemporalityPreference, type: InstrumentType): AggregationTemporality {
  return DELTAS[preference].includes(type) ? DELTA : CUMULATIVE;
}

/** Aggregation of an instrument for which no view says. */
export function aggregationOf(histograms: HistogramAggregation, type: InstrumentType): AggregationOption {
  const isExponential = histograms === 'base2_exponential_bucket_histogram' && (type as string) === 'HISTOGRAM';
  return isExponential ? EXPONENTIAL : DEFAULT_AGGREGATION;
}

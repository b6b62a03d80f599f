import type { Attributes, HrTime } from '@opentelemetry/api';
import type { ExponentialHistogram, Histogram, MetricData } from '@opentelemetry/sdk-metrics';

/** One measurement that stands for many, with the trace it came from. */
export interface Exemplar {
  readonly value: number;
  readonly timestamp: HrTime;
  readonly filteredAttributes: Attributes;
  readonly traceId?: string;
  readonly spanId?: string;
}

/** A data point of any kind, as the SDKs hand it out; exemplars are Nanometer's. */
export interface Point {
  readonly attributes: Attributes;
  readonly startTime: HrTime;
  readonly value: unknown;
  readonly exemplars?: readonly Exemplar[];
}

/** What a family is to Prometheus. */
export type FamilyType = 'counter' | 'gauge' | 'histogram';

// DataPointType of the SDK; its enum is not imported, so that any copy of the SDK can be the producer.
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const GAUGE = 2;
const SUM = 3;

/** The type of a metric's family; `undefined` for a kind of data there is no type for. */
export function familyTypeOf(metric: MetricData): FamilyType | undefined {
  switch (metric.dataPointType as number) {
    case HISTOGRAM:
    case EXPONENTIAL_HISTOGRAM:
      return 'histogram';
    case GAUGE:
      return 'gauge';
    case SUM:
      return (metric as { isMonotonic?: boolean }).isMonotonic === true ? 'counter' : 'gauge';
    default:
      return undefined;
  }
}

/** Whether a histogram's value has buckets of OpenTelemetry's exponential form. */
export function isExponential(value: Histogram | ExponentialHistogram): value is ExponentialHistogram {
  return 'scale' in value;
}

/** Unix seconds. */
export function secondsOf([seconds, nanos]: HrTime): number {
  return seconds + nanos / 1e9;
}

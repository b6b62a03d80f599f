import { resourceFromAttributes } from '@opentelemetry/resources';
import type { StatsdExporter } from '@nanometer/exporter-statsd';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

/** One point of a sum. */
export interface SumPoint {
  readonly value: number;
  readonly name?: string;
  readonly start?: number;
  readonly end?: number;
  readonly monotonic?: boolean;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A collection with one sum per point. */
export function sumsOf(...points: readonly SumPoint[]): ResourceMetrics {
  const metrics = points.map(
    ({ value, name = 'fills', start = 1, end = start + 1, monotonic = true, attributes = {} }) => {
      const metric: MetricData = {
        descriptor: { name, description: '', unit: '', valueType: 1 },
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        dataPointType: DataPointType.SUM,
        isMonotonic: monotonic,
        dataPoints: [{ startTime: [start, 0], endTime: [end, 0], attributes, value }],
      };
      return metric;
    },
  );
  return { resource: resourceFromAttributes({}), scopeMetrics: [{ scope: { name: 'test' }, metrics }] };
}

/** One point of a histogram with explicit buckets, cumulative. */
export interface HistogramPoint {
  readonly boundaries: number[];
  readonly counts: number[];
  readonly start?: number;
  readonly end: number;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly sum?: number;
}

/** A collection with one histogram, `latency`. */
export function histogramOf({
  boundaries,
  counts,
  start = 1,
  end,
  unit = '',
  min,
  max,
  sum = 0,
}: HistogramPoint): ResourceMetrics {
  const count = counts.reduce((a, b) => a + b, 0);
  const metric: MetricData = {
    descriptor: { name: 'latency', description: '', unit, valueType: 1 },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [
      {
        startTime: [start, 0],
        endTime: [end, 0],
        attributes: { symbol: 'BTCUSDT' },
        value: {
          buckets: { boundaries, counts },
          count,
          sum,
          ...(min === undefined ? {} : { min }),
          ...(max === undefined ? {} : { max }),
        },
      },
    ],
  };
  return { resource: resourceFromAttributes({}), scopeMetrics: [{ scope: { name: 'test' }, metrics: [metric] }] };
}

/** Exports and resolves with the error, if any. */
export function exported(exporter: StatsdExporter, metrics: ResourceMetrics): Promise<Error | undefined> {
  return new Promise((resolve) => {
    exporter.export(metrics, (result) => resolve(result.error));
  });
}

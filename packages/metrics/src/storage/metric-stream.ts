import type { Attributes, HrTime } from '@opentelemetry/api';
import type { Aggregator } from '../aggregation/aggregator.ts';
import type { Steps } from '../collect/steps.ts';
import type { AggregationTemporality, MetricData } from '../data-types.ts';
import { DataPointType } from '../data-types.ts';
import type { WithExemplars } from '../exemplar/exemplar.ts';
import type { InstrumentDescriptor } from '../instrument/descriptor.ts';

/** When a collection took place. */
export interface CollectionTime {
  readonly millis: number;
  readonly hrTime: HrTime;
}

/** One metric as one reader sees it. */
export interface MetricStream {
  /**
   * Builds the metric from fresh objects that the exporter may keep; `undefined` when there is no point. Recording may go on
   * at every pause; a second collection may not begin.
   */
  collect(now: CollectionTime): Steps<MetricData | undefined>;
}

export interface Point extends WithExemplars {
  readonly attributes: Attributes;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly value: unknown;
}

/** Puts points into the form that exporters take. */
export function toMetricData(
  descriptor: InstrumentDescriptor,
  aggregator: Pick<Aggregator, 'dataPointType' | 'isMonotonic'>,
  aggregationTemporality: AggregationTemporality,
  dataPoints: readonly Point[],
): MetricData {
  const { dataPointType, isMonotonic } = aggregator;
  const data = { descriptor, aggregationTemporality, dataPointType, dataPoints };
  return (dataPointType === DataPointType.SUM ? { ...data, isMonotonic } : data) as unknown as MetricData;
}

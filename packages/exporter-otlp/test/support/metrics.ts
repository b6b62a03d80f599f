import { type ResourceMetrics, AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { ValueType } from '@opentelemetry/api';
import { RequestEncoder } from '../../src/index.ts';

const RESOURCE = resourceFromAttributes({ 'service.name': 'test' });

/** `count` points, each with a value and attributes found in no other call with another `first`. */
export function metricsOf(first: number, count: number, padding = ''): ResourceMetrics {
  const dataPoints = Array.from({ length: count }, (_, index) => ({
    startTime: [1, 0] as [number, number],
    endTime: [2, first + index] as [number, number],
    attributes: { index: first + index, ...(padding === '' ? {} : { padding }) },
    value: first + index,
  }));
  return {
    resource: RESOURCE,
    scopeMetrics: [
      {
        scope: { name: 'test' },
        metrics: [
          {
            descriptor: { name: 'points', description: '', unit: '1', valueType: ValueType.DOUBLE },
            aggregationTemporality: AggregationTemporality.CUMULATIVE,
            dataPointType: DataPointType.SUM,
            isMonotonic: true,
            dataPoints,
          },
        ],
      },
    ],
  };
}

/** The bytes of {@link metricsOf}. */
export function requestOf(first: number, count: number, padding = ''): Uint8Array {
  return new RequestEncoder().encode(metricsOf(first, count, padding)).bytes;
}

/** Sum of an account's drops. */
export function droppedOf({ dropped }: { dropped: Readonly<Partial<Record<string, number>>> }): number {
  return Object.values(dropped).reduce<number>((sum, points) => sum + (points ?? 0), 0);
}

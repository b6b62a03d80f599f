import type { Attributes } from '../engine/series.ts';

/** Seconds and nanoseconds, as OpenTelemetry's JavaScript has them. */
export type HrTime = readonly [number, number];

/** A histogram's point, of explicit or exponential buckets. */
interface HistogramValue {
  readonly count: number;
  readonly sum?: number;
}

/** What a `MetricReader` collects, as far as rules need it: an OpenTelemetry `ResourceMetrics` is one. */
export interface CollectedMetrics {
  readonly resource: { readonly attributes: Attributes };
  readonly scopeMetrics: readonly {
    readonly metrics: readonly {
      readonly descriptor: { readonly name: string };
      readonly dataPoints: readonly {
        readonly attributes: Attributes;
        readonly startTime: HrTime;
        readonly value: number | HistogramValue | object;
      }[];
    }[];
  }[];
}

/** A field's value of a point; `undefined` when the point does not have it. */
export function fieldOf(value: number | object, field: string): number | undefined {
  if (typeof value === 'number') return field === 'value' ? value : undefined;
  const { count, sum } = value as HistogramValue;
  if (field === 'count') return count;
  return field === 'sum' ? sum : undefined;
}

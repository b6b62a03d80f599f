import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Bucket counts as plain arrays: the stock JSON serializer writes typed arrays, which SDKs may hand out, as objects, without
 * an error. Gives the same object when there is nothing to change.
 */
export function plainArrays(metrics: ResourceMetrics): ResourceMetrics {
  if (!metrics.scopeMetrics.some((scope) => scope.metrics.some(hasTypedArrays))) return metrics;
  const scopeMetrics = metrics.scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(plain) }));
  return { resource: metrics.resource, scopeMetrics };
}

function hasTypedArrays({ dataPoints }: MetricData): boolean {
  return dataPoints.some(({ value }) => {
    if (typeof value === 'number') return false;
    if ('buckets' in value) return isTyped(value.buckets.counts) || isTyped(value.buckets.boundaries);
    return isTyped(value.positive.bucketCounts) || isTyped(value.negative.bucketCounts);
  });
}

function isTyped(list: unknown): boolean {
  return ArrayBuffer.isView(list);
}

function plain(metric: MetricData): MetricData {
  if (!hasTypedArrays(metric)) return metric;
  const dataPoints = (metric.dataPoints as { value: unknown }[]).map((point) =>
    Object.assign({}, point, { value: plainValue(point.value as never) }),
  );
  return Object.assign({}, metric, { dataPoints }) as MetricData;
}

type Buckets = { readonly offset: number; readonly bucketCounts: ArrayLike<number> };

function plainValue(value: {
  buckets?: { counts: ArrayLike<number>; boundaries: ArrayLike<number> };
  positive?: Buckets;
  negative?: Buckets;
}): unknown {
  const { buckets, positive, negative } = value;
  const range = (side: Buckets | undefined): unknown =>
    side && { offset: side.offset, bucketCounts: Array.from(side.bucketCounts) };
  if (buckets === undefined) return { ...value, positive: range(positive), negative: range(negative) };
  return { ...value, buckets: { counts: Array.from(buckets.counts), boundaries: Array.from(buckets.boundaries) } };
}

import type { ExponentialHistogram, Histogram } from '../data-types.ts';
import { quantileOfExplicit } from './explicit-quantile.ts';
import { quantileOfExponential } from './exponential-quantile.ts';

/**
 * The `q` quantile (nearest rank) of the value of a histogram data point, as readers and exporters receive it.
 *
 * Exponential: within `exponentialErrorBound(scale)` of the exact one, relatively. Explicit: within the bucket of the
 * exact one. `undefined` if the histogram is empty or `q` is NaN; throws `MetricsError` if `q` is outside 0 to 1.
 */
export function quantile(histogram: Histogram | ExponentialHistogram, q: number): number | undefined {
  const { min, max } = histogram;
  if ('buckets' in histogram) return quantileOfExplicit({ ...histogram.buckets, min, max }, q);
  const { scale, zeroCount, positive, negative } = histogram;
  return quantileOfExponential(
    {
      scale,
      zeroCount,
      positive: { offset: positive.offset, counts: positive.bucketCounts },
      negative: { offset: negative.offset, counts: negative.bucketCounts },
      min,
      max,
    },
    q,
  );
}

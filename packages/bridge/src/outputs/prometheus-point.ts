import { isExponential } from '@nanometer/exporter-statsd';
import type { Point } from '@nanometer/exporter-prometheus/format';
import type { Series } from '../store/series.ts';

/** What a series holds now, as the SDKs hand out points. */
export function pointOf(series: Series): Point {
  return { attributes: {}, startTime: [0, 0], value: series.histogram === undefined ? series.value : valueOf(series) };
}

function valueOf({ histogram }: Series): unknown {
  const { count, sum, hasSum, distribution } = histogram!;
  const common = hasSum ? { count, sum } : { count };
  if (!isExponential(distribution)) {
    return { ...common, buckets: { boundaries: distribution.bounds, counts: distribution.counts } };
  }
  const { scale, zeroCount, zeroThreshold, positive, negative } = distribution;
  return {
    ...common,
    scale,
    zeroCount,
    zeroThreshold,
    positive: { offset: positive.offset, bucketCounts: positive.counts },
    negative: { offset: negative.offset, bucketCounts: negative.counts },
  };
}

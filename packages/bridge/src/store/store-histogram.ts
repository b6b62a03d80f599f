import { atScale, type BucketRange, type ExponentialBuckets, isExponential } from '@nanometer/exporter-statsd';
import { BUCKET_LIMIT, type HistogramPoint } from '../otlp/read-histogram.ts';
import type { HistogramState, MetricInfo, Series } from './series.ts';

/**
 * Whether a point makes sense: as many counts as bounds demand, ascending bounds, limits on buckets and scale. An
 * increment must be finite: one NaN would stay in the sum for good.
 */
export function isValidHistogram(point: HistogramPoint, { kind, delta }: MetricInfo): boolean {
  if (point.badRange || (delta && !Number.isFinite(point.sum ?? 0))) return false;
  if (kind === 'exponential') return Math.abs(point.scale) <= 30 && point.zeroThreshold >= 0;
  const { bounds, counts } = point;
  if (counts.length > BUCKET_LIMIT) return false;
  // A histogram without buckets has neither; OTLP allows that form, which keeps count and sum only.
  if (counts.length !== bounds.length + 1 && (counts.length !== 0 || bounds.length !== 0)) return false;
  for (let index = 1; index < bounds.length; index++) {
    if (!(bounds.values[index]! > bounds.values[index - 1]!)) return false;
  }
  return bounds.length === 0 || !Number.isNaN(bounds.values[0]!);
}

/** Stores a valid point: a cumulative one replaces the state, an increment is added to it. */
export function storeHistogram(series: Series, point: HistogramPoint): void {
  const state = series.histogram;
  if (state === undefined || !series.metric.delta) replace(series, state, point);
  else accumulate(state, point);
}

function replace(series: Series, state: HistogramState | undefined, point: HistogramPoint): void {
  if (state === undefined) {
    series.histogram = {
      count: point.count,
      sum: point.sum ?? 0,
      hasSum: point.sum !== undefined,
      min: point.min,
      max: point.max,
      distribution: distributionOf(series, point),
    };
    return;
  }
  state.count = point.count;
  state.sum = point.sum ?? 0;
  state.hasSum = point.sum !== undefined;
  state.min = point.min;
  state.max = point.max;
  const { distribution } = state;
  if (!isExponential(distribution) && point.counts.length > 0 && point.bounds.equals(distribution.bounds)) {
    (distribution.counts as Float64Array).set(point.counts.values.subarray(0, point.counts.length));
  } else {
    state.distribution = distributionOf(series, point);
  }
}

function distributionOf(series: Series, point: HistogramPoint): HistogramState['distribution'] {
  if (series.metric.kind === 'exponential') {
    const { scale, zeroCount, zeroThreshold, positive, negative } = point;
    return { scale, zeroCount, zeroThreshold, positive, negative };
  }
  if (point.counts.length === 0) return { bounds: new Float64Array(0), counts: Float64Array.of(point.count) };
  return { bounds: point.bounds.copy(), counts: point.counts.copy() };
}

function accumulate(state: HistogramState, point: HistogramPoint): void {
  const { distribution } = state;
  if (isExponential(distribution)) {
    state.distribution = sumOfExponentials(distribution, point);
  } else {
    const counts = distribution.counts as Float64Array;
    if (point.counts.length === 0 && counts.length === 1) counts[0] = counts[0]! + point.count;
    else if (point.bounds.equals(distribution.bounds)) {
      for (let index = 0; index < counts.length; index++) counts[index] = counts[index]! + point.counts.values[index]!;
    } else {
      // Other bounds: the old buckets say nothing about the new ones. Count and sum go on.
      state.distribution = { bounds: point.bounds.copy(), counts: point.counts.copy() };
    }
  }
  state.count += point.count;
  state.hasSum &&= point.sum !== undefined;
  state.sum += point.sum ?? 0;
  state.min = lesser(state.min, point.min);
  state.max =
    point.max === undefined ? undefined : state.max === undefined ? undefined : Math.max(state.max, point.max);
}

function lesser(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.min(a, b);
}

function sumOfExponentials(a: ExponentialBuckets, point: HistogramPoint): ExponentialBuckets {
  const { zeroCount, zeroThreshold } = point;
  const finest = Math.min(a.scale, point.scale);
  const width = Math.max(joinedWidth(a, point, 'positive', finest), joinedWidth(a, point, 'negative', finest));
  // Ranges far apart would make a long empty middle: halve the resolution until they fit. One more, as halving rounds up.
  const scale = width <= BUCKET_LIMIT ? finest : finest - Math.ceil(Math.log2(width / BUCKET_LIMIT)) - 1;
  const left = atScale(a, scale);
  const right = atScale({ ...a, scale: point.scale, positive: point.positive, negative: point.negative }, scale);
  return {
    scale,
    zeroCount: a.zeroCount + zeroCount,
    zeroThreshold: Math.max(a.zeroThreshold, zeroThreshold),
    positive: sumOfRanges(left.positive, right.positive),
    negative: sumOfRanges(left.negative, right.negative),
  };
}

type Ranges = Pick<ExponentialBuckets, 'scale' | 'positive' | 'negative'>;

/** Buckets that both ranges together span at a scale. */
function joinedWidth(a: Ranges, b: Ranges, side: 'positive' | 'negative', scale: number): number {
  let first = Infinity;
  let last = -Infinity;
  for (const buckets of [a, b]) {
    const { offset, counts } = buckets[side];
    if (counts.length === 0) continue;
    const divisor = 2 ** (buckets.scale - scale);
    first = Math.min(first, Math.floor(offset / divisor));
    last = Math.max(last, Math.floor((offset + counts.length - 1) / divisor));
  }
  return last < first ? 0 : last - first + 1;
}

function sumOfRanges(a: BucketRange, b: BucketRange): BucketRange {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const offset = Math.min(a.offset, b.offset);
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
  const counts = new Float64Array(end - offset);
  for (const range of [a, b]) {
    for (let index = 0; index < range.counts.length; index++) {
      const at = range.offset + index - offset;
      counts[at] = counts[at]! + range.counts[index]!;
    }
  }
  return { offset, counts };
}

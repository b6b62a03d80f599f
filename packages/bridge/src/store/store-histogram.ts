import { isExponential, sumOfExponentials } from '@nanometer/exporter-statsd';
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
    state.distribution = sumOfExponentials(distribution, point, BUCKET_LIMIT);
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

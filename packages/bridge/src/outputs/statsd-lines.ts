import {
  difference,
  distributionQuantile,
  HISTOGRAM_PERCENTILES,
  type HistogramFrames,
  isExponential,
  type LineOutcome,
  snapshot,
  type StatsdBatch,
  toExplicit,
} from '@nanometer/exporter-statsd';
import type { StatsdSeries } from './statsd-series.ts';

/** Adds the lines of a series' present state to a batch. */
export function writeLines(batch: StatsdBatch, state: StatsdSeries): LineOutcome {
  const { series, frame, histogram } = state;
  if (histogram !== undefined) return writeHistogram(batch, state, histogram);
  if (state.slot < 0) return batch.gauge(frame!, series.value);
  return batch.counter(frame!, state.slot, Math.floor(series.startSeconds), series.startLow, series.value);
}

function writeHistogram(batch: StatsdBatch, state: StatsdSeries, frames: HistogramFrames): LineOutcome {
  const { series } = state;
  const { count, sum, hasSum, min, max, distribution } = series.histogram!;
  const startSeconds = Math.floor(series.startSeconds);
  const outcome = batch.counter(frames.count, state.slot, startSeconds, series.startLow, count);
  if (hasSum) batch.counter(frames.sum, state.sumSlot, startSeconds, series.startLow, sum, false);
  if (min !== undefined && count > 0) batch.gauge(frames.min, min);
  if (max !== undefined && count > 0) batch.gauge(frames.max, max);
  const before = state.beforeStart === series.startSeconds ? state.before : undefined;
  const recent = (before && difference(distribution, before)) ?? distribution;
  state.before = snapshot(distribution);
  state.beforeStart = series.startSeconds;
  const buckets = isExponential(recent) ? toExplicit(recent) : recent;
  for (const [index, { quantile }] of HISTOGRAM_PERCENTILES.entries()) {
    const value = distributionQuantile(quantile, buckets, min, max);
    if (value !== undefined) batch.gauge(frames.percentiles[index]!, value);
  }
  return outcome;
}

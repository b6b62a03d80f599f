import {
  type DeltaStore,
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

/**
 * Takes note of what a series counts up: should its producer restart before the next send, what it had counted is due all
 * the same. False when its value is no number to count with.
 */
export function observeCounts(deltas: DeltaStore, { series, slot, sumSlot }: StatsdSeries): boolean {
  if (slot < 0) return true;
  const { startLow, value, histogram } = series;
  const startSeconds = Math.floor(series.startSeconds);
  if (histogram === undefined) {
    if (!Number.isFinite(value)) return false;
    deltas.observe(slot, startSeconds, startLow, value);
    return true;
  }
  const { count, sum, hasSum } = histogram;
  // A sum of negative values decreases without a reset: only the count, or another start, tells one.
  if (count < deltas.last(slot)) deltas.restart(sumSlot);
  deltas.observe(slot, startSeconds, startLow, count);
  if (hasSum && Number.isFinite(sum)) deltas.observe(sumSlot, startSeconds, startLow, sum, false);
  return true;
}

/** Adds the lines of a series' present state to a batch; its counts are those that were observed. */
export function writeLines(batch: StatsdBatch, state: StatsdSeries): LineOutcome {
  const { series, frame, histogram } = state;
  if (histogram !== undefined) return writeHistogram(batch, state, histogram);
  if (state.slot < 0) return batch.gauge(frame!, series.value);
  return batch.pending(frame!, state.slot);
}

function writeHistogram(batch: StatsdBatch, state: StatsdSeries, frames: HistogramFrames): LineOutcome {
  const { series } = state;
  const { count, min, max, distribution } = series.histogram!;
  const outcome = batch.pending(frames.count, state.slot);
  batch.pending(frames.sum, state.sumSlot, false);
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

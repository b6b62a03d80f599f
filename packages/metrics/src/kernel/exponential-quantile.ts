import { exponentialMidpoint } from './midpoint.ts';
import { checkQuantile, rankOf } from './rank.ts';
import { type Counts, scalarBucketOfKnown, scalarTotal } from './scalar.ts';

/** Consecutive buckets of one sign. */
export interface CountedBuckets {
  /** Index of the first bucket. */
  readonly offset: number;
  /** Whole numbers ≥ 0. */
  readonly counts: Counts;
  /** Where in `counts` the buckets begin and how many they are; all of it when absent. */
  readonly from?: number;
  readonly length?: number;
}

/** What a quantile needs of a base-2 exponential histogram. All counts together are below 2^53. */
export interface ExponentialCounts {
  /** -10 to 20; bucket i holds magnitudes in (base^i, base^(i + 1)] with base = 2^(2^-scale). */
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: CountedBuckets;
  /** Buckets of the magnitudes of negative values. */
  readonly negative: CountedBuckets;
  /** All measurements, if known: saves a pass. */
  readonly count?: number | undefined;
  /** Smallest measurement, if known: no quantile is below it. */
  readonly min?: number | undefined;
  /** Largest measurement, if known: no quantile is above it. */
  readonly max?: number | undefined;
}

function clamp(value: number, min = -Infinity, max = Infinity): number {
  return value < min ? min : value > max ? max : value;
}

/**
 * The `q` quantile (nearest rank) of a base-2 exponential histogram: the midpoint of its bucket, no further from the
 * exact one than `exponentialErrorBound(scale)` times that; exact among zeros, and where `min` and `max` leave one
 * value. Subnormal quantiles are coarser, as subnormal numbers are.
 *
 * `undefined` if the histogram is empty or `q` is NaN. Throws `MetricsError` if `q` is outside 0 to 1.
 */
export function quantileOfExponential(histogram: ExponentialCounts, q: number): number | undefined {
  checkQuantile(q);
  const { scale, zeroCount, positive, negative, min, max } = histogram;
  const negatives = totalOf(negative);
  const positives = histogram.count === undefined ? totalOf(positive) : histogram.count - zeroCount - negatives;
  const count = negatives + zeroCount + positives;
  if (count === 0 || Number.isNaN(q)) return undefined;
  const rank = rankOf(q, count);
  if (rank <= negatives) {
    // Ascending values are descending magnitudes.
    return clamp(-magnitudeOf(scale, negative, negatives - rank + 1, negatives), min, max);
  }
  const positiveRank = rank - negatives - zeroCount;
  return positiveRank <= 0 ? 0 : clamp(magnitudeOf(scale, positive, positiveRank, positives), min, max);
}

function totalOf({ counts, from = 0, length = counts.length }: CountedBuckets): number {
  return scalarTotal(counts, from, from + length);
}

/** The middle of the bucket of a rank. */
function magnitudeOf(scale: number, buckets: CountedBuckets, rank: number, total: number): number {
  const { offset, counts, from = 0, length = counts.length } = buckets;
  const at = scalarBucketOfKnown(counts, from, from + length, rank, total);
  return exponentialMidpoint(scale, offset + at - from);
}

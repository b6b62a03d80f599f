import { checkQuantile, rankOf } from './rank.ts';
import { type Counts, scalarBucketOfRank, scalarTotal } from './scalar.ts';

/** What a quantile needs of a histogram with explicit boundaries. All counts together are below 2^53. */
export interface ExplicitCounts {
  /** Finite, strictly increasing upper bounds, which belong to the bucket below them. */
  readonly boundaries: Counts;
  /** Whole numbers ≥ 0, one more than boundaries. */
  readonly counts: Counts;
  /** Smallest measurement, if known. */
  readonly min?: number | undefined;
  /** Largest measurement, if known. */
  readonly max?: number | undefined;
}

/**
 * The `q` quantile (nearest rank) of a histogram with explicit boundaries, by linear interpolation within its bucket:
 * it lies in the same bucket as the exact one, so their distance is less than the width of that bucket.
 *
 * The outermost buckets end at `min` and `max`. Where these are not known, the quantile of an outermost bucket is the
 * boundary it has: no number there would be more than a guess.
 *
 * `undefined` if the histogram is empty, `q` is NaN, or there is neither a boundary nor a `min` and `max`. Throws
 * `MetricsError` if `q` is outside 0 to 1.
 */
export function quantileOfExplicit(histogram: ExplicitCounts, q: number): number | undefined {
  checkQuantile(q);
  const { boundaries, counts, min, max } = histogram;
  const count = scalarTotal(counts, 0, counts.length);
  if (count === 0 || Number.isNaN(q)) return undefined;
  const rank = rankOf(q, count);
  const bucket = scalarBucketOfRank(counts, 0, counts.length, rank);
  const below = scalarTotal(counts, 0, bucket);
  const low = lowEnd(bucket > 0 ? boundaries[bucket - 1] : undefined, min);
  const high = highEnd(bucket < boundaries.length ? boundaries[bucket] : undefined, max);
  if (low === undefined || high === undefined) return low ?? high;
  const share = (rank - below) / counts[bucket]!;
  if (share === 1) return high;
  // Never out of the bucket through rounding, and no overflow where its ends are far apart.
  return Math.min(high, Math.max(low, low * (1 - share) + high * share));
}

function lowEnd(boundary: number | undefined, min: number | undefined): number | undefined {
  if (boundary === undefined || min === undefined) return boundary ?? min;
  return Math.max(boundary, min);
}

function highEnd(boundary: number | undefined, max: number | undefined): number | undefined {
  if (boundary === undefined || max === undefined) return boundary ?? max;
  return Math.min(boundary, max);
}

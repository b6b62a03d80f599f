import { MetricsError } from '../errors.ts';
import { type Counts, scalarBucketOfRank, scalarMerge } from './scalar.ts';

/**
 * Index of the first bucket of `counts` in `from` to `to` (exclusive) at which the running total reaches `rank`, the
 * 1-based position in ascending order; `to` if the counts are fewer, `from` if `rank` is ≤ 0, `to` if it is NaN.
 *
 * Counts are whole numbers ≥ 0 with a total below 2^53. For counts in a `CountMemory` call it there. Other counts are
 * searched without SIMD: to copy 160 of them to a kernel first takes longer than this (bench/kernel.bench.js).
 */
export function bucketOfRank(counts: Counts, from: number, to: number, rank: number): number {
  return scalarBucketOfRank(counts, from, to, rank);
}

/**
 * Adds the counts of `from` to those of `into`, bucket by bucket. Exact, and so associative and commutative, while
 * every count stays below 2^53. Throws `MetricsError` if the lengths differ: buckets would be added that mean
 * different values.
 */
export function mergeCounts(into: Float64Array | number[], from: Counts): void {
  if (into.length !== from.length) {
    throw new MetricsError('invalid_option', `mergeCounts: ${from.length} counts do not fit ${into.length} buckets`);
  }
  scalarMerge(into, 0, from, 0, from.length);
}

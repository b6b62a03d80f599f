import { bucketQuantile } from './quantile.ts';

/** Buckets with given upper-inclusive bounds; `counts` has one more element than `bounds`. */
export interface ExplicitBuckets {
  readonly bounds: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** Counts of consecutive exponential buckets: element `i` counts (base^(offset+i), base^(offset+i+1)]. */
export interface BucketRange {
  readonly offset: number;
  readonly counts: ArrayLike<number>;
}

/** Base-2 exponential buckets of OpenTelemetry: base = 2^(2^-scale); negative values mirrored, near-zero ones apart. */
export interface ExponentialBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  readonly zeroThreshold: number;
  readonly positive: BucketRange;
  readonly negative: BucketRange;
}

/** A histogram's buckets, of either form. */
export type Distribution = ExplicitBuckets | ExponentialBuckets;

/** Tells the two forms apart. */
export function isExponential(distribution: Distribution): distribution is ExponentialBuckets {
  return 'scale' in distribution;
}

/** The same counts with explicit bounds; those of a narrow scale can overflow to Infinity, which sorts last. */
export function toExplicit(buckets: ExponentialBuckets): ExplicitBuckets {
  const { scale, positive, negative, zeroThreshold } = buckets;
  const bounds: number[] = [];
  const counts: number[] = [];
  // A bucket inside the zero threshold (it may have grown over it) has no width left, its edges stay in order.
  const edge = (index: number): number => Math.max(exponentialBound(index, scale), zeroThreshold);
  for (let index = negative.counts.length - 1; index >= 0; index--) {
    bounds.push(-edge(negative.offset + index + 1));
    counts.push(index === negative.counts.length - 1 ? 0 : negative.counts[index + 1]!);
  }
  if (negative.counts.length > 0) {
    bounds.push(-edge(negative.offset));
    counts.push(negative.counts[0]!);
  }
  bounds.push(-zeroThreshold, zeroThreshold);
  counts.push(0, buckets.zeroCount);
  if (positive.counts.length > 0) {
    bounds.push(edge(positive.offset));
    counts.push(0);
  }
  for (let index = 0; index < positive.counts.length; index++) {
    bounds.push(edge(positive.offset + index + 1));
    counts.push(positive.counts[index]!);
  }
  counts.push(0);
  return { bounds, counts };
}

/** base^index for the base of `scale`; exact for scales up to 0 and at powers of two. */
export function exponentialBound(index: number, scale: number): number {
  return 2 ** (index * 2 ** -scale);
}

/** The same distribution at a coarser scale; `scale` must not be above the present one. Exact: neighbours are merged. */
export function atScale(buckets: ExponentialBuckets, scale: number): ExponentialBuckets {
  const shift = buckets.scale - scale;
  if (shift <= 0) return buckets;
  return { ...buckets, scale, positive: merged(buckets.positive, shift), negative: merged(buckets.negative, shift) };
}

function merged({ offset, counts }: BucketRange, shift: number): BucketRange {
  if (counts.length === 0) return { offset: 0, counts: [] };
  // Division, not `>>`: a shift of 32 or more must not wrap around.
  const divisor = 2 ** shift;
  const first = Math.floor(offset / divisor);
  const wider = new Float64Array(Math.floor((offset + counts.length - 1) / divisor) - first + 1);
  for (let index = 0; index < counts.length; index++) {
    const target = Math.floor((offset + index) / divisor) - first;
    wider[target] = wider[target]! + counts[index]!;
  }
  return { offset: first, counts: wider };
}

/**
 * What was counted between two cumulative states, or `undefined` when `before` is no earlier state of `now` (other
 * bounds, or a count that went down): then nothing is known but `now` itself.
 */
export function difference(now: Distribution, before: Distribution): Distribution | undefined {
  if (isExponential(now)) return isExponential(before) ? exponentialDifference(now, before) : undefined;
  if (isExponential(before) || !sameBounds(now.bounds, before.bounds)) return undefined;
  const counts = new Float64Array(now.counts.length);
  for (let index = 0; index < counts.length; index++) {
    counts[index] = now.counts[index]! - before.counts[index]!;
    if (counts[index]! < 0) return undefined;
  }
  return { bounds: now.bounds, counts };
}

function sameBounds(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

function exponentialDifference(now: ExponentialBuckets, before: ExponentialBuckets): ExponentialBuckets | undefined {
  const scale = Math.min(now.scale, before.scale);
  const a = atScale(now, scale);
  const b = atScale(before, scale);
  const positive = rangeDifference(a.positive, b.positive);
  const negative = rangeDifference(a.negative, b.negative);
  const zeroCount = a.zeroCount - b.zeroCount;
  if (!positive || !negative || zeroCount < 0) return undefined;
  return { scale, zeroCount, zeroThreshold: a.zeroThreshold, positive, negative };
}

function rangeDifference(now: BucketRange, before: BucketRange): BucketRange | undefined {
  const counts = Float64Array.from(now.counts);
  for (let index = 0; index < before.counts.length; index++) {
    const taken = before.counts[index]!;
    if (taken === 0) continue;
    const at = before.offset + index - now.offset;
    if (at < 0 || at >= counts.length || counts[at]! < taken) return undefined;
    counts[at] = counts[at]! - taken;
  }
  return { offset: now.offset, counts };
}

/** A copy that later recording into the original cannot reach. */
export function snapshot(distribution: Distribution): Distribution {
  if (!isExponential(distribution))
    return { bounds: distribution.bounds, counts: Float64Array.from(distribution.counts) };
  const copy = ({ offset, counts }: BucketRange): BucketRange => ({ offset, counts: Float64Array.from(counts) });
  return { ...distribution, positive: copy(distribution.positive), negative: copy(distribution.negative) };
}

/** A quantile of either form, see {@link bucketQuantile}; `undefined` when empty. */
export function distributionQuantile(
  q: number,
  distribution: Distribution,
  min?: number,
  max?: number,
): number | undefined {
  const { bounds, counts } = isExponential(distribution) ? toExplicit(distribution) : distribution;
  return bucketQuantile(q, bounds, counts, min, max);
}

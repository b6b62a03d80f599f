import { atScale, type BucketCounts, type Buckets } from './exponential-scale.ts';

/** Buckets with upper-inclusive bounds; `counts` has one more element, for what is above all bounds. */
export interface ClassicBuckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Buckets of an exponential histogram. */
export interface ExponentialBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  /** Values up to so far from zero are counted as zeros; nothing but zero itself when it is left out. */
  readonly zeroThreshold?: number;
  readonly positive: BucketCounts;
  readonly negative: BucketCounts;
}

/** Most buckets per sign that an exponential histogram gets as classic ones. */
const MOST_BUCKETS = 40;

/** At most two buckets per power of two. */
const FINEST_SCALE = 1;

/**
 * An exponential histogram as Prometheus' classic buckets. They are merged, exactly, to a scale of at most 1 and further
 * until they are few: their bounds are then the same for every series of a scale.
 */
export function classicBuckets(given: ExponentialBuckets): ClassicBuckets {
  const histogram = withZerosTogether(given);
  const { positive, negative } = histogram;
  const widest = Math.max(positive.bucketCounts.length, negative.bucketCounts.length);
  const atMost = Math.min(FINEST_SCALE, histogram.scale);
  const merged = Math.ceil(widest / 2 ** (histogram.scale - atMost));
  const scale = atMost - (merged <= MOST_BUCKETS ? 0 : Math.ceil(Math.log2(merged / MOST_BUCKETS)));
  return bounded(
    atScale(negative, histogram.scale, scale),
    histogram,
    atScale(positive, histogram.scale, scale),
    scale,
  );
}

/**
 * Buckets wholly inside the zero threshold, which may have grown over them, count as zeros: merged with a neighbour that
 * reaches over the threshold, they would count above it.
 */
function withZerosTogether(histogram: ExponentialBuckets): ExponentialBuckets {
  const { scale, zeroThreshold = 0 } = histogram;
  if (zeroThreshold === 0) return histogram;
  let zeroCount = histogram.zeroCount;
  const outside = ({ offset, bucketCounts }: BucketCounts): BucketCounts => {
    let inside = 0;
    while (inside < bucketCounts.length && boundOf(offset + inside + 1, scale) <= zeroThreshold) {
      zeroCount += bucketCounts[inside++]!;
    }
    return inside === 0
      ? { offset, bucketCounts }
      : { offset: offset + inside, bucketCounts: Array.from(bucketCounts).slice(inside) };
  };
  return { ...histogram, positive: outside(histogram.positive), negative: outside(histogram.negative), zeroCount };
}

function bounded(
  negative: Buckets,
  { zeroCount, zeroThreshold = 0 }: ExponentialBuckets,
  positive: Buckets,
  scale: number,
): ClassicBuckets {
  const bounds: number[] = [];
  const counts: number[] = [];
  const add = (bound: number, count: number): void => {
    // Of a bound that comes twice, or overflowed to infinity, the next bucket takes the count.
    if (bounds.length > 0 && bounds.at(-1) === bound) counts[counts.length - 1]! += count;
    else if (Number.isFinite(bound)) {
      bounds.push(bound);
      counts.push(carried + count);
      carried = 0;
    } else carried += count;
  };
  let carried = 0;
  // A bucket inside the threshold, which may have grown over it, has no width left; the bounds stay in order.
  const edge = (index: number): number => Math.max(boundOf(index, scale), zeroThreshold);
  const last = negative.counts.length - 1;
  for (let index = last; index >= 0; index--) {
    // Values of a negative bucket are above its lower bound, which is the upper bound of the bucket before.
    add(-edge(negative.offset + index + 1), index === last ? 0 : negative.counts[index + 1]!);
  }
  if (last >= 0) add(-edge(negative.offset), negative.counts[0]!);
  if (zeroThreshold > 0) add(-zeroThreshold, 0);
  add(zeroThreshold, zeroCount);
  if (positive.counts.length > 0) add(edge(positive.offset), 0);
  for (let index = 0; index < positive.counts.length; index++) {
    add(edge(positive.offset + index + 1), positive.counts[index]!);
  }
  counts.push(carried);
  return { bounds, counts };
}

/** base^index for the base of `scale`; exact for scales up to 0 and at powers of two. */
function boundOf(index: number, scale: number): number {
  return 2 ** (index * 2 ** -scale);
}

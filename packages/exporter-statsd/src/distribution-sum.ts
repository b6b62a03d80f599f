import {
  atScale,
  type BucketRange,
  type Distribution,
  type ExponentialBuckets,
  isExponential,
} from './distribution.ts';

/** Most buckets a sum may have in one range; SDKs send 160 by default. */
const BUCKET_LIMIT = 4096;

/**
 * The counts of both together. Exact: of exponential buckets the finer is brought to the coarser scale, and coarser still when the
 * ranges lie so far apart that they would span more than `bucketLimit` buckets. Buckets that cannot be added, as their bounds
 * or forms differ, are not: the result is then `b`.
 */
export function sumOfDistributions(a: Distribution, b: Distribution, bucketLimit: number = BUCKET_LIMIT): Distribution {
  if (isExponential(a)) return isExponential(b) ? sumOfExponentials(a, b, bucketLimit) : b;
  if (isExponential(b) || a.bounds.length !== b.bounds.length) return b;
  for (let index = 0; index < a.bounds.length; index++) if (a.bounds[index] !== b.bounds[index]) return b;
  const counts = new Float64Array(b.bounds.length + 1);
  for (let index = 0; index < counts.length; index++) counts[index] = a.counts[index]! + b.counts[index]!;
  return { bounds: b.bounds, counts };
}

/** See {@link sumOfDistributions}. */
export function sumOfExponentials(
  a: ExponentialBuckets,
  b: ExponentialBuckets,
  bucketLimit: number = BUCKET_LIMIT,
): ExponentialBuckets {
  const finest = Math.min(a.scale, b.scale);
  const width = Math.max(joinedWidth(a, b, 'positive', finest), joinedWidth(a, b, 'negative', finest));
  // Ranges far apart would make a long empty middle: halve the resolution until they fit. One more, as halving rounds up.
  const scale = width <= bucketLimit ? finest : finest - Math.ceil(Math.log2(width / bucketLimit)) - 1;
  const left = atScale(a, scale);
  const right = atScale(b, scale);
  return {
    scale,
    zeroCount: a.zeroCount + b.zeroCount,
    zeroThreshold: Math.max(a.zeroThreshold, b.zeroThreshold),
    positive: sumOfRanges(left.positive, right.positive),
    negative: sumOfRanges(left.negative, right.negative),
  };
}

/** Buckets that both ranges together span at a scale. */
function joinedWidth(
  a: ExponentialBuckets,
  b: ExponentialBuckets,
  side: 'positive' | 'negative',
  scale: number,
): number {
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

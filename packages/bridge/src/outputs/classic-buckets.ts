import {
  atScale,
  type Distribution,
  type ExplicitBuckets,
  isExponential,
  toExplicit,
} from '@nanometer/exporter-statsd';

/** Most buckets an exponential histogram gets as classic ones. */
const CLASSIC_LIMIT = 40;

/**
 * The buckets of a histogram as Prometheus' classic ones. Exponential buckets are merged, exactly, to a scale of at most
 * 1 (two per power of two) and further until they are few: their bounds are then the same for every series of a scale.
 */
export function classicBuckets(distribution: Distribution): ExplicitBuckets {
  if (!isExponential(distribution)) return distribution;
  const widest = Math.max(distribution.positive.counts.length, distribution.negative.counts.length);
  const scale = Math.min(1, distribution.scale);
  const merged = Math.ceil(widest / 2 ** (distribution.scale - scale));
  const coarser = merged <= CLASSIC_LIMIT ? 0 : Math.ceil(Math.log2(merged / CLASSIC_LIMIT));
  const { bounds, counts } = toExplicit(atScale(distribution, scale - coarser));
  return withoutRepeats(bounds, counts);
}

/** Bounds must ascend strictly and be finite; equal ones (a zero threshold of 0 gives two) become one. */
function withoutRepeats(bounds: ArrayLike<number>, counts: ArrayLike<number>): ExplicitBuckets {
  const keptBounds: number[] = [];
  const keptCounts: number[] = [];
  let carried = 0;
  for (let index = 0; index < bounds.length; index++) {
    const bound = bounds[index]! + 0;
    carried += counts[index]!;
    if (!Number.isFinite(bound)) continue;
    if (keptBounds.length > 0 && keptBounds.at(-1) === bound) {
      keptCounts[keptCounts.length - 1]! += carried;
    } else {
      keptBounds.push(bound);
      keptCounts.push(carried);
    }
    carried = 0;
  }
  keptCounts.push(carried + counts[bounds.length]!);
  return { bounds: keptBounds, counts: keptCounts };
}

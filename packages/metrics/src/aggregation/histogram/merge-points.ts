import type { ExponentialHistogram, Histogram } from '../../data-types.ts';
import { MetricsError } from '../../errors.ts';
import { mergeCounts } from '../../kernel/kernel.ts';
import { type BucketRun, EMPTY_RUN } from './bucket-window.ts';
import { countOf, type ExponentialState, mergeExponential } from './exponential-state.ts';

/** The specification's default. */
const DEFAULT_MAX_SIZE = 160;
const SMALLEST_MAX_SIZE = 2;

export interface MergeOptions {
  /** Exponential buckets per sign that the result may have; 2 or more. Default 160. */
  readonly maxSize?: number;
}

/**
 * Joins two histograms, as data points carry them: of several processes, symbols or intervals. The result is the
 * histogram of all measurements together, in fresh objects; the points stay as they are.
 *
 * Counts are exact while their total is below 2^53, so that merging is associative and commutative but for the rounding
 * of the sum. Exponential histograms take the largest scale at which the result fits. A sum, minimum or maximum that
 * one of them does not tell the result does not tell either, unless that one is empty.
 *
 * Throws `MetricsError` for explicit histograms of different boundaries, for histograms of different kinds, and for a
 * `maxSize` below 2.
 */
export function mergeHistograms<Point extends Histogram | ExponentialHistogram>(
  a: Point,
  b: Point,
  options: MergeOptions = {},
): Point {
  const { maxSize = DEFAULT_MAX_SIZE } = options;
  if (!(maxSize >= SMALLEST_MAX_SIZE)) {
    throw new MetricsError('invalid_option', `mergeHistograms: maxSize must be 2 or more, got ${maxSize}`);
  }
  if (isExplicit(a) && isExplicit(b)) return mergeExplicitPoints(a, b) as Point;
  if (!isExplicit(a) && !isExplicit(b)) return mergeExponentialPoints(a, b, maxSize) as Point;
  throw new MetricsError('invalid_option', 'mergeHistograms: one histogram is explicit, the other exponential');
}

function isExplicit(point: Histogram | ExponentialHistogram): point is Histogram {
  return 'buckets' in point;
}

interface Summary {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What both tell; what an empty one does not tell is nothing. */
function summaryOf(a: Summary, b: Summary): Pick<Summary, 'sum' | 'min' | 'max'> {
  const joined = (key: 'sum' | 'min' | 'max', join: (x: number, y: number) => number): number | undefined => {
    const [x, y] = [a[key], b[key]];
    if (x === undefined) return a.count === 0 ? y : undefined;
    if (y === undefined) return b.count === 0 ? x : undefined;
    return join(x, y);
  };
  return { sum: joined('sum', (x, y) => x + y), min: joined('min', Math.min), max: joined('max', Math.max) };
}

function mergeExplicitPoints(a: Histogram, b: Histogram): Histogram {
  const { boundaries } = a.buckets;
  const isAlike =
    boundaries.length === b.buckets.boundaries.length &&
    boundaries.every((boundary, i) => boundary === b.buckets.boundaries[i]);
  if (!isAlike) {
    throw new MetricsError(
      'invalid_option',
      `mergeHistograms: boundaries [${boundaries.join(', ')}] and [${b.buckets.boundaries.join(', ')}] differ`,
    );
  }
  const counts = [...a.buckets.counts];
  mergeCounts(counts, b.buckets.counts);
  const point = { ...summaryOf(a, b), buckets: { boundaries: [...boundaries], counts }, count: a.count + b.count };
  // Absent values are `undefined` in the SDK's own data, which its types do not say under exactOptionalPropertyTypes.
  return point as Histogram;
}

function runOf({ offset, bucketCounts }: ExponentialHistogram['positive']): BucketRun {
  return bucketCounts.length === 0 ? EMPTY_RUN : { offset, counts: bucketCounts };
}

function stateOf(point: ExponentialHistogram, scale: number): ExponentialState {
  const { zeroCount, positive, negative } = point;
  // Sum and extremes are joined apart: they may be missing.
  return { scale, zeroCount, sum: 0, min: 0, max: 0, positive: runOf(positive), negative: runOf(negative) };
}

function mergeExponentialPoints(
  a: ExponentialHistogram,
  b: ExponentialHistogram,
  maxSize: number,
): ExponentialHistogram {
  // Without buckets there is nothing a scale could describe: that of the other one counts.
  const scaleOf = (own: ExponentialHistogram, other: ExponentialHistogram): number =>
    own.count === own.zeroCount ? other.scale : own.scale;
  const merged = mergeExponential(stateOf(a, scaleOf(a, b)), stateOf(b, scaleOf(b, a)), maxSize);
  const point = {
    ...summaryOf(a, b),
    positive: { offset: merged.positive.offset, bucketCounts: [...merged.positive.counts] },
    negative: { offset: merged.negative.offset, bucketCounts: [...merged.negative.counts] },
    count: countOf(merged),
    scale: merged.scale,
    zeroCount: merged.zeroCount,
  };
  return point as ExponentialHistogram;
}

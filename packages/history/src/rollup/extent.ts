import { type Distribution, isExponential, toExplicit } from '@nanometer/exporter-statsd';

/** Between what the values in some buckets lie. */
export interface Extent {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/**
 * The edges of the outermost buckets that hold anything, cut to what the whole stream's least and greatest value are: exact
 * when the stream's extreme is among them, else as coarse as the bucket. An edge is `undefined` where
 * the bucket is open and nothing bounds it; the whole is, when the buckets are empty.
 */
export function extentOf(
  distribution: Distribution,
  min: number | undefined,
  max: number | undefined,
): Extent | undefined {
  const { bounds, counts } = isExponential(distribution) ? toExplicit(distribution) : distribution;
  let first = 0;
  while (first < counts.length && !(counts[first]! > 0)) first++;
  if (first === counts.length) return undefined;
  let last = counts.length - 1;
  while (!(counts[last]! > 0)) last--;
  return {
    min: bounded(Math.max(bounds[first - 1] ?? Number.NEGATIVE_INFINITY, min ?? Number.NEGATIVE_INFINITY)),
    max: bounded(Math.min(bounds[last] ?? Number.POSITIVE_INFINITY, max ?? Number.POSITIVE_INFINITY)),
  };
}

function bounded(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Quantile of ascending values by linear interpolation between order statistics (Hyndman and Fan type 7, the default of
 * R and numpy). `p` from 0 to 1; undefined without values or for another `p`.
 */
export function quantileOfSorted(
  sorted: ArrayLike<number>,
  p: number,
  length: number = sorted.length,
): number | undefined {
  if (length === 0 || !(p >= 0 && p <= 1)) return undefined;
  const place = (length - 1) * p;
  const below = Math.floor(place);
  const low = sorted[below]!;
  if (below + 1 >= length) return low;
  return low + (place - below) * (sorted[below + 1]! - low);
}

/** {@link quantileOfSorted} of values in any order; copies and sorts. NaN is left out. */
export function quantile(values: ArrayLike<number>, p: number): number | undefined {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return quantileOfSorted(sorted, p);
}

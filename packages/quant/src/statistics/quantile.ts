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

/** Way of placing a quantile among order statistics, as Hyndman and Fan (1996) and R number them. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Constant of p(n) in place = n·p + m, by type. */
const OFFSETS: Readonly<Record<QuantileType, (p: number) => number>> = {
  1: () => 0,
  2: () => 0,
  3: () => -0.5,
  4: () => 0,
  5: () => 0.5,
  6: (p) => p,
  7: (p) => 1 - p,
  8: (p) => (p + 1) / 3,
  9: (p) => p / 4 + 3 / 8,
};

/** Rounding that a place may carry and still be a whole number, as R allows. */
const FUZZ = 4 * Number.EPSILON;

/** {@link quantile} of any of the nine types; type 7 is the default everywhere else. */
export function quantileOfType(values: ArrayLike<number>, p: number, type: QuantileType): number | undefined {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const count = sorted.length;
  if (count === 0 || !(p >= 0 && p <= 1)) return undefined;
  const place = count * p + OFFSETS[type](p);
  const below = Math.floor(place + FUZZ);
  const share = shareOf(place - below, below, type);
  const low = sorted[Math.min(count, Math.max(1, below)) - 1]!;
  const high = sorted[Math.min(count, Math.max(1, below + 1)) - 1]!;
  return share === 0 ? low : low + share * (high - low);
}

/** Weight of the upper order statistic. */
function shareOf(rest: number, below: number, type: QuantileType): number {
  const isWhole = Math.abs(rest) < FUZZ;
  if (type === 1) return isWhole ? 0 : 1;
  if (type === 2) return isWhole ? 0.5 : 1;
  if (type === 3) return isWhole && below % 2 === 0 ? 0 : 1;
  return isWhole ? 0 : rest;
}

import { quantile } from '../statistics/quantile.ts';

/**
 * Compound annual growth from `start` to `end` over `days`, for a year of `daysPerYear`. Undefined unless all are
 * positive.
 */
export function compoundAnnualGrowth(start: number, end: number, days: number, daysPerYear = 365): number | undefined {
  if (!(start > 0) || !(end > 0) || !(days > 0) || !(daysPerYear > 0)) return undefined;
  return (end / start) ** (daysPerYear / days) - 1;
}

/**
 * Size of the upper tail over size of the lower one: |q(1 - p)| / |q(p)|, type 7 quantiles. Undefined without returns or
 * where the lower quantile is 0.
 */
export function tailRatio(returns: ArrayLike<number>, p = 0.05): number | undefined {
  const low = quantile(returns, p);
  const high = quantile(returns, 1 - p);
  return low === undefined || high === undefined || low === 0 ? undefined : Math.abs(high) / Math.abs(low);
}

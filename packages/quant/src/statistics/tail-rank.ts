/** Rounding that a share of a count may carry: 0.07 × 100 is 7.000000000000001 in doubles, and 1 - 0.95 is above 0.05. */
const ROUNDING = 1e-9;

/** Values in the tail of probability `p` of `count`: ceil(p·count), at least 1, without counting rounding as a value. */
export function tailRank(p: number, count: number): number {
  return Math.max(1, Math.ceil(p * count - ROUNDING));
}

const ROOT = 3 - 2 * Math.SQRT2;

/** High and low of a bar, and its close where gaps between bars are to be taken out. */
export interface RangeBar {
  readonly high: number;
  readonly low: number;
  readonly close?: number | undefined;
}

/**
 * Spread, as a share of the price, from the highs and lows of two bars in a row (Corwin and Schultz 2012): a range over
 * both holds the variance of two bars but the spread only once. Where the second bar lies beyond the first one's close it
 * is moved back by the gap. Can be negative, which the authors set to 0 before they average; undefined for prices that
 * are no range.
 */
export function corwinSchultzSpread(first: RangeBar, second: RangeBar): number | undefined {
  if (!isRange(first) || !isRange(second)) return undefined;
  const gap = gapOf(first.close, second);
  const high = second.high - gap;
  const low = second.low - gap;
  if (!(low > 0)) return undefined;
  const beta = Math.log(first.high / first.low) ** 2 + Math.log(high / low) ** 2;
  const gamma = Math.log(Math.max(first.high, high) / Math.min(first.low, low)) ** 2;
  const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / ROOT - Math.sqrt(gamma / ROOT);
  return (2 * (Math.exp(alpha) - 1)) / (1 + Math.exp(alpha));
}

function isRange({ high, low }: RangeBar): boolean {
  return low > 0 && high >= low && high < Infinity;
}

/** How far a bar opened beyond the close before, seen by its range alone; 0 without that close. */
function gapOf(close: number | undefined, { high, low }: RangeBar): number {
  if (close === undefined) return 0;
  if (low > close) return low - close;
  return high < close ? high - close : 0;
}

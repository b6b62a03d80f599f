import { normalProbability } from './normal.ts';

/** Probability of a chi-square value above `x` for 1 or 2 degrees of freedom; undefined for a negative `x` or NaN. */
export function chiSquareTail(x: number, degrees: 1 | 2): number | undefined {
  if (!(x >= 0)) return undefined;
  return degrees === 1 ? 2 * normalProbability(-Math.sqrt(x)) : Math.exp(-x / 2);
}

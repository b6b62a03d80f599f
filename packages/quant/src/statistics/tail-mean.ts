import { tailRank } from './tail-rank.ts';

/**
 * Mean of the largest share `alpha` of values, the last one counted in part: the discrete conditional expectation of
 * Rockafellar and Uryasev (2000), which is coherent at any share. Undefined without values or for a share outside 0 to 1.
 */
export function tailMean(values: ArrayLike<number>, alpha: number): number | undefined {
  if (values.length === 0 || !(alpha > 0 && alpha <= 1)) return undefined;
  const ascending = Float64Array.from(values).sort();
  const share = alpha * values.length;
  const at = ascending.length - tailRank(alpha, ascending.length);
  const bound = ascending[at]!;
  let above = 0;
  for (let i = at + 1; i < ascending.length; i++) above += ascending[i]! - bound;
  return bound + above / share;
}

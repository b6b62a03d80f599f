import { normalDensity, normalProbability } from '../statistics/normal.ts';
import { bentQuantileAnywhere } from './cornish-fisher.ts';
import type { ShapedMoments } from './parametric-risk.ts';

/**
 * Integral of `z^power·φ(z)` from -∞ to `bound`, for powers up to 6, by the recursion of integration by parts:
 * I(k) = (k - 1)·I(k - 2) - bound^(k - 1)·φ(bound).
 */
function normalMomentBelow(power: number, bound: number): number {
  if (power === 0) return normalProbability(bound);
  if (power === 1) return -normalDensity(bound);
  return (power - 1) * normalMomentBelow(power - 2, bound) - bound ** (power - 1) * normalDensity(bound);
}

/** Integral of `z·He(z)·φ(z)` below the bound, with the Hermite polynomial of the coefficients from z⁰ on. */
function tailOf(bound: number, hermite: readonly number[]): number {
  return hermite.reduce(
    (sum, factor, power) => (factor === 0 ? sum : sum + factor * normalMomentBelow(power + 1, bound)),
    0,
  );
}

/**
 * Modified expected shortfall as a positive loss: the mean of the second-order Edgeworth density below the
 * Cornish-Fisher quantile (Boudt, Peterson and Croux 2008, Journal of Risk 11). The quantile is the bare expansion, also
 * where it orders returns no more. `isOperational`, the default and the paper's advice, never lets it fall below the
 * value at risk. `p` is the tail's probability; undefined outside 0 < p < 0.5 or for moments that are not finite.
 */
export function modifiedExpectedShortfall(
  { mean, deviation, skewness, kurtosis }: ShapedMoments,
  p: number,
  isOperational = true,
): number | undefined {
  if (!(p > 0 && p < 0.5)) return undefined;
  const excess = kurtosis - 3;
  const bound = bentQuantileAnywhere(skewness, excess, p).value;
  const tail =
    tailOf(bound, [1]) +
    (skewness / 6) * tailOf(bound, [0, -3, 0, 1]) +
    (excess / 24) * tailOf(bound, [3, 0, -6, 0, 1]) +
    (skewness ** 2 / 72) * tailOf(bound, [-15, 0, 45, 0, -15, 0, 1]);
  const standard = tail / p;
  const loss = -(mean + deviation * (isOperational ? Math.min(standard, bound) : standard));
  return Number.isFinite(loss) ? loss : undefined;
}

import { normalDensity, normalQuantile } from '../statistics/normal.ts';

/** Moments of a series of returns or P&L. */
export interface ReturnMoments {
  readonly mean: number;
  /** Standard deviation, not negative. */
  readonly deviation: number;
}

/** Moments up to the fourth; `kurtosis` is 3 for a normal law. */
export interface ShapedMoments extends ReturnMoments {
  readonly skewness: number;
  readonly kurtosis: number;
}

function isTail(p: number): boolean {
  return p > 0 && p < 0.5;
}

/** Value at risk of a normal law as a positive loss, `p` the tail's probability (0.05). Undefined outside 0 < p < 0.5. */
export function normalValueAtRisk({ mean, deviation }: ReturnMoments, p: number): number | undefined {
  return isTail(p) ? -(mean + normalQuantile(p) * deviation) : undefined;
}

/** Expected shortfall of a normal law as a positive loss: the mean loss beyond {@link normalValueAtRisk}. */
export function normalExpectedShortfall({ mean, deviation }: ReturnMoments, p: number): number | undefined {
  return isTail(p) ? (deviation * normalDensity(normalQuantile(p))) / p - mean : undefined;
}

/**
 * The normal quantile bent by skewness and kurtosis (Cornish and Fisher 1937; population moments). Undefined where the
 * bend folds back between the two tails of probability `p`, so that it orders returns no more (Maillard 2012).
 */
export function cornishFisherQuantile(skewness: number, kurtosis: number, p: number): number | undefined {
  const excess = kurtosis - 3;
  const z = normalQuantile(p);
  if (!risesWithin(Math.abs(z), skewness, excess)) return undefined;
  return (
    z +
    ((z * z - 1) * skewness) / 6 +
    ((z ** 3 - 3 * z) * excess) / 24 -
    ((2 * z ** 3 - 5 * z) * skewness * skewness) / 36
  );
}

/** Whether the derivative of the expansion, a parabola in z, is positive from -bound to bound. */
function risesWithin(bound: number, skewness: number, excess: number): boolean {
  const square = excess / 8 - (skewness * skewness) / 6;
  const linear = skewness / 3;
  const constant = 1 - excess / 8 + (5 * skewness * skewness) / 36;
  const derivative = (z: number): number => (square * z + linear) * z + constant;
  const vertex = -linear / (2 * square);
  const lowest = Math.abs(vertex) < bound ? derivative(vertex) : Infinity;
  return derivative(-bound) > 0 && derivative(bound) > 0 && lowest > 0;
}

/** Value at risk by {@link cornishFisherQuantile}, a positive loss; undefined where that is. */
export function cornishFisherValueAtRisk(moments: ShapedMoments, p: number): number | undefined {
  if (!isTail(p)) return undefined;
  const z = cornishFisherQuantile(moments.skewness, moments.kurtosis, p);
  return z === undefined ? undefined : -(moments.mean + z * moments.deviation);
}

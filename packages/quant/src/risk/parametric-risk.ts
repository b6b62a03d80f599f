import { bentQuantile, bentQuantileAnywhere, bentTailMean } from './cornish-fisher.ts';
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

/** Where the expansion of Cornish and Fisher is taken: where it orders returns (Maillard 2012), or anywhere. */
export type CornishFisherDomain = 'monotone' | 'anywhere';

/**
 * Value of {@link bentQuantile} for a kurtosis that is 3 for a normal law; undefined where that is. In the domain
 * `anywhere` it is the bare expansion, which other libraries print: a figure to compare with, no quantile.
 */
export function cornishFisherQuantile(
  skewness: number,
  kurtosis: number,
  p: number,
  domain: CornishFisherDomain = 'monotone',
): number | undefined {
  const bent = domain === 'anywhere' ? bentQuantileAnywhere : bentQuantile;
  return bent(skewness, kurtosis - 3, p)?.value;
}

/** Value at risk by {@link cornishFisherQuantile}, a positive loss; undefined where that is, and outside 0 < p < 0.5. */
export function cornishFisherValueAtRisk(
  moments: ShapedMoments,
  p: number,
  domain: CornishFisherDomain = 'monotone',
): number | undefined {
  if (!isTail(p)) return undefined;
  const z = cornishFisherQuantile(moments.skewness, moments.kurtosis, p, domain);
  return z === undefined ? undefined : -(moments.mean + z * moments.deviation);
}

/**
 * Mean loss beyond {@link cornishFisherValueAtRisk}, a positive loss. Undefined unless the expansion rises everywhere,
 * which a kurtosis below 3 or much skewness precludes, and outside 0 < p < 0.5.
 */
export function cornishFisherExpectedShortfall(moments: ShapedMoments, p: number): number | undefined {
  if (!isTail(p)) return undefined;
  const z = bentTailMean(moments.skewness, moments.kurtosis - 3, p)?.value;
  return z === undefined ? undefined : -(moments.mean + z * moments.deviation);
}

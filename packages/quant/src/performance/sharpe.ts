import { normalProbability, normalQuantile } from '../statistics/normal.ts';

/** What the error of a Sharpe ratio depends on: the ratio per period, and the moments of the returns behind it. */
export interface SharpeSample {
  /** Mean over sample standard deviation, per period, not annualised. */
  readonly sharpe: number;
  readonly count: number;
  /** Third standardised moment. */
  readonly skewness: number;
  /** Fourth standardised moment, 3 for a normal law (not the excess). */
  readonly kurtosis: number;
}

/**
 * Mean over sample deviation. Undefined where there is no deviation but rounding: below 1e-9 of the mean, which no
 * strategy has ever had, whereas constant gains of 0.1 differ by 1e-17 once they were added up and taken apart.
 */
export function meanOverDeviation(mean: number | undefined, deviation: number | undefined): number | undefined {
  if (mean === undefined || deviation === undefined || !(deviation > 1e-9 * Math.abs(mean))) return undefined;
  return mean / deviation;
}

/**
 * Standard error of a Sharpe ratio per period for returns that are not normal (Mertens 2002):
 * sqrt((1 - skewness·SR + (kurtosis - 1)/4·SR²) / (n - 1)). Undefined below two returns, or where the estimate of the
 * variance is not positive.
 */
export function sharpeStandardError({ sharpe, count, skewness, kurtosis }: SharpeSample): number | undefined {
  const variance = (1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe) / (count - 1);
  return count > 1 && variance > 0 ? Math.sqrt(variance) : undefined;
}

/**
 * Probability that the true Sharpe ratio is above `reference`, both per period (Bailey and López de Prado 2012).
 * Undefined where the standard error is.
 */
export function probabilisticSharpe(sample: SharpeSample, reference: number): number | undefined {
  const error = sharpeStandardError(sample);
  return error === undefined ? undefined : normalProbability((sample.sharpe - reference) / error);
}

/**
 * Standard error of a Sharpe ratio per period for independent normal returns, over n: sqrt((1 + SR²/2)/n) (Lo 2002).
 * Undefined without returns.
 */
export function normalSharpeError(sharpe: number, count: number): number | undefined {
  return count > 0 && Number.isFinite(sharpe) ? Math.sqrt((1 + (sharpe * sharpe) / 2) / count) : undefined;
}

/**
 * Returns that it takes to say with `confidence` that the true ratio is above `reference`, both per period (minimum
 * track record length, Bailey and López de Prado 2012): 1 + (1 - skewness·SR + (kurtosis - 1)/4·SR²)·(z/(SR - SR*))².
 * `count` of the sample does not matter. Undefined unless the ratio is above the reference.
 */
export function minimumTrackRecord(
  { sharpe, skewness, kurtosis }: Omit<SharpeSample, 'count'>,
  reference: number,
  confidence = 0.95,
): number | undefined {
  if (!(sharpe > reference) || !(confidence > 0.5 && confidence < 1)) return undefined;
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  return variance > 0 ? 1 + variance * (normalQuantile(confidence) / (sharpe - reference)) ** 2 : undefined;
}

const EULER_MASCHERONI = 0.5772156649015329;

/**
 * The Sharpe ratio per period that the best of `trials` strategies without any skill is expected to show, when their
 * ratios vary with `variance` (Bailey and López de Prado 2014): the reference of a deflated Sharpe ratio. Undefined
 * below two trials or for a negative variance.
 */
export function expectedBestSharpe(
  trials: number,
  variance: number,
  quantileOf: (p: number) => number,
): number | undefined {
  if (!(trials >= 2) || !(variance >= 0)) return undefined;
  const high = quantileOf(1 - 1 / trials);
  const higher = quantileOf(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * high + EULER_MASCHERONI * higher);
}

/**
 * Factor that annualises a Sharpe ratio of `periods` periods when returns are autocorrelated (Lo 2002):
 * q / sqrt(q + 2·Σ(q - k)·ρ_k), k from 1 to q - 1. `autocorrelationAt` returns ρ_k, or undefined where it has none,
 * which counts as 0. Equals sqrt(q) without autocorrelation. Undefined when the variance it implies is not positive.
 */
export function loFactor(
  periods: number,
  autocorrelationAt: (lag: number) => number | undefined,
  maxLag: number = periods - 1,
): number | undefined {
  let sum = 0;
  for (let lag = 1; lag <= Math.min(periods - 1, maxLag); lag++) sum += (periods - lag) * (autocorrelationAt(lag) ?? 0);
  const variance = periods + 2 * sum;
  return variance > 0 ? periods / Math.sqrt(variance) : undefined;
}

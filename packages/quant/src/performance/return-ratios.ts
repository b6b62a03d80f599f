import type { Moments } from '../statistics/moments.ts';
import { normalQuantile } from '../statistics/normal.ts';
import type { ReturnSummary } from './return-summary.ts';
import {
  expectedBestSharpe,
  meanOverDeviation,
  probabilisticSharpe,
  type SharpeSample,
  sharpeStandardError,
} from './sharpe.ts';

/**
 * Ratios of a run of returns on a regular clock. Ratios whose name says nothing are annualised by the square root of
 * `periodsPerYear`; what has too few returns, no variance or no loss is undefined, never a stand-in number.
 */
export class ReturnRatios {
  readonly #summary: ReturnSummary;
  readonly #periodsPerYear: number;
  readonly #minimum: number;

  /** `minimumCount`: below as many returns nothing is annualised. */
  constructor(summary: ReturnSummary, periodsPerYear: number, minimumCount: number) {
    this.#summary = summary;
    this.#periodsPerYear = periodsPerYear;
    this.#minimum = minimumCount;
  }

  get count(): number {
    return this.#summary.count;
  }

  /** Sample standard deviation of the excess returns, annualised. */
  get volatility(): number | undefined {
    return this.#annualised(this.#moments.deviation);
  }

  /** Sample variance of the excess returns, annualised. */
  get variance(): number | undefined {
    const { variance } = this.#moments;
    return variance === undefined || !this.#isEnough ? undefined : variance * this.#periodsPerYear;
  }

  /** Mean excess return over its sample deviation, annualised. */
  get sharpe(): number | undefined {
    return this.#annualised(this.sharpePerPeriod);
  }

  get sharpePerPeriod(): number | undefined {
    return meanOverDeviation(this.#moments.mean, this.#moments.deviation);
  }

  /** Standard error of {@link sharpePerPeriod}. */
  get sharpeErrorPerPeriod(): number | undefined {
    const sample = this.#sample;
    return sample && sharpeStandardError(sample);
  }

  /** Probability that the true ratio per period is above `reference`. */
  probabilisticSharpe(reference = 0): number | undefined {
    const sample = this.#sample;
    return sample && probabilisticSharpe(sample, reference);
  }

  /** {@link probabilisticSharpe} against what the best of `trials` unskilled strategies would show. */
  deflatedSharpe(trials: number, varianceOfSharpes: number): number | undefined {
    const reference = expectedBestSharpe(trials, varianceOfSharpes, normalQuantile);
    return reference === undefined ? undefined : this.probabilisticSharpe(reference);
  }

  /** Root of the mean over all n of min(r - target, 0)², annualised. */
  get downsideDeviation(): number | undefined {
    return this.#annualised(this.downsideDeviationPerPeriod);
  }

  get downsideDeviationPerPeriod(): number | undefined {
    return this.count === 0 ? undefined : Math.sqrt(this.#summary.downsideSquares / this.count);
  }

  /** Mean return above the target over the downside deviation, annualised. */
  get sortino(): number | undefined {
    return this.#annualised(this.sortinoPerPeriod);
  }

  get sortinoPerPeriod(): number | undefined {
    const downside = this.downsideDeviationPerPeriod;
    if (downside === undefined || downside === 0) return undefined;
    return (this.#summary.gains - this.#summary.losses) / this.count / downside;
  }

  /** Sum of returns above the target over sum of those below; with target 0 the Bernardo-Ledoit ratio. */
  get omega(): number | undefined {
    return this.#summary.losses === 0 ? undefined : this.#summary.gains / this.#summary.losses;
  }

  /** Share of the returns above the target. */
  get upsideFrequency(): number | undefined {
    return this.count === 0 ? undefined : this.#summary.aboveTarget / this.count;
  }

  /** Compounded return since the start. */
  get cumulativeReturn(): number | undefined {
    return this.#summary.path && this.#summary.path.growth - 1;
  }

  /** Compounded return per year; undefined when everything was lost. */
  get annualReturn(): number | undefined {
    const { path, count } = this.#summary;
    if (path === undefined || !(path.growth > 0) || !this.#isEnough) return undefined;
    return path.growth ** (this.#periodsPerYear / count) - 1;
  }

  /** Largest fall from a peak as a share of it, positive. */
  get maxDrawdown(): number | undefined {
    return this.#summary.path?.maxDrawdown;
  }

  /** Annual return over the largest drawdown. */
  get calmar(): number | undefined {
    const { annualReturn, maxDrawdown } = this;
    if (annualReturn === undefined || maxDrawdown === undefined || maxDrawdown === 0) return undefined;
    return annualReturn / maxDrawdown;
  }

  get #moments(): Moments {
    return this.#summary.excess;
  }

  get #isEnough(): boolean {
    return this.count >= this.#minimum;
  }

  get #sample(): SharpeSample | undefined {
    const sharpe = this.sharpePerPeriod;
    const { skewness, kurtosis } = this.#moments;
    if (sharpe === undefined || skewness === undefined || kurtosis === undefined) return undefined;
    return { sharpe, count: this.count, skewness, kurtosis };
  }

  #annualised(perPeriod: number | undefined): number | undefined {
    return perPeriod === undefined || !this.#isEnough ? undefined : perPeriod * Math.sqrt(this.#periodsPerYear);
  }
}

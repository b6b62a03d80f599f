import {
  BenchmarkComparison,
  compoundAnnualGrowth,
  DrawdownDepths,
  probabilisticSharpe,
  ReturnSeries,
  tailRatio,
} from '@nanometer/quant';
import type { Vector, VectorRunner } from '../vector.ts';

type Returns = readonly (number | null)[];

function numberParameter(vector: Vector, name: string, fallback: number): number {
  const value = vector.params[name];
  return typeof value === 'number' ? value : fallback;
}

/** Ratios of the returns that are there; a missing one is no return of 0. */
function ratiosOf(vector: Vector, target = numberParameter(vector, 'mar', 0)): ReturnSeries['total'] {
  const series = new ReturnSeries({
    periodsPerYear: numberParameter(vector, 'periods_per_year', 252),
    risklessReturn: numberParameter(vector, 'rf', 0),
    targetReturn: target,
    minimumCount: 1,
  });
  for (const value of vector.inputs as Returns) series.add(value ?? Number.NaN);
  return series.total;
}

/** The number after a name such as `sortino_mar_0.005_unannualised`. */
function targetIn(metric: string): number {
  return Number(/_mar_(\d+(?:\.\d+)?)/.exec(metric)?.[1] ?? 0);
}

function annualReturn(vector: Vector): unknown {
  const returns = vector.inputs as Returns;
  const growth = 1 + (ratiosOf(vector).cumulativeReturn ?? Number.NaN);
  // The library behind this vector counts a missing return as a period of the year.
  return compoundAnnualGrowth(1, growth, returns.length, numberParameter(vector, 'periods_per_year', 252));
}

function comparisonOf(vector: Vector): BenchmarkComparison {
  const { returns, benchmark } = vector.inputs as { returns: readonly number[]; benchmark: readonly number[] };
  const comparison = new BenchmarkComparison(
    numberParameter(vector, 'periods_per_year', 252),
    numberParameter(vector, 'rf', 0),
  );
  returns.forEach((value, at) => comparison.add(value, benchmark[at] ?? Number.NaN));
  return comparison;
}

function sharpeProbability(vector: Vector): unknown {
  const inputs = vector.inputs as { sr: number; sr_ref: number; skew: number; kurtosis: number; n: number };
  const of = (kurtosis: number): number | undefined =>
    probabilisticSharpe({ sharpe: inputs.sr, count: inputs.n, skewness: inputs.skew, kurtosis }, inputs.sr_ref);
  return { psr_kurtosis_ignored: of(3), psr: of(inputs.kurtosis) };
}

function annualVariance(vector: Vector): unknown {
  const periods = vector.params['periods_per_year'] as number | readonly number[];
  const of = (periodsPerYear: number): unknown =>
    ratiosOf({ ...vector, params: { ...vector.params, periods_per_year: periodsPerYear } }).variance;
  return typeof periods === 'number' ? of(periods) : periods.map((each) => of(each));
}

function growth(vector: Vector): unknown {
  const rows = vector.inputs as readonly (readonly [number, number, number])[];
  const daysPerYear = numberParameter(vector, 'days_per_year', 365);
  return rows.map(([start, end, days]) => compoundAnnualGrowth(start, end, days, daysPerYear));
}

function ulcer(vector: Vector): unknown {
  const depths = new DrawdownDepths();
  for (const value of vector.inputs as readonly number[]) depths.add(value);
  return vector.metric.endsWith('n_minus_1') ? depths.ulcerSample : depths.ulcer;
}

/** By the `metric` of a vector. */
export const RETURN_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  sharpe_ratio: (vector) => ratiosOf(vector).sharpe,
  annual_volatility: (vector) => ratiosOf(vector).volatility,
  sortino_ratio: (vector) => ratiosOf(vector).sortino,
  downside_risk: (vector) => ratiosOf(vector).downsideDeviation,
  annual_return: annualReturn,
  cumulative_return: (vector) => ratiosOf(vector).cumulativeReturn,
  tail_ratio: (vector) => tailRatio(vector.inputs as readonly number[]),
  alpha_beta: (vector) => {
    const comparison = comparisonOf(vector);
    return { alpha: comparison.alphaCompounded, beta: comparison.beta };
  },
  probabilistic_sharpe_ratio: sharpeProbability,
  cagr: growth,
  annual_variance: annualVariance,
  capm_beta: (vector) => comparisonOf(vector).beta,
};

/** By a pattern of the `metric`, for names that carry a parameter. */
export const RETURN_PATTERNS: readonly (readonly [RegExp, VectorRunner])[] = [
  [/^downside_deviation_mar_/, (vector) => ratiosOf(vector, targetIn(vector.metric)).downsideDeviationPerPeriod],
  [/^sortino_mar_.*unannualised/, (vector) => ratiosOf(vector, targetIn(vector.metric)).sortinoPerPeriod],
  [/^sharpe_.*unannualised/, (vector) => ratiosOf(vector).sharpePerPeriod],
  [/^sharpe_annualised/, (vector) => ratiosOf(vector).sharpe],
  [/^bernardo_ledoit|^omega/, (vector) => ratiosOf(vector, targetIn(vector.metric)).omega],
  [/^annualised_return_geometric/, (vector) => ratiosOf(vector).annualReturn],
  [/^calmar/, (vector) => ratiosOf(vector).calmar],
  [/^ulcer/, ulcer],
  [/^upside_frequency/, (vector) => ratiosOf(vector, targetIn(vector.metric)).upsideFrequency],
  [/^information_ratio.*geometric/, (vector) => comparisonOf(vector).informationRatioGeometric],
  [/^information_ratio/, (vector) => comparisonOf(vector).informationRatio],
];

import {
  BenchmarkComparison,
  compoundAnnualGrowth,
  DrawdownDepths,
  probabilisticSharpe,
  ReturnSeries,
  tailRatio,
} from '@nanometer/quant';
import { deviationFactor, parameter, periodsPerYearOf, present, termIn } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

type Total = ReturnSeries['total'];

/** Return per period that gains and losses are measured from. */
function targetOf(vector: Vector): number {
  const perYear = parameter(vector, 'required_return');
  if (perYear !== undefined) return (1 + perYear) ** (1 / periodsPerYearOf(vector)) - 1;
  return termIn(vector.metric, 'mar') ?? parameter(vector, 'mar', 'MAR', 'target') ?? 0;
}

function risklessOf(vector: Vector): number {
  return termIn(vector.metric, 'rf') ?? parameter(vector, 'rf', 'Rf', 'risk_free') ?? 0;
}

/** Ratios of the returns that are there; a missing one is no return of 0. */
function ratiosOf(vector: Vector, periodsPerYear = periodsPerYearOf(vector)): Total {
  const series = new ReturnSeries({
    periodsPerYear,
    risklessReturn: risklessOf(vector),
    targetReturn: targetOf(vector),
    minimumCount: 1,
  });
  for (const value of present(vector.inputs)) series.add(value);
  return series.total;
}

function of(read: (ratios: Total) => number | undefined): VectorRunner {
  return (vector) => read(ratiosOf(vector));
}

/** A ratio to, or a multiple of, a sample deviation, turned to the degrees of freedom asked for. */
function byDeviation(read: (ratios: Total) => number | undefined, power: 1 | -1): VectorRunner {
  return (vector) => {
    const ratios = ratiosOf(vector);
    const value = read(ratios);
    return value === undefined ? undefined : value * deviationFactor(vector, ratios.count) ** power;
  };
}

function annualReturn(vector: Vector): number | undefined {
  const returns = vector.inputs as readonly unknown[];
  const growth = 1 + (ratiosOf(vector).cumulativeReturn ?? Number.NaN);
  // The library behind this vector counts a missing return as a period of the year.
  return compoundAnnualGrowth(1, growth, returns.length, periodsPerYearOf(vector));
}

function comparisonOf(vector: Vector): BenchmarkComparison {
  const { returns, benchmark } = vector.inputs as { returns: readonly number[]; benchmark: readonly number[] };
  const comparison = new BenchmarkComparison(periodsPerYearOf(vector), risklessOf(vector));
  returns.forEach((value, at) => comparison.add(value ?? Number.NaN, benchmark[at] ?? Number.NaN));
  return comparison;
}

/** Jensen's alpha as the vector's source annualises it: compounded unless it says otherwise. */
function alphaOf(vector: Vector): number | undefined {
  const comparison = comparisonOf(vector);
  const given = vector.params['alpha_annualisation'];
  const how = typeof given === 'string' ? given : '^';
  if (how.includes('^')) return comparison.alphaCompounded;
  return /per.?period|none/i.test(how) ? comparison.alphaPerPeriod : comparison.alphaAnnual;
}

function sharpeProbability(vector: Vector): unknown {
  const inputs = vector.inputs as { sr: number; sr_ref: number; skew: number; kurtosis: number; n: number };
  const probability = (kurtosis: number): number | undefined =>
    probabilisticSharpe({ sharpe: inputs.sr, count: inputs.n, skewness: inputs.skew, kurtosis }, inputs.sr_ref);
  const psr = probability(inputs.kurtosis);
  return typeof vector.expected === 'number' ? psr : { psr_kurtosis_ignored: probability(3), psr };
}

function annualVariance(vector: Vector): unknown {
  const periods = vector.params['periods_per_year'];
  const variance = (periodsPerYear: number): unknown => {
    const ratios = ratiosOf(vector, periodsPerYear);
    return ratios.variance === undefined ? undefined : ratios.variance * deviationFactor(vector, ratios.count) ** 2;
  };
  return Array.isArray(periods) ? (periods as number[]).map(variance) : variance(periodsPerYearOf(vector));
}

function growth(vector: Vector): unknown {
  const rows = vector.inputs as readonly (readonly [number, number, number])[];
  const daysPerYear = parameter(vector, 'days_per_year') ?? 365;
  return rows.map(([start, end, days]) => compoundAnnualGrowth(start, end, days, daysPerYear));
}

function depthsOf(vector: Vector): DrawdownDepths {
  const depths = new DrawdownDepths();
  for (const value of present(vector.inputs)) depths.add(value);
  return depths;
}

function ulcer(vector: Vector): unknown {
  const depths = depthsOf(vector);
  return vector.metric.endsWith('n_minus_1') || vector.params['ddof'] === 1 ? depths.ulcerSample : depths.ulcer;
}

function tails(vector: Vector): unknown {
  const given = vector.params['tails'];
  const low = Array.isArray(given) ? Math.min(...(given as number[])) : parameter(vector, 'p', 'cutoff');
  return tailRatio(present(vector.inputs), low ?? 0.05);
}

/** By the `metric` of a vector. */
export const RETURN_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  sharpe_ratio: byDeviation((ratios) => ratios.sharpe, -1),
  annual_volatility: byDeviation((ratios) => ratios.volatility, 1),
  volatility: byDeviation((ratios) => ratios.volatility, 1),
  sortino_ratio: of((ratios) => ratios.sortino),
  downside_risk: of((ratios) => ratios.downsideDeviation),
  annual_return: annualReturn,
  cumulative_return: of((ratios) => ratios.cumulativeReturn),
  tail_ratio: tails,
  alpha_beta: (vector) => ({ alpha: alphaOf(vector), beta: comparisonOf(vector).beta }),
  alpha: alphaOf,
  beta: (vector) => comparisonOf(vector).beta,
  capm_beta: (vector) => comparisonOf(vector).beta,
  capm_alpha: (vector) => comparisonOf(vector).alphaPerPeriod,
  capm_r_squared: (vector) => comparisonOf(vector).rSquared,
  tracking_error: (vector) => comparisonOf(vector).trackingError,
  probabilistic_sharpe_ratio: sharpeProbability,
  cagr: growth,
  annual_variance: annualVariance,
  pain_index: (vector) => depthsOf(vector).pain,
};

/** By a pattern of the `metric`, for names that carry a parameter; the first that fits. */
export const RETURN_PATTERNS: readonly (readonly [RegExp, VectorRunner])[] = [
  [/^downside_deviation(?:_mar_.*)?_annualised/, of((ratios) => ratios.downsideDeviation)],
  [/^downside_deviation/, of((ratios) => ratios.downsideDeviationPerPeriod)],
  [/^sortino_.*unannualised/, of((ratios) => ratios.sortinoPerPeriod)],
  [/^sortino/, of((ratios) => ratios.sortino)],
  [/^sharpe_.*unannualised/, byDeviation((ratios) => ratios.sharpePerPeriod, -1)],
  [/^sharpe/, byDeviation((ratios) => ratios.sharpe, -1)],
  [/^bernardo_ledoit|^omega/, of((ratios) => ratios.omega)],
  [/^annualised_return_geometric/, of((ratios) => ratios.annualReturn)],
  [/^calmar/, of((ratios) => ratios.calmar)],
  [/^ulcer/, ulcer],
  [/^upside_frequency/, of((ratios) => ratios.upsideFrequency)],
  [/^information_ratio.*geometric/, (vector) => comparisonOf(vector).informationRatioGeometric],
  [/^information_ratio/, (vector) => comparisonOf(vector).informationRatio],
];

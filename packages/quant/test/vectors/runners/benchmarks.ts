import {
  annualReturnOf,
  BenchmarkComparison,
  kappa,
  lowerPartialMoment,
  MarketModel,
  type MarketSide,
  Moments,
} from '@nanometer/quant';
import { parameter, periodsPerYearOf, termIn, wordsOf } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

const OWN = ['returns', 'portfolio', 'strategy', 'Ra', 'asset', 'r'];
const MARKET = ['benchmark', 'factor_returns', 'factor', 'market', 'Rb', 'index', 'b'];

/** Pairs of returns and benchmark; a pair with a missing one counts as NaN. */
export function pairsOf({ inputs }: Vector): { readonly returns: number[]; readonly benchmark: number[] } {
  const named = typeof inputs === 'object' && inputs !== null ? (inputs as Readonly<Record<string, unknown>>) : {};
  const list = (words: readonly string[]): unknown[] | undefined =>
    words.map((word) => named[word]).find(Array.isArray);
  const returns = list(OWN);
  const benchmark = list(MARKET);
  if (returns === undefined || benchmark === undefined) {
    throw new Error('its inputs hold no lists "returns" and "benchmark"');
  }
  if (returns.length !== benchmark.length) {
    throw new Error(`it has ${returns.length} returns beside ${benchmark.length} of the benchmark`);
  }
  const numbers = (values: readonly unknown[]): number[] =>
    values.map((value) => (typeof value === 'number' ? value : Number.NaN));
  return { returns: numbers(returns), benchmark: numbers(benchmark) };
}

function risklessOf(vector: Vector): number {
  return termIn(vector.metric, 'rf') ?? parameter(vector, 'rf', 'Rf', 'risk_free') ?? 0;
}

export function comparisonOf(vector: Vector): BenchmarkComparison {
  const { returns, benchmark } = pairsOf(vector);
  const comparison = new BenchmarkComparison(periodsPerYearOf(vector), risklessOf(vector));
  returns.forEach((value, at) => comparison.add(value, benchmark[at]!));
  return comparison;
}

function model(read: (market: MarketModel, vector: Vector) => number | undefined): VectorRunner {
  return (vector) => {
    const { returns, benchmark } = pairsOf(vector);
    return read(
      new MarketModel(returns, benchmark, periodsPerYearOf(vector), risklessOf(vector), vector.params['ddof'] === 1),
      vector,
    );
  };
}

/** Jensen's alpha as the vector's source annualises it: compounded unless it says otherwise. */
function alphaOf(vector: Vector): number | undefined {
  return annualised(vector, comparisonOf(vector).alphaPerPeriod);
}

function annualised(vector: Vector, alpha: number | undefined): number | undefined {
  const given = vector.params['alpha_annualisation'] ?? vector.params['alpha_annualization'];
  const how = typeof given === 'string' ? given : '^';
  if (alpha === undefined) return undefined;
  const periods = periodsPerYearOf(vector);
  if (how.includes('^') || how.startsWith('compound')) return (1 + alpha) ** periods - 1;
  return /per.?period|none/i.test(how) ? alpha : alpha * periods;
}

/** Alpha and beta of the periods in which the benchmark rose or fell; those in which it stood still count on both. */
function sided(side: MarketSide): VectorRunner {
  return (vector) => {
    const { returns, benchmark } = pairsOf(vector);
    const fit = new MarketModel(returns, benchmark, periodsPerYearOf(vector), risklessOf(vector)).on(side, true);
    return { alpha: annualised(vector, fit?.alpha), beta: fit?.beta };
  };
}

function betaOn(side: MarketSide): VectorRunner {
  return model((market) => market.on(side)?.beta);
}

/** Capture by compounded annual returns (empyrical), or by sums where `method: arithmetic` or PerformanceAnalytics says so. */
function capture(side: MarketSide): VectorRunner {
  return model((market, vector) => market.capture(side, !/arithmetic|sum/i.test(wordsOf(vector))));
}

/** Share of the benchmark's rising or falling periods in which the strategy did as well. */
function shareOn(side: MarketSide, isBetter: boolean): VectorRunner {
  return (vector) => {
    const { returns, benchmark } = pairsOf(vector);
    const on = benchmark.flatMap((value, at) => ((side === 'up' ? value > 0 : value < 0) ? [at] : []));
    const hits = on.filter((at) =>
      isBetter ? returns[at]! > benchmark[at]! : side === 'up' ? returns[at]! > 0 : returns[at]! < 0,
    );
    return on.length === 0 ? undefined : hits.length / on.length;
  };
}

/** What Bacon derives from downside risks of both: M² for Sortino, and omega excess return. */
function downsideTwins(vector: Vector): { readonly mSquared: number; readonly omegaExcess: number } {
  const { returns, benchmark } = pairsOf(vector);
  const target = termIn(vector.metric, 'mar') ?? parameter(vector, 'mar', 'MAR') ?? 0;
  const periods = periodsPerYearOf(vector);
  const risk = (values: readonly number[]): number =>
    Math.sqrt((lowerPartialMoment(values, target, 2) ?? Number.NaN) * periods);
  const annual = annualReturnOf(returns, periods) ?? Number.NaN;
  const sortino = kappa(returns, target, 2) ?? Number.NaN;
  return {
    mSquared: annual + sortino * (risk(benchmark) - risk(returns)),
    omegaExcess: annual - 3 * risk(returns) * risk(benchmark),
  };
}

function activeOf(vector: Vector): Moments {
  const { returns, benchmark } = pairsOf(vector);
  const moments = new Moments();
  returns.forEach((value, at) => moments.add(value - benchmark[at]!));
  return moments;
}

function overDeviation({ mean, deviation }: Moments): number | undefined {
  return mean === undefined || deviation === undefined || deviation === 0 ? undefined : mean / deviation;
}

function ratioOf(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || by === undefined || by === 0 ? undefined : value / by;
}

/** Annual excess return at the benchmark's risk, geometric unless the source takes the difference. */
const mSquaredExcess = model((market, vector) =>
  market.mSquaredExcess(!/arithmetic/i.test(`${wordsOf(vector)} ${vector.metric}`)),
);

const treynor = model((market, vector) =>
  vector.params['modified'] === true || vector.metric.includes('modified') ? market.treynorModified : market.treynor,
);

/** By the `metric` of a vector. */
export const BENCHMARK_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  alpha_beta: (vector) => ({ alpha: alphaOf(vector), beta: comparisonOf(vector).beta }),
  alpha: alphaOf,
  beta: (vector) => comparisonOf(vector).beta,
  capm_beta: (vector) => comparisonOf(vector).beta,
  capm_alpha: (vector) => comparisonOf(vector).alphaPerPeriod,
  capm_r_squared: (vector) => comparisonOf(vector).rSquared,
  r_squared: (vector) => comparisonOf(vector).rSquared,
  tracking_error: (vector) => comparisonOf(vector).trackingError,
  correlation_with_benchmark: (vector) => {
    const { rSquared, beta } = comparisonOf(vector);
    return rSquared === undefined || beta === undefined ? undefined : Math.sign(beta) * Math.sqrt(rSquared);
  },
  up_alpha_beta: sided('up'),
  down_alpha_beta: sided('down'),
  capm_beta_bull: betaOn('up'),
  capm_beta_bear: betaOn('down'),
  beta_bull: betaOn('up'),
  beta_bear: betaOn('down'),
  timing_ratio: model((market) => ratioOf(market.on('up')?.beta, market.on('down')?.beta)),
  excess_sharpe: (vector) => overDeviation(activeOf(vector)),
  active_premium: model((market) => market.activePremium),
  active_return: model((market) => market.activePremium),
  jensen_alpha: model((market) => market.jensenAlpha),
  capm_jensen_alpha: model((market) => market.jensenAlpha),
  selectivity: model((market) => market.jensenAlpha),
  net_selectivity: model((market) => market.netSelectivity),
  fama_beta: model((market) => market.famaBeta),
  systematic_risk: model((market) => market.systematicRisk),
  specific_risk: model((market) => market.specificRisk),
  total_risk: model((market) => market.totalRisk),
  appraisal_ratio: model((market) => market.appraisal),
  alternative_jensen_alpha: model((market) => ratioOf(market.jensenAlpha, market.beta)),
  modified_jensen_alpha: model((market) => ratioOf(market.jensenAlpha, market.beta)),
  treynor_ratio: treynor,
  treynor_ratio_modified: treynor,
  modified_treynor_ratio: treynor,
  m_squared: model((market) => market.mSquared),
  m_squared_excess: mSquaredExcess,
  m_squared_excess_geometric: mSquaredExcess,
  m_squared_excess_arithmetic: mSquaredExcess,
  m2_sortino: (vector) => downsideTwins(vector).mSquared,
  m_squared_sortino: (vector) => downsideTwins(vector).mSquared,
  omega_excess_return: (vector) => downsideTwins(vector).omegaExcess,
  capture: model((market) => ratioOf(market.annualReturn, market.annualBenchmarkReturn)),
  up_capture: capture('up'),
  down_capture: capture('down'),
  up_down_capture: model((market) => ratioOf(market.capture('up'), market.capture('down'))),
  up_number: shareOn('up', false),
  down_number: shareOn('down', false),
  up_percent: shareOn('up', true),
  down_percent: shareOn('down', true),
};

/** By a pattern of the `metric`, for names that carry a parameter. */
export const BENCHMARK_PATTERNS: readonly (readonly [RegExp, VectorRunner])[] = [
  [/^information_ratio.*(?:unannualised|per_period)/, (vector) => overDeviation(activeOf(vector))],
  [/^information_ratio.*geometric/, (vector) => comparisonOf(vector).informationRatioGeometric],
  [
    /^information_ratio/,
    (vector) => {
      const { informationRatio, informationRatioGeometric } = comparisonOf(vector);
      return /geometric/i.test(wordsOf(vector)) ? informationRatioGeometric : informationRatio;
    },
  ],
  [/^treynor|^modified_treynor/, treynor],
  [/^tracking_error/, (vector) => comparisonOf(vector).trackingError],
  [/^m_squared_excess/, mSquaredExcess],
  [/^m_?squared|^m2(?:_|$)/, model((market) => market.mSquared)],
];

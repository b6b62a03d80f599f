import {
  annualReturnOf,
  DrawdownDepths,
  expectedBestSharpe,
  HistoricalRisk,
  kappa,
  kellyShare,
  loFactor,
  lossGainRatio,
  type LossRatios,
  lossRatios,
  lowerPartialMoment,
  meanAbsoluteDeviation,
  minimumTrackRecord,
  type MomentBase,
  Moments,
  normalQuantile,
  normalSharpeError,
  omegaSharpeRatio,
  PairMoments,
  probabilisticSharpe,
  prospectRatio,
  sharpeStandardError,
  upperPartialMoment,
  upsidePotentialRatio,
  volatilitySkewness,
} from '@nanometer/quant';
import { given, parameter, periodsPerYearOf, present, required, termIn, wordsOf, textOf } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

function targetOf(vector: Vector): number {
  return (
    termIn(vector.metric, 'mar') ?? parameter(vector, 'mar', 'MAR', 'target', 'required_return', 'threshold', 'L') ?? 0
  );
}

/** Whether a partial moment is over the returns beyond the target alone. */
function baseOf(vector: Vector): MomentBase {
  const method = textOf(vector.params['method']);
  return /subset|beyond/.test(method) || /_subset/.test(vector.metric) ? 'beyond' : 'all';
}

function of(compute: (returns: readonly number[], target: number, vector: Vector) => number | undefined): VectorRunner {
  return (vector) => compute(present(vector.inputs), targetOf(vector), vector);
}

function moment(lower: boolean, order: number, root = 1): VectorRunner {
  const compute = lower ? lowerPartialMoment : upperPartialMoment;
  return of((returns, target, vector) => {
    const value = compute(returns, target, order, baseOf(vector));
    return value === undefined ? undefined : value ** (1 / root);
  });
}

function risklessPerYear(vector: Vector): number {
  return termIn(vector.metric, 'rf') ?? parameter(vector, 'rf', 'Rf', 'risk_free') ?? 0;
}

function perLoss(name: keyof LossRatios): VectorRunner {
  return (vector) => {
    const isModified = name === 'burke' && (vector.params['modified'] === true || vector.metric.includes('modified'));
    const ratios = lossRatios(present(vector.inputs), {
      periodsPerYear: periodsPerYearOf(vector),
      risklessPerYear: risklessPerYear(vector),
      excess: parameter(vector, 'excess') ?? 0.1,
      // As PerformanceAnalytics prints it, the only library that has it.
      compounding: parameter(vector, 'compounding') ?? 0.01,
    });
    return ratios[isModified ? 'burkeModified' : name];
  };
}

function kelly(vector: Vector): number | undefined {
  const share = kellyShare(present(vector.inputs), risklessPerYear(vector));
  const isHalf = vector.params['method'] === 'half' || vector.metric.includes('half');
  return share === undefined ? undefined : share * (isHalf ? 0.5 : 1);
}

/** Mean of the upper tail over that of the lower one. */
function rachev(vector: Vector): number | undefined {
  const returns = present(vector.inputs);
  const tail = (values: readonly number[], p: number): number | undefined => {
    const risk = new HistoricalRisk(Math.max(1, values.length));
    for (const value of values) risk.add(value);
    return risk.meanTailLoss(p);
  };
  const alpha = parameter(vector, 'alpha', 'p') ?? 0.05;
  const gain = tail(
    returns.map((value) => -value),
    parameter(vector, 'beta') ?? alpha,
  );
  const loss = tail(returns, alpha);
  return gain === undefined || loss === undefined || loss === 0 ? undefined : gain / loss;
}

/** How straight wealth grows: R² of the cumulated log returns on time. */
function stability(vector: Vector): number | undefined {
  const line = new PairMoments();
  let wealth = 0;
  present(vector.inputs).forEach((value, at) => line.add(at, (wealth += Math.log1p(value))));
  return line.rSquared;
}

function sharpeSample(vector: Vector): { sharpe: number; count: number; skewness: number; kurtosis: number } {
  const sharpe = given(vector, 'sr', 'sharpe', 'SR');
  if (sharpe === undefined) {
    const moments = new Moments();
    for (const value of present(vector.inputs)) moments.add(value - risklessPerYear(vector));
    const { mean = Number.NaN, deviation = Number.NaN, skewness = 0, kurtosis = 3, count } = moments;
    return { sharpe: mean / deviation, count, skewness, kurtosis };
  }
  const periods = given(vector, 'sr_periods_per_year', 'annual_periods') ?? 1;
  return {
    sharpe: sharpe / Math.sqrt(periods),
    count: given(vector, 'n', 'T', 'count') ?? Number.NaN,
    skewness: given(vector, 'skew', 'skewness') ?? 0,
    kurtosis: given(vector, 'kurtosis', 'kurt') ?? 3,
  };
}

/** Standard error: over n for independent normal returns where the source is Lo, else of Mertens over n - 1. */
function sharpeError(vector: Vector): number | undefined {
  const sample = sharpeSample(vector);
  const isNormal = /iid|normal|lo \(?2002|\bLo\b/i.test(`${wordsOf(vector)} ${vector.metric}`);
  return isNormal ? normalSharpeError(sample.sharpe, sample.count) : sharpeStandardError(sample);
}

function trackRecord(vector: Vector): number | undefined {
  const reference = given(vector, 'sr_ref', 'reference', 'refSR', 'sr_star') ?? 0;
  return minimumTrackRecord(sharpeSample(vector), reference, given(vector, 'confidence', 'p') ?? 0.95);
}

/** Probability beyond what the best of N trials shows without skill; both ratios are brought to one period. */
function deflated(vector: Vector): unknown {
  const periods = given(vector, 'periods_per_year') ?? 1;
  const sample = sharpeSample(vector);
  const variance = required(vector, 'variance', 'variance_of_sharpes', 'V', 'sr_variance') / periods;
  const reference = expectedBestSharpe(required(vector, 'trials', 'N', 'n_trials'), variance, normalQuantile);
  if (reference === undefined) return undefined;
  const dsr = probabilisticSharpe({ ...sample, sharpe: sample.sharpe / Math.sqrt(periods) }, reference);
  return typeof vector.expected === 'number'
    ? dsr
    : { dsr, sr0: reference, sr_reference: reference, expected_max_sharpe: reference };
}

/** Lo's factor, of autocorrelations by lag or of a first-order one. */
function loScaling(vector: Vector): unknown {
  const q = required(vector, 'q', 'periods', 'periods_per_year');
  const { inputs } = vector;
  const listed = Array.isArray(inputs)
    ? inputs
    : (inputs as { rho?: unknown; autocorrelations?: unknown }).autocorrelations;
  const rho = given(vector, 'rho', 'rho1', 'phi');
  const at = (lag: number): number | undefined =>
    Array.isArray(listed) ? (listed as number[])[lag - 1] : (rho ?? 0) ** lag;
  const factor = loFactor(q, at);
  const sharpe = given(vector, 'sr', 'sharpe');
  return factor === undefined || sharpe === undefined ? factor : factor * sharpe;
}

/** Annual return over the deepest fall; years of `params.years`, or by the periods. */
function depthsOf(vector: Vector): DrawdownDepths {
  const depths = new DrawdownDepths();
  for (const value of present(vector.inputs)) depths.add(value);
  return depths;
}

/** Volatility skewness, or its root: `stat: variability`. */
function skewnessOfVolatility(vector: Vector): number | undefined {
  const value = volatilitySkewness(present(vector.inputs), targetOf(vector));
  const isRoot = /variability/.test(`${textOf(vector.params['stat'])} ${vector.metric}`);
  return value === undefined ? undefined : isRoot ? Math.sqrt(value) : value;
}

function shape(read: (moments: Moments) => number | undefined): VectorRunner {
  return (vector) => {
    const moments = new Moments();
    for (const value of present(vector.inputs)) moments.add(value);
    return read(moments);
  };
}

/** Sample skewness n/((n - 1)(n - 2))·Σ((x - mean)/s)³. */
function sampleSkewness({ skewness, count }: Moments): number | undefined {
  return skewness === undefined || count < 3 ? undefined : (skewness * Math.sqrt(count * (count - 1))) / (count - 2);
}

/** Excess kurtosis of Fisher: ((n + 1)·m4/m2² - 3(n - 1))·(n - 1)/((n - 2)(n - 3)). */
function sampleExcess({ kurtosis, count }: Moments): number | undefined {
  if (kurtosis === undefined || count < 4) return undefined;
  return (((count + 1) * kurtosis - 3 * (count - 1)) * (count - 1)) / ((count - 2) * (count - 3));
}

function less3(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value - 3;
}

/** By the `metric` of a vector. */
export const RATIO_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  downside_potential: moment(true, 1),
  downside_variance: moment(true, 2),
  downside_frequency: of((returns, target) => lowerPartialMoment(returns, target, 0)),
  upside_frequency: of((returns, target) => upperPartialMoment(returns, target, 0)),
  upside_potential: moment(false, 1),
  upside_variance: moment(false, 2),
  upside_risk: moment(false, 2, 2),
  upside_potential_ratio: of((returns, target, vector) =>
    upsidePotentialRatio(returns, target, vector.params['method'] === 'full' ? 'all' : 'beyond'),
  ),
  kappa: of((returns, target, vector) => kappa(returns, target, parameter(vector, 'l', 'order') ?? 2)),
  omega_sharpe_ratio: of(omegaSharpeRatio),
  omega_sharpe: of(omegaSharpeRatio),
  prospect_ratio: of(prospectRatio),
  d_ratio: (vector) => lossGainRatio(present(vector.inputs)),
  volatility_skewness: skewnessOfVolatility,
  variability_skewness: skewnessOfVolatility,
  mean_absolute_deviation: (vector) => meanAbsoluteDeviation(present(vector.inputs)),
  kelly_ratio: kelly,
  kelly_criterion_continuous: kelly,
  rachev_ratio: rachev,
  burke_ratio: perLoss('burke'),
  modified_burke_ratio: perLoss('burke'),
  burke_ratio_modified: perLoss('burke'),
  martin_ratio: perLoss('martin'),
  ulcer_performance_index: perLoss('martin'),
  pain_ratio: perLoss('pain'),
  sterling_ratio: perLoss('sterling'),
  stability_of_timeseries: stability,
  stability: stability,
  annualised_return: (vector) => annualReturnOf(present(vector.inputs), periodsPerYearOf(vector)),
  geometric_mean: (vector) => annualReturnOf(present(vector.inputs), 1),
  sharpe_standard_error: sharpeError,
  sharpe_error: sharpeError,
  sharpe_se: sharpeError,
  minimum_track_record_length: trackRecord,
  min_track_record_length: trackRecord,
  min_track_record: trackRecord,
  min_trl: trackRecord,
  deflated_sharpe_ratio: deflated,
  lo_factor: loScaling,
  lo_eta: loScaling,
  lo_sharpe_annualisation: loScaling,
  longest_drawdown: (vector) => depthsOf(vector).longestPeriods,
  max_drawdown_duration: (vector) => depthsOf(vector).longestPeriods,
  conditional_drawdown: (vector) => depthsOf(vector).conditional(parameter(vector, 'alpha', 'p') ?? 0.05),
  cdar: (vector) => depthsOf(vector).conditional(parameter(vector, 'alpha', 'p') ?? 0.05),
  average_drawdown: (vector) => depthsOf(vector).pain,
  mean: shape(({ mean }) => mean),
  returns_average: shape(({ mean }) => mean),
  arithmetic_mean: shape(({ mean }) => mean),
  skewness: shape(({ skewness }) => skewness),
  skewness_population: shape(({ skewness }) => skewness),
  skewness_sample: shape(sampleSkewness),
  kurtosis: shape(({ kurtosis }) => kurtosis),
  kurtosis_population: shape(({ kurtosis }) => kurtosis),
  kurtosis_excess: shape(({ kurtosis }) => less3(kurtosis)),
  excess_kurtosis: shape(({ kurtosis }) => less3(kurtosis)),
  kurtosis_fisher: shape(sampleExcess),
  kurtosis_sample_excess: shape(sampleExcess),
  skewness_kurtosis_ratio: shape(({ skewness, kurtosis }) =>
    skewness === undefined || kurtosis === undefined ? undefined : skewness / kurtosis,
  ),
  variance: shape(({ variance }) => variance),
  variance_population: shape(({ populationVariance }) => populationVariance),
};

/** By a pattern of the `metric`, for names that carry a parameter. */
export const RATIO_PATTERNS: readonly (readonly [RegExp, VectorRunner])[] = [
  [/^downside_frequency/, RATIO_RUNNERS['downside_frequency']!],
  [/^downside_potential/, RATIO_RUNNERS['downside_potential']!],
  [/^upside_potential_ratio/, RATIO_RUNNERS['upside_potential_ratio']!],
  [/^upside_potential/, RATIO_RUNNERS['upside_potential']!],
  [/^upside_variance/, RATIO_RUNNERS['upside_variance']!],
  [/^upside_risk/, RATIO_RUNNERS['upside_risk']!],
  [/^kappa/, RATIO_RUNNERS['kappa']!],
  [/^omega_sharpe/, RATIO_RUNNERS['omega_sharpe']!],
  [/^prospect/, RATIO_RUNNERS['prospect_ratio']!],
  [/^volatility_skewness|^variability_skewness/, skewnessOfVolatility],
  [/^modified_burke|^burke/, perLoss('burke')],
  [/^martin/, perLoss('martin')],
  [/^pain_ratio/, perLoss('pain')],
  [/^sterling/, perLoss('sterling')],
  [/^kelly/, kelly],
  [/^rachev/, rachev],
  [/^cdar|^conditional_drawdown/, RATIO_RUNNERS['cdar']!],
];

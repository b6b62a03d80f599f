import {
  baselZone,
  cornishFisherValueAtRisk,
  DrawdownDepths,
  EwmaVariance,
  HistoricalRisk,
  independenceRatio,
  kupiecRatio,
  Moments,
  normalExpectedShortfall,
  normalValueAtRisk,
  quantile,
  type Transitions,
} from '@nanometer/quant';
import { backtestAnswers, dailyReturns, drawdownOf } from '../backtest-answers.ts';
import type { Vector, VectorRunner } from '../vector.ts';

function historicalOf(vector: Vector): HistoricalRisk {
  const returns = vector.inputs as readonly number[];
  const risk = new HistoricalRisk(returns.length);
  for (const value of returns) risk.add(value);
  return risk;
}

function momentsOf(vector: Vector): Moments {
  const moments = new Moments();
  for (const value of vector.inputs as readonly number[]) moments.add(value);
  return moments;
}

/** `var95_…` means a tail of 0.05. */
function tailIn(metric: string): number {
  const digits = /^(?:var|es)(\d+)/.exec(metric)?.[1] ?? '95';
  return Math.round((1 - Number(`0.${digits}`)) * 1e6) / 1e6;
}

/** Libraries print returns: a loss is negative there. */
function asReturn(loss: number | undefined): number | undefined {
  return loss === undefined ? undefined : -loss;
}

function normalRisk(vector: Vector, deviation: number | undefined): unknown {
  const { mean } = momentsOf(vector);
  return mean === undefined || deviation === undefined
    ? undefined
    : asReturn(normalValueAtRisk({ mean, deviation }, tailIn(vector.metric)));
}

function cornishFisher(vector: Vector): unknown {
  const { mean, populationDeviation: deviation, skewness, kurtosis } = momentsOf(vector);
  if (mean === undefined || deviation === undefined || skewness === undefined || kurtosis === undefined)
    return undefined;
  return asReturn(cornishFisherValueAtRisk({ mean, deviation, skewness, kurtosis }, tailIn(vector.metric)));
}

function gaussian(vector: Vector): unknown {
  const { mu: mean, sigma: deviation } = vector.inputs as { mu: number; sigma: number };
  return Object.fromEntries(
    Object.keys(vector.expected as object).map((key) => {
      const [kind, confidence] = key.split('_');
      const compute = kind === 'var' ? normalValueAtRisk : normalExpectedShortfall;
      return [key, compute({ mean, deviation }, 1 - Number(confidence))];
    }),
  );
}

function ewma(vector: Vector): unknown {
  const inputs = vector.inputs as { sigma_prev: number; return: number };
  const variance = new EwmaVariance(vector.params['lambda'] as number, inputs.sigma_prev ** 2);
  variance.add(inputs.return);
  return { variance: variance.variance, vol: variance.deviation };
}

function riskfolio(vector: Vector): unknown {
  const alpha = vector.params['alpha'] as number;
  const returns = vector.inputs as readonly number[];
  const risk = historicalOf(vector);
  const depths = new DrawdownDepths();
  let peak = 1;
  let sum = 1;
  let uncompounded = 0;
  for (const value of returns) {
    depths.add(value);
    sum += value;
    peak = Math.max(peak, sum);
    uncompounded = Math.max(uncompounded, peak - sum);
  }
  return {
    var: risk.discreteValueAtRisk(alpha),
    cvar: risk.expectedShortfall(alpha),
    mdd_relative: drawdownOf(returns).maxRatio,
    mdd_uncompounded: uncompounded,
    [`cdar_relative_${alpha}`]: depths.conditional(alpha),
  };
}

/** By the `metric` of a vector. */
export const RISK_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  historical_quantile: (vector) =>
    (vector.params['cutoffs'] as readonly number[]).map((p) => quantile(vector.inputs as readonly number[], p)),
  skewness_moment: (vector) => momentsOf(vector).skewness,
  kurtosis_moment: (vector) => momentsOf(vector).kurtosis,
  kurtosis_sample: (vector) => momentsOf(vector).sampleKurtosis,
  kupiec_pof: (vector) => {
    const { exceptions, T, p } = vector.inputs as { exceptions: number; T: number; p: number };
    return kupiecRatio(exceptions, T, p);
  },
  christoffersen_independence: (vector) => independenceRatio(vector.inputs as Transitions),
  basel_zone: (vector) => (vector.inputs as readonly number[]).map((exceptions) => baselZone(exceptions)),
  gaussian_es: gaussian,
  ewma_variance: ewma,
  var_cvar_drawdown_positive_loss: riskfolio,
  var_backtest_on_real_data: (vector, data) => {
    const file = data('market/us-equity-daily-1998-2021.csv.gz');
    if (file === undefined) throw new Error('the daily prices are missing');
    return backtestAnswers(dailyReturns(file).get((vector.inputs as { symbol: string }).symbol) ?? []);
  },
};

/** By a pattern of the `metric`, for names that carry a parameter. */
export const RISK_PATTERNS: readonly (readonly [RegExp, VectorRunner])[] = [
  [/^var\d+_historical/, (vector) => asReturn(historicalOf(vector).valueAtRisk(tailIn(vector.metric)))],
  [/^es\d+_historical/, (vector) => asReturn(historicalOf(vector).meanTailLoss(tailIn(vector.metric)))],
  [/^var\d+_gaussian_population/, (vector) => normalRisk(vector, momentsOf(vector).populationDeviation)],
  [/^var\d+_gaussian/, (vector) => normalRisk(vector, momentsOf(vector).deviation)],
  [/^var\d+_cornish_fisher/, cornishFisher],
];

import {
  baselZone,
  cornishFisherExpectedShortfall,
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
import { degreesOf, parameter, present } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

function historicalOf(vector: Vector): HistoricalRisk {
  const returns = present(vector.inputs);
  const risk = new HistoricalRisk(Math.max(1, returns.length));
  for (const value of returns) risk.add(value);
  return risk;
}

function momentsOf(vector: Vector): Moments {
  const moments = new Moments();
  for (const value of present(vector.inputs)) moments.add(value);
  return moments;
}

/** `var95_…` means a tail of 0.05, `var975_…` and `var97.5_…` one of 0.025; without digits the parameters say it. */
function tailOf(vector: Vector): number {
  const digits = /^(?:var|es|cvar)(\d+(?:\.\d+)?)/.exec(vector.metric)?.[1];
  if (digits === undefined) return parameter(vector, 'alpha', 'cutoff', 'p') ?? 0.05;
  const confidence = digits.includes('.') ? Number(digits) / 100 : Number(`0.${digits}`);
  return Math.round((1 - confidence) * 1e9) / 1e9;
}

/** Libraries print returns: a loss is negative there. */
function asReturn(loss: number | undefined): number | undefined {
  return loss === undefined ? undefined : -loss;
}

function normalRisk(compute: typeof normalValueAtRisk): VectorRunner {
  return (vector) => {
    const { mean, deviation: sample, populationDeviation } = momentsOf(vector);
    const isPopulation = vector.metric.includes('population') || degreesOf(vector) === 0;
    const deviation = isPopulation ? populationDeviation : sample;
    if (mean === undefined || deviation === undefined) return undefined;
    return asReturn(compute({ mean, deviation }, tailOf(vector)));
  };
}

function cornishFisher(compute: typeof cornishFisherValueAtRisk): VectorRunner {
  return (vector) => {
    const { mean, populationDeviation: deviation, skewness, kurtosis } = momentsOf(vector);
    if (mean === undefined || deviation === undefined || skewness === undefined || kurtosis === undefined)
      return undefined;
    return asReturn(compute({ mean, deviation, skewness, kurtosis }, tailOf(vector)));
  };
}

function coverage(vector: Vector): unknown {
  const inputs = vector.inputs as Transitions & { readonly p?: number };
  const { n00, n01, n10, n11 } = inputs;
  const independence = independenceRatio(inputs);
  const p = inputs.p ?? parameter(vector, 'p', 'alpha') ?? Number.NaN;
  const kupiec = kupiecRatio(n01 + n11, n00 + n01 + n10 + n11, p);
  const both = kupiec === undefined || independence === undefined ? undefined : kupiec + independence;
  if (typeof vector.expected === 'object') return { lr_pof: kupiec, lr_ind: independence, lr_cc: both };
  return vector.metric.includes('conditional') ? both : independence;
}

function zones(vector: Vector): unknown {
  const count = parameter(vector, 'T') ?? 250;
  const p = Math.round((1 - (parameter(vector, 'confidence') ?? 0.99)) * 1e9) / 1e9;
  return (vector.inputs as readonly number[]).map((exceptions) => baselZone(exceptions, count, p));
}

function quantiles(vector: Vector): unknown {
  const cutoffs = vector.params['cutoffs'];
  const values = present(vector.inputs);
  if (!Array.isArray(cutoffs)) return quantile(values, tailOf(vector));
  return (cutoffs as readonly number[]).map((p) => quantile(values, p));
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
  const returns = present(vector.inputs);
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

const DAILY = 'us-equity-daily-1998-2021.csv.gz';

/** By the `metric` of a vector. */
export const RISK_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  historical_quantile: quantiles,
  value_at_risk: quantiles,
  conditional_value_at_risk: (vector) => asReturn(historicalOf(vector).meanTailLoss(tailOf(vector))),
  skewness_moment: (vector) => momentsOf(vector).skewness,
  kurtosis_moment: (vector) => momentsOf(vector).kurtosis,
  kurtosis_sample: (vector) => momentsOf(vector).sampleKurtosis,
  kupiec_pof: (vector) => {
    const { exceptions, T, p } = vector.inputs as { exceptions: number; T: number; p: number };
    return kupiecRatio(exceptions, T, p);
  },
  christoffersen_independence: coverage,
  christoffersen_conditional_coverage: coverage,
  basel_zone: zones,
  gaussian_es: gaussian,
  ewma_variance: ewma,
  var_cvar_drawdown_positive_loss: riskfolio,
  var_backtest_on_real_data: (vector, data) => {
    const { symbol, file = DAILY } = vector.inputs as { symbol: string; file?: string };
    const path = data(`market/${file}`);
    if (path === undefined) throw new Error(`market/${file} is missing`);
    const returns = dailyReturns(path).get(symbol);
    if (returns === undefined) throw new Error(`market/${file} has no prices of ${symbol}`);
    return backtestAnswers(returns, parameter(vector, 'window'));
  },
};

/** By a pattern of the `metric`, for names that carry a parameter. */
export const RISK_PATTERNS: readonly (readonly [RegExp, VectorRunner])[] = [
  [/^var[\d.]+_historical/, (vector) => asReturn(historicalOf(vector).valueAtRisk(tailOf(vector)))],
  [/^es[\d.]+_historical/, (vector) => asReturn(historicalOf(vector).meanTailLoss(tailOf(vector)))],
  [/^var[\d.]+_gaussian/, normalRisk(normalValueAtRisk)],
  [/^es[\d.]+_gaussian/, normalRisk(normalExpectedShortfall)],
  [/^var[\d.]+_(?:cornish_fisher|modified)/, cornishFisher(cornishFisherValueAtRisk)],
  [/^es[\d.]+_cornish_fisher/, cornishFisher(cornishFisherExpectedShortfall)],
];

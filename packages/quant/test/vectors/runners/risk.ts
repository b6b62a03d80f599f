import {
  baselMultiplier,
  baselZone,
  chiSquareTail,
  cornishFisherExpectedShortfall,
  cornishFisherValueAtRisk,
  DrawdownDepths,
  EwmaVariance,
  HistoricalRisk,
  independenceRatio,
  kupiecRatio,
  modifiedExpectedShortfall,
  Moments,
  normalExpectedShortfall,
  normalValueAtRisk,
  quantile,
  quantileOfType,
  type QuantileType,
  type Transitions,
  ValueAtRiskBacktest,
} from '@nanometer/quant';
import { backtestAnswers, dailyReturns, drawdownOf } from '../backtest-answers.ts';
import { degreesOf, given, parameter, present, required, wordsOf } from '../terms.ts';
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
  if (digits === undefined) {
    const stated = given(vector, 'alpha', 'cutoff', 'p', 'confidence', 'level') ?? 0.05;
    return stated > 0.5 ? Math.round((1 - stated) * 1e9) / 1e9 : stated;
  }
  const confidence = digits.includes('.') ? Number(digits) / 100 : Number(`0.${digits}`);
  return Math.round((1 - confidence) * 1e9) / 1e9;
}

/** Libraries print returns, a loss is negative there, unless the vector speaks of positive losses. */
function signed(vector: Vector, loss: number | undefined): number | undefined {
  if (loss === undefined) return undefined;
  return /positive[- _](?:loss|number|value)|loss(?:es)? (?:is |are )?positive/i.test(
    `${wordsOf(vector)} ${vector.metric}`,
  )
    ? loss
    : -loss;
}

/** Mean of the floor((n - 1)·p) + 1 lowest returns: how empyrical counts a tail, ties or not. */
function lowestMean(vector: Vector): number | undefined {
  const sorted = present(vector.inputs).toSorted((a, b) => a - b);
  const tail = sorted.slice(0, Math.floor((sorted.length - 1) * tailOf(vector)) + 1);
  return tail.length === 0 ? undefined : tail.reduce((sum, value) => sum + value, 0) / tail.length;
}

function normalRisk(compute: typeof normalValueAtRisk): VectorRunner {
  return (vector) => {
    const { mean, deviation: sample, populationDeviation } = momentsOf(vector);
    const isPopulation = vector.metric.includes('population') || degreesOf(vector) === 0;
    const deviation = isPopulation ? populationDeviation : sample;
    if (mean === undefined || deviation === undefined) return undefined;
    return signed(vector, compute({ mean, deviation }, tailOf(vector)));
  };
}

function cornishFisher(compute: typeof cornishFisherValueAtRisk | typeof cornishFisherExpectedShortfall): VectorRunner {
  return (vector) => {
    const { mean, populationDeviation: deviation, skewness, kurtosis } = momentsOf(vector);
    if (mean === undefined || deviation === undefined || skewness === undefined || kurtosis === undefined)
      return undefined;
    // A source that prints a number has the bare expansion; one that has none refuses where it orders returns no more.
    const domain = vector.expected === null || vector.params['domain'] === 'monotone' ? 'monotone' : 'anywhere';
    return signed(vector, compute({ mean, deviation, skewness, kurtosis }, tailOf(vector), domain));
  };
}

/** Boudt's modified shortfall, or the integral of the quantile where the vector says so. */
function modifiedShortfall(vector: Vector): number | undefined {
  if (/maillard|integral|quantile function/i.test(wordsOf(vector))) {
    return cornishFisher(cornishFisherExpectedShortfall)(vector, () => undefined) as number | undefined;
  }
  const { mean, populationDeviation: deviation, skewness, kurtosis } = momentsOf(vector);
  if (mean === undefined || deviation === undefined || skewness === undefined || kurtosis === undefined)
    return undefined;
  const isOperational = vector.params['operational'] !== false;
  return signed(
    vector,
    modifiedExpectedShortfall({ mean, deviation, skewness, kurtosis }, tailOf(vector), isOperational),
  );
}

/** A likelihood ratio with its probability, and whether a test at 5 % rejects. */
function ratios(name: string, ratio: number | undefined, degrees: 1 | 2): Readonly<Record<string, unknown>> {
  const probability = ratio === undefined ? undefined : chiSquareTail(ratio, degrees);
  return {
    [`lr_${name}`]: ratio,
    [`p_${name}`]: probability,
    [`p_value_${name}`]: probability,
    [`reject_${name}`]: probability === undefined ? undefined : probability < 0.05,
  };
}

/** Of hits one after the other, or a forecast beside each return, or the counts of transitions themselves. */
function transitionsOf({ inputs }: Vector): Transitions & { readonly p?: number } {
  const named = inputs as Readonly<Record<string, unknown>>;
  const hits = Array.isArray(inputs) ? inputs : (named['hits'] ?? named['exceptions'] ?? named['violations']);
  if (!Array.isArray(hits)) return inputs as Transitions & { readonly p?: number };
  const backtest = new ValueAtRiskBacktest(0.01);
  for (const hit of hits as readonly (number | boolean)[]) backtest.add(1, Number(hit) === 0 ? 0 : -2);
  return { ...backtest.transitions, ...(typeof named['p'] === 'number' ? { p: named['p'] } : {}) };
}

function kupiec(vector: Vector): unknown {
  const listed = Array.isArray(vector.inputs) ? (vector.inputs as readonly (number | boolean)[]) : undefined;
  const exceptions =
    listed?.filter((hit) => Number(hit) !== 0).length ??
    required(vector, 'exceptions', 'x', 'failures', 'violations', 'hits', 'N');
  const count = listed?.length ?? required(vector, 'T', 'n', 'observations', 'days');
  const ratio = kupiecRatio(exceptions, count, required(vector, 'p', 'alpha', 'probability'));
  const answers = ratios('pof', ratio, 1);
  if (typeof vector.expected !== 'object' || vector.expected === null)
    return /p_?value/.test(vector.metric) ? answers['p_pof'] : ratio;
  return {
    ...answers,
    lr: ratio,
    lr_uc: ratio,
    statistic: ratio,
    p_value: answers['p_pof'],
    reject: answers['reject_pof'],
  };
}

function coverage(vector: Vector): unknown {
  const inputs = transitionsOf(vector);
  const { n00, n01, n10, n11 } = inputs;
  const independence = independenceRatio(inputs);
  const p = inputs.p ?? parameter(vector, 'p', 'alpha') ?? Number.NaN;
  const kupiec = kupiecRatio(n01 + n11, n00 + n01 + n10 + n11, p);
  const both = kupiec === undefined || independence === undefined ? undefined : kupiec + independence;
  if (typeof vector.expected === 'object') {
    return {
      ...ratios('pof', kupiec, 1),
      ...ratios('uc', kupiec, 1),
      ...ratios('ind', independence, 1),
      ...ratios('cc', both, 2),
    };
  }
  return vector.metric.includes('conditional') ? both : independence;
}

function zones(vector: Vector): unknown {
  const count = parameter(vector, 'T') ?? 250;
  const p = Math.round((1 - (parameter(vector, 'confidence') ?? 0.99)) * 1e9) / 1e9;
  const zoneOf = (exceptions: number): unknown =>
    vector.metric.includes('multiplier') ? baselMultiplier(exceptions) : baselZone(exceptions, count, p);
  if (typeof vector.inputs === 'number') return zoneOf(vector.inputs);
  if (!Array.isArray(vector.inputs)) return zoneOf(required(vector, 'exceptions', 'x', 'violations'));
  return (vector.inputs as readonly number[]).map(zoneOf);
}

function quantiles(vector: Vector): unknown {
  const cutoffs = vector.params['cutoffs'];
  const values = present(vector.inputs);
  const type = (parameter(vector, 'quantile_type', 'type') ?? 7) as QuantileType;
  if (![1, 2, 3, 4, 5, 6, 7, 8, 9].includes(type)) throw new Error(`there is no quantile of type ${type}, only 1 to 9`);
  const at = (p: number): number | undefined => (type === 7 ? quantile(values, p) : quantileOfType(values, p, type));
  return Array.isArray(cutoffs) ? (cutoffs as readonly number[]).map(at) : at(tailOf(vector));
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

/** One step from a given deviation, or a series of returns from its first square or from `seed_variance`. */
function ewma(vector: Vector): unknown {
  const lambda = required(vector, 'lambda', 'decay');
  const before = given(vector, 'sigma_prev', 'vol_prev', 'sigma');
  const seed = before === undefined ? given(vector, 'variance_prev', 'seed_variance', 'initial_variance') : before ** 2;
  const variance = new EwmaVariance(lambda, seed);
  const step = given(vector, 'return', 'r', 'u');
  for (const value of step === undefined ? present(vector.inputs) : [step]) variance.add(value);
  const isVolatility = /vol|deviation/.test(vector.metric);
  if (typeof vector.expected === 'number') return isVolatility ? variance.deviation : variance.variance;
  return { variance: variance.variance, vol: variance.deviation, volatility: variance.deviation };
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
  quantile: quantiles,
  conditional_value_at_risk: lowestMean,
  skewness_moment: (vector) => momentsOf(vector).skewness,
  kurtosis_moment: (vector) => momentsOf(vector).kurtosis,
  kurtosis_sample: (vector) => momentsOf(vector).sampleKurtosis,
  kupiec_pof: kupiec,
  kupiec,
  kupiec_lr: kupiec,
  kupiec_p_value: kupiec,
  christoffersen: coverage,
  christoffersen_independence: coverage,
  christoffersen_conditional_coverage: coverage,
  basel_zone: zones,
  basel_traffic_light: zones,
  traffic_light: zones,
  basel_multiplier: zones,
  gaussian_es: gaussian,
  ewma_variance: ewma,
  ewma_volatility: ewma,
  riskmetrics_variance: ewma,
  riskmetrics_volatility: ewma,
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
  [
    /^(?:var[\d.]*_historical|historical_var)/,
    (vector) => signed(vector, historicalOf(vector).valueAtRisk(tailOf(vector))),
  ],
  [
    /^(?:(?:es|cvar|etl)[\d.]*_historical|historical_(?:es|cvar|etl))/,
    (vector) => signed(vector, historicalOf(vector).meanTailLoss(tailOf(vector))),
  ],
  [/^(?:var[\d.]*_(?:gaussian|normal|parametric)|(?:gaussian|normal|parametric)_var)/, normalRisk(normalValueAtRisk)],
  [
    /^(?:(?:es|cvar|etl)[\d.]*_(?:gaussian|normal|parametric)|(?:normal|parametric)_(?:es|cvar))/,
    normalRisk(normalExpectedShortfall),
  ],
  [
    /^(?:var[\d.]*_(?:cornish_fisher|modified)|(?:cornish_fisher|modified)_var)/,
    cornishFisher(cornishFisherValueAtRisk),
  ],
  [
    /^(?:(?:es|cvar|etl)[\d.]*_(?:cornish_fisher|modified)|(?:cornish_fisher|modified)_(?:es|cvar|etl))/,
    modifiedShortfall,
  ],
];

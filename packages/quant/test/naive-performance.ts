import { normalProbability } from '@nanometer/quant';

/** How {@link naivePerformance} measures. */
export interface NaiveTerms {
  readonly periodsPerYear: number;
  readonly riskless: number;
  readonly target: number;
  readonly maxLag: number;
  readonly tail: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}

/** Third and fourth standardised moments and so on, population form. */
function standardised(values: readonly number[], power: number): number {
  const centre = mean(values);
  const spread = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  return mean(values.map((value) => ((value - centre) / spread) ** power));
}

function typeSeven(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const low = Math.floor(place);
  return sorted[low]! + (place - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

function tailOf(values: readonly number[], alpha: number): number {
  const falling = values.toSorted((a, b) => b - a);
  let weight = alpha * falling.length;
  let total = 0;
  for (const value of falling) {
    total += Math.min(1, weight) * value;
    weight = Math.max(0, weight - 1);
  }
  return total / (alpha * falling.length);
}

function depthsOf(values: readonly number[], start: number): readonly number[] {
  return values.map((value, at) => Math.max(start, ...values.slice(0, at + 1)) - value);
}

const ratio = (over: number, under: number): number | undefined => (under === 0 ? undefined : over / under);

/** Everything a run of periods says, by the textbook and all over again; undefined where it has no value. */
export function naivePerformance(
  periods: readonly (readonly [earned: number, benchmark: number])[],
  capital: number,
  terms: NaiveTerms,
  minimum: number,
): Readonly<Record<string, number | undefined>> {
  const { periodsPerYear, riskless, target, maxLag, tail } = terms;
  const root = Math.sqrt(periodsPerYear);
  const earned = periods.map(([each]) => each);
  const benchmark = periods.map(([, each]) => each);
  const equity = earned.map((_, at) => capital + sum(earned.slice(0, at + 1)));
  const returns = earned.map((each, at) => each / (equity[at - 1] ?? capital));
  const wealth = returns.map((_, at) => returns.slice(0, at + 1).reduce((product, each) => product * (1 + each), 1));
  const peaks = wealth.map((_, at) => Math.max(1, ...wealth.slice(0, at + 1)));
  const depths = wealth.map((value, at) => 1 - value / peaks[at]!);
  const money = depthsOf(
    earned.map((_, at) => sum(earned.slice(0, at + 1))),
    0,
  );
  const always = {
    maxDrawdown: Math.max(...depths),
    maxMoneyDrawdown: Math.max(...money),
    ulcer: Math.sqrt(mean(depths.map((depth) => depth ** 2))),
    pain: mean(depths),
  };
  if (periods.length < minimum) return always;
  const n = returns.length;
  const excess = returns.map((each) => each - riskless);
  const spread = deviation(excess);
  const isVaried = spread > 1e-9 * Math.abs(mean(excess));
  const sharpe = isVaried ? mean(excess) / spread : undefined;
  const over = returns.map((each) => each - target);
  const downside = Math.sqrt(mean(over.map((each) => Math.min(each, 0) ** 2)));
  const annual = wealth.at(-1)! > 0 ? wealth.at(-1)! ** (periodsPerYear / n) - 1 : undefined;
  const moneySpread = deviation(earned);
  const varianceOfSharpe =
    sharpe === undefined
      ? Number.NaN
      : (1 - standardised(excess, 3) * sharpe + ((standardised(excess, 4) - 1) / 4) * sharpe ** 2) / (n - 1);
  const error = varianceOfSharpe > 0 ? Math.sqrt(varianceOfSharpe) : undefined;
  const centre = mean(returns);
  const squares = sum(returns.map((each) => (each - centre) ** 2));
  let lagged = 0;
  for (let lag = 1; lag <= Math.min(maxLag, n - 1); lag++) {
    const products = returns.slice(lag).map((each, at) => (each - centre) * (returns[at]! - centre));
    lagged += (periodsPerYear - lag) * (sum(products) / squares);
  }
  const variance = periodsPerYear + 2 * lagged;
  const b = benchmark.map((each) => each - riskless);
  const covariance = sum(excess.map((each, at) => (each - mean(excess)) * (b[at]! - mean(b))));
  const beta = ratio(covariance, sum(b.map((each) => (each - mean(b)) ** 2)));
  const active = returns.map((each, at) => each - benchmark[at]!);
  return {
    ...always,
    volatility: spread * root,
    sharpe: sharpe === undefined ? undefined : sharpe * root,
    sharpeError: error === undefined ? undefined : error * root,
    psr: error === undefined || sharpe === undefined ? undefined : normalProbability(sharpe / error),
    sharpeCorrected:
      sharpe === undefined || !(variance > 0) ? undefined : (sharpe * periodsPerYear) / Math.sqrt(variance),
    sortino: downside === 0 ? undefined : (mean(over) / downside) * root,
    calmar: annual === undefined ? undefined : ratio(annual, always.maxDrawdown),
    omega: ratio(sum(over.map((each) => Math.max(each, 0))), sum(over.map((each) => Math.max(-each, 0)))),
    conditionalDrawdown: tailOf(depths, tail),
    tailRatio: ratio(Math.abs(typeSeven(returns, 1 - tail)), Math.abs(typeSeven(returns, tail))),
    beta,
    alpha: beta === undefined ? undefined : (mean(excess) - beta * mean(b)) * periodsPerYear,
    informationRatio: deviation(active) > 0 ? (mean(active) / deviation(active)) * root : undefined,
    pnlSharpe: moneySpread > 1e-9 * Math.abs(mean(earned)) ? (mean(earned) / moneySpread) * root : undefined,
  };
}

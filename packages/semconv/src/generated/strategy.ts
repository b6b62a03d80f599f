// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Run of periods, `since_start` or `rolling`. */
export const ATTR_TRADING_PERFORMANCE_WINDOW = "trading.performance.window" as const;

/** The strategy that another one is compared with. */
export const ATTR_TRADING_COMPARISON_REFERENCE = "trading.comparison.reference" as const;

/** Periods of the regular clock behind the figures of a strategy. Unit `{period}`. */
export const METRIC_TRADING_STRATEGY_PERIOD_COUNT: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.period.count",
  "kind": "observablegauge",
  "unit": "{period}",
  "valueType": "int",
  "description": "Periods of the regular clock behind the figures of a strategy.",
  "definition": "One per period that event times have passed, quiet ones included.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "never negative",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** P&L of a strategy at the end of the latest period, in the reporting currency. Unit `{currency}`. */
export const METRIC_TRADING_STRATEGY_PNL_NET: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.pnl.net",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "P&L of a strategy at the end of the latest period, in the reporting currency.",
  "definition": "Sum over its positions of realized and unrealized P&L less costs, each at its latest rate; positions without a rate are left out and counted as dropped.",
  "attributes": [
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "since the start"
};

/** Compounded return of a strategy per year. Unit `1`. */
export const METRIC_TRADING_STRATEGY_RETURN_ANNUAL: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.return.annual",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Compounded return of a strategy per year.",
  "definition": "product of (1 + r) to the power of periods per year / n, less 1; r = money earned in the period / equity at its beginning.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Annualised volatility of the returns of a strategy. Unit `1`. */
export const METRIC_TRADING_STRATEGY_VOLATILITY: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.volatility",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Annualised volatility of the returns of a strategy.",
  "definition": "sample deviation (n - 1) of the excess returns x sqrt(periods per year).",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "never negative",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Sharpe ratio of a strategy, annualised. Unit `1`. */
export const METRIC_TRADING_STRATEGY_SHARPE: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.sharpe",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Sharpe ratio of a strategy, annualised.",
  "definition": "mean of r - riskless over its sample deviation x sqrt(periods per year); absent without capital.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Standard error of the annualised Sharpe ratio. Unit `1`. */
export const METRIC_TRADING_STRATEGY_SHARPE_ERROR: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.sharpe.error",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Standard error of the annualised Sharpe ratio.",
  "definition": "sqrt((1 - g3 SR + (g4 - 1)/4 SR^2)/(n - 1)) x sqrt(periods per year), SR per period, g3 skewness, g4 raw kurtosis.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "never negative",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Probability that the true Sharpe ratio is above 0. Unit `1`. */
export const METRIC_TRADING_STRATEGY_SHARPE_PROBABILITY: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.sharpe.probability",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Probability that the true Sharpe ratio is above 0.",
  "definition": "Phi(SR / standard error), both per period.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "0 to 1",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Probability that the true Sharpe ratio is above that of the best of all strategies tried, were they without skill. Unit `1`. */
export const METRIC_TRADING_STRATEGY_SHARPE_DEFLATED: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.sharpe.deflated",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Probability that the true Sharpe ratio is above that of the best of all strategies tried, were they without skill.",
  "definition": "Phi((SR - SR0)/standard error), SR0 = sd of the ratios of the strategies x ((1 - g) z(1 - 1/N) + g z(1 - 1/(N e))), N = `performance.trials` or the strategies with a ratio.",
  "attributes": [
    "trading.strategy"
  ],
  "sign": "0 to 1",
  "window": "since the start"
};

/** Sharpe ratio annualised with the autocorrelation of the returns taken into account. Unit `1`. */
export const METRIC_TRADING_STRATEGY_SHARPE_CORRECTED: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.sharpe.corrected",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Sharpe ratio annualised with the autocorrelation of the returns taken into account.",
  "definition": "SR x q / sqrt(q + 2 sum (q - k) rho_k), q = periods per year, k up to `performance.maxLag`; absent where that variance is not positive.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Mean over deviation of the money earned per period, annualised; needs no capital and is not a Sharpe ratio of returns. Unit `1`. */
export const METRIC_TRADING_STRATEGY_PNL_SHARPE: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.pnl.sharpe",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Mean over deviation of the money earned per period, annualised; needs no capital and is not a Sharpe ratio of returns.",
  "definition": "mean / sample deviation of the P&L of a period x sqrt(periods per year).",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Sortino ratio of a strategy, annualised. Unit `1`. */
export const METRIC_TRADING_STRATEGY_SORTINO: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.sortino",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Sortino ratio of a strategy, annualised.",
  "definition": "mean of r - target over sqrt(mean over all n of min(r - target, 0)^2) x sqrt(periods per year).",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Annual return of a strategy over its largest drawdown. Unit `1`. */
export const METRIC_TRADING_STRATEGY_CALMAR: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.calmar",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Annual return of a strategy over its largest drawdown.",
  "definition": "annual compounded return / largest drawdown as a share; absent without a drawdown.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Gains above the target over losses below it. Unit `1`. */
export const METRIC_TRADING_STRATEGY_OMEGA: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.omega",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Gains above the target over losses below it.",
  "definition": "sum max(r - target, 0) / sum max(target - r, 0); absent without a loss.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "never negative",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Size of the upper tail of the returns over that of the lower one. Unit `1`. */
export const METRIC_TRADING_STRATEGY_TAIL_RATIO: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.tail.ratio",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Size of the upper tail of the returns over that of the lower one.",
  "definition": "|q(1 - t)| / |q(t)|, type 7 quantiles, t = `performance.tail`, 0.05 by default; since the start over the latest 10,000 returns.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "never negative",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Compounded returns below their peak now, as a share of the peak. Unit `1`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.share",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Compounded returns below their peak now, as a share of the peak.",
  "definition": "1 - wealth / peak; wealth and peak begin at 1, of a window at its beginning.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "loss positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Largest fall of the compounded returns from their peak. Unit `1`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE_MAX: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.share.max",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Largest fall of the compounded returns from their peak.",
  "definition": "largest 1 - wealth / peak.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "loss positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Money earned below its peak now. Unit `{currency}`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_MONEY: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.money",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Money earned below its peak now.",
  "definition": "peak of the cumulative P&L - cumulative P&L; both begin at 0, of a window at its beginning.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Largest fall of the money earned from its peak; not the same event as the largest share. Unit `{currency}`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_MONEY_MAX: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.money.max",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Largest fall of the money earned from its peak; not the same event as the largest share.",
  "definition": "largest peak - cumulative P&L at the end of a period.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Longest time below a peak, the one under way included. Unit `{period}`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_LONGEST: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.longest",
  "kind": "observablegauge",
  "unit": "{period}",
  "valueType": "double",
  "description": "Longest time below a peak, the one under way included.",
  "definition": "periods between two peaks of the compounded returns.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "never negative",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Ulcer index: root mean square of the drawdowns. Unit `1`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_ULCER: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.ulcer",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Ulcer index: root mean square of the drawdowns.",
  "definition": "sqrt(sum of squared depths / n).",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "loss positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Pain index: mean of the drawdowns. Unit `1`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_PAIN: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.pain",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Pain index: mean of the drawdowns.",
  "definition": "sum of depths / n.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "loss positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Conditional drawdown at risk: mean of the deepest drawdowns. Unit `1`. */
export const METRIC_TRADING_STRATEGY_DRAWDOWN_CONDITIONAL: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.drawdown.conditional",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Conditional drawdown at risk: mean of the deepest drawdowns.",
  "definition": "mean of the deepest share t of the depths, the last one counted in part, t = `performance.tail`; since the start over the latest 10,000.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "loss positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Sensitivity of the returns of a strategy to the benchmark. Unit `1`. */
export const METRIC_TRADING_STRATEGY_BETA: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.beta",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Sensitivity of the returns of a strategy to the benchmark.",
  "definition": "covariance with the excess returns of the benchmark / their variance; absent without `performance.benchmark`.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "moves with the benchmark positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Jensen alpha of a strategy per year. Unit `1`. */
export const METRIC_TRADING_STRATEGY_ALPHA: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.alpha",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Jensen alpha of a strategy per year.",
  "definition": "(mean excess return - beta x mean excess return of the benchmark) x periods per year, not compounded.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Share of the variance of the returns that the benchmark explains. Unit `1`. */
export const METRIC_TRADING_STRATEGY_BENCHMARK_DETERMINATION: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.benchmark.determination",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of the variance of the returns that the benchmark explains.",
  "definition": "squared correlation with the benchmark.",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "0 to 1",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Information ratio of a strategy against the benchmark, annualised. Unit `1`. */
export const METRIC_TRADING_STRATEGY_INFORMATION_RATIO: MetricDefinition<'observablegauge'> = {
  "name": "trading.strategy.information.ratio",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Information ratio of a strategy against the benchmark, annualised.",
  "definition": "mean of r - b over its sample deviation x sqrt(periods per year).",
  "attributes": [
    "trading.strategy",
    "trading.performance.window"
  ],
  "sign": "gain positive",
  "window": "since the start, and the latest `performance.window` periods, by trading.performance.window"
};

/** Mean difference of two strategies per period: returns where both have capital, money of the reporting currency otherwise. Unit `1`. */
export const METRIC_TRADING_COMPARISON_DIFFERENCE: MetricDefinition<'observablegauge'> = {
  "name": "trading.comparison.difference",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Mean difference of two strategies per period: returns where both have capital, money of the reporting currency otherwise.",
  "definition": "mean of a - b over the same periods of one clock.",
  "attributes": [
    "trading.strategy",
    "trading.comparison.reference"
  ],
  "sign": "positive where trading.strategy did better than the reference",
  "window": "since the start"
};

/** Standard error of the mean difference of two strategies. Unit `1`. */
export const METRIC_TRADING_COMPARISON_DIFFERENCE_ERROR: MetricDefinition<'observablegauge'> = {
  "name": "trading.comparison.difference.error",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Standard error of the mean difference of two strategies.",
  "definition": "sample deviation of a - b / sqrt(n).",
  "attributes": [
    "trading.strategy",
    "trading.comparison.reference"
  ],
  "sign": "never negative",
  "window": "since the start"
};

/** Probability that a strategy is truly better than the reference. Unit `1`. */
export const METRIC_TRADING_COMPARISON_PROBABILITY: MetricDefinition<'observablegauge'> = {
  "name": "trading.comparison.probability",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Probability that a strategy is truly better than the reference.",
  "definition": "probabilistic Sharpe ratio of a - b against 0, skewness and kurtosis included.",
  "attributes": [
    "trading.strategy",
    "trading.comparison.reference"
  ],
  "sign": "0 to 1",
  "window": "since the start"
};

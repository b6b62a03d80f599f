import type { PerformanceBook, PerformanceRun, StrategyPerformance } from '@nanometer/quant';
import {
  ATTR_TRADING_COMPARISON_REFERENCE,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_PERFORMANCE_WINDOW,
  ATTR_TRADING_STRATEGY,
  METRIC_TRADING_COMPARISON_DIFFERENCE,
  METRIC_TRADING_COMPARISON_DIFFERENCE_ERROR,
  METRIC_TRADING_COMPARISON_PROBABILITY,
  METRIC_TRADING_STRATEGY_ALPHA,
  METRIC_TRADING_STRATEGY_BENCHMARK_DETERMINATION,
  METRIC_TRADING_STRATEGY_BETA,
  METRIC_TRADING_STRATEGY_CALMAR,
  METRIC_TRADING_STRATEGY_DRAWDOWN_CONDITIONAL,
  METRIC_TRADING_STRATEGY_DRAWDOWN_LONGEST,
  METRIC_TRADING_STRATEGY_DRAWDOWN_MONEY,
  METRIC_TRADING_STRATEGY_DRAWDOWN_MONEY_MAX,
  METRIC_TRADING_STRATEGY_DRAWDOWN_PAIN,
  METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE,
  METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE_MAX,
  METRIC_TRADING_STRATEGY_DRAWDOWN_ULCER,
  METRIC_TRADING_STRATEGY_INFORMATION_RATIO,
  METRIC_TRADING_STRATEGY_OMEGA,
  METRIC_TRADING_STRATEGY_PERIOD_COUNT,
  METRIC_TRADING_STRATEGY_PNL_NET,
  METRIC_TRADING_STRATEGY_PNL_SHARPE,
  METRIC_TRADING_STRATEGY_RETURN_ANNUAL,
  METRIC_TRADING_STRATEGY_SHARPE,
  METRIC_TRADING_STRATEGY_SHARPE_CORRECTED,
  METRIC_TRADING_STRATEGY_SHARPE_DEFLATED,
  METRIC_TRADING_STRATEGY_SHARPE_ERROR,
  METRIC_TRADING_STRATEGY_SHARPE_PROBABILITY,
  METRIC_TRADING_STRATEGY_SORTINO,
  METRIC_TRADING_STRATEGY_TAIL_RATIO,
  METRIC_TRADING_STRATEGY_VOLATILITY,
} from '@nanometer/semconv';
import type { Attributes, Meter } from '@opentelemetry/api';
import { ObservedGauges, type Observe } from '../observed-gauges.ts';

const GAUGES = {
  periods: METRIC_TRADING_STRATEGY_PERIOD_COUNT,
  pnlNet: METRIC_TRADING_STRATEGY_PNL_NET,
  returnAnnual: METRIC_TRADING_STRATEGY_RETURN_ANNUAL,
  volatility: METRIC_TRADING_STRATEGY_VOLATILITY,
  sharpe: METRIC_TRADING_STRATEGY_SHARPE,
  sharpeError: METRIC_TRADING_STRATEGY_SHARPE_ERROR,
  sharpeProbability: METRIC_TRADING_STRATEGY_SHARPE_PROBABILITY,
  sharpeDeflated: METRIC_TRADING_STRATEGY_SHARPE_DEFLATED,
  sharpeCorrected: METRIC_TRADING_STRATEGY_SHARPE_CORRECTED,
  pnlSharpe: METRIC_TRADING_STRATEGY_PNL_SHARPE,
  sortino: METRIC_TRADING_STRATEGY_SORTINO,
  calmar: METRIC_TRADING_STRATEGY_CALMAR,
  omega: METRIC_TRADING_STRATEGY_OMEGA,
  tailRatio: METRIC_TRADING_STRATEGY_TAIL_RATIO,
  drawdownShare: METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE,
  drawdownShareMax: METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE_MAX,
  drawdownMoney: METRIC_TRADING_STRATEGY_DRAWDOWN_MONEY,
  drawdownMoneyMax: METRIC_TRADING_STRATEGY_DRAWDOWN_MONEY_MAX,
  drawdownLongest: METRIC_TRADING_STRATEGY_DRAWDOWN_LONGEST,
  ulcer: METRIC_TRADING_STRATEGY_DRAWDOWN_ULCER,
  pain: METRIC_TRADING_STRATEGY_DRAWDOWN_PAIN,
  drawdownConditional: METRIC_TRADING_STRATEGY_DRAWDOWN_CONDITIONAL,
  beta: METRIC_TRADING_STRATEGY_BETA,
  alpha: METRIC_TRADING_STRATEGY_ALPHA,
  determination: METRIC_TRADING_STRATEGY_BENCHMARK_DETERMINATION,
  informationRatio: METRIC_TRADING_STRATEGY_INFORMATION_RATIO,
  difference: METRIC_TRADING_COMPARISON_DIFFERENCE,
  differenceError: METRIC_TRADING_COMPARISON_DIFFERENCE_ERROR,
  differenceProbability: METRIC_TRADING_COMPARISON_PROBABILITY,
} as const;

type Key = keyof typeof GAUGES;

/** Attribute sets of one strategy, made once. */
class StrategyAttributes {
  readonly own: Attributes;
  readonly money: Attributes;
  readonly total: Attributes;
  readonly rolling: Attributes;
  readonly totalMoney: Attributes;
  readonly rollingMoney: Attributes;

  constructor(strategy: string, currency: string) {
    this.own = { [ATTR_TRADING_STRATEGY]: strategy };
    this.money = { ...this.own, [ATTR_TRADING_CURRENCY]: currency };
    this.total = { ...this.own, [ATTR_TRADING_PERFORMANCE_WINDOW]: 'since_start' };
    this.rolling = { ...this.own, [ATTR_TRADING_PERFORMANCE_WINDOW]: 'rolling' };
    this.totalMoney = { ...this.total, [ATTR_TRADING_CURRENCY]: currency };
    this.rollingMoney = { ...this.rolling, [ATTR_TRADING_CURRENCY]: currency };
  }
}

/** The figures of all strategies of a book, as gauges. */
export class PerformanceGauges {
  readonly #book: PerformanceBook;
  readonly #currency: string;
  readonly #attributes = new Map<string, StrategyAttributes>();
  readonly #gauges: ObservedGauges<typeof GAUGES>;

  constructor(meter: Meter, book: PerformanceBook, currency: string) {
    this.#book = book;
    this.#currency = currency;
    this.#gauges = new ObservedGauges(meter, GAUGES, (observe) => this.#read(observe));
  }

  close(): void {
    this.#gauges.close();
  }

  #read(observe: Observe<Key>): void {
    const book = this.#book;
    for (const strategy of book.strategies) {
      const performance = book.get(strategy) as StrategyPerformance;
      if (performance.count === 0) continue;
      const attributes = this.#attributesOf(strategy);
      observe('pnlNet', performance.total.earned, attributes.money);
      observe('sharpeDeflated', book.deflatedSharpe(strategy), attributes.own);
      readRun(observe, performance.total, attributes.total, attributes.totalMoney);
      if (performance.rolling !== undefined) {
        readRun(observe, performance.rolling, attributes.rolling, attributes.rollingMoney);
      }
    }
    for (const [[strategy, reference], difference] of book.comparisons) {
      const attributes = { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_TRADING_COMPARISON_REFERENCE]: reference };
      observe('difference', difference.mean, attributes);
      observe('differenceError', difference.error, attributes);
      observe('differenceProbability', difference.probability, attributes);
    }
  }

  #attributesOf(strategy: string): StrategyAttributes {
    let attributes = this.#attributes.get(strategy);
    if (attributes === undefined) {
      attributes = new StrategyAttributes(strategy, this.#currency);
      this.#attributes.set(strategy, attributes);
    }
    return attributes;
  }
}

function readRun(observe: Observe<Key>, run: PerformanceRun, own: Attributes, money: Attributes): void {
  const { ratios, depths, benchmark } = run;
  observe('periods', run.count, own);
  observe('pnlSharpe', run.pnlSharpe, own);
  observe('drawdownMoney', run.moneyDrawdown, money);
  observe('drawdownMoneyMax', run.maxMoneyDrawdown, money);
  observe('drawdownShare', depths?.current, own);
  observe('drawdownShareMax', run.maxDrawdown, own);
  observe('drawdownLongest', depths?.longestPeriods, own);
  if (ratios === undefined) return;
  observe('ulcer', depths?.ulcer, own);
  observe('pain', depths?.pain, own);
  observe('drawdownConditional', run.conditionalDrawdown, own);
  observe('returnAnnual', ratios.annualReturn, own);
  observe('volatility', ratios.volatility, own);
  observe('sharpe', ratios.sharpe, own);
  observe('sharpeError', run.sharpeError, own);
  observe('sharpeProbability', ratios.probabilisticSharpe(), own);
  observe('sharpeCorrected', run.sharpeCorrected, own);
  observe('sortino', ratios.sortino, own);
  observe('calmar', ratios.calmar, own);
  observe('omega', ratios.omega, own);
  observe('tailRatio', run.tailRatio, own);
  if (benchmark === undefined) return;
  observe('beta', benchmark.beta, own);
  observe('alpha', benchmark.alphaAnnual, own);
  observe('determination', benchmark.rSquared, own);
  observe('informationRatio', benchmark.informationRatio, own);
}

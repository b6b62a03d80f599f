import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_EXPERIMENT_NAME,
  ATTR_TRADING_EXPERIMENT_STATE,
  ATTR_TRADING_LIQUIDITY,
  ATTR_TRADING_MARKOUT_HORIZON,
  ATTR_TRADING_PERFORMANCE_WINDOW,
  ATTR_TRADING_STRATEGY,
  METRIC_TRADING_ALPHA_RATE,
  METRIC_TRADING_EDGE_HALF_LIFE,
  METRIC_TRADING_EDGE_HALF_LIFE_ERROR,
  METRIC_TRADING_EDGE_LIFETIME,
  METRIC_TRADING_EXPERIMENT_BATCH_COUNT,
  METRIC_TRADING_EXPERIMENT_EFFECT,
  METRIC_TRADING_EXPERIMENT_EFFECT_HIGH,
  METRIC_TRADING_EXPERIMENT_EFFECT_LOW,
  METRIC_TRADING_EXPERIMENT_PVALUE,
  METRIC_TRADING_EXPERIMENT_STATE,
  METRIC_TRADING_MARKOUT_COUNT,
  METRIC_TRADING_MARKOUT_EDGE,
  METRIC_TRADING_MARKOUT_ERROR,
  METRIC_TRADING_STRATEGY_CALMAR,
  METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE_MAX,
  METRIC_TRADING_STRATEGY_PERIOD_COUNT,
  METRIC_TRADING_STRATEGY_SHARPE,
  METRIC_TRADING_STRATEGY_SHARPE_ERROR,
  METRIC_TRADING_STRATEGY_SHARPE_PROBABILITY,
  METRIC_TRADING_STRATEGY_SORTINO,
  type MetricDefinition,
} from '@nanometer/semconv';
import type { Measure } from '../store/measure.ts';
import type { Declare } from './declare.ts';

const STRATEGY = ATTR_TRADING_STRATEGY;
const SINCE_START = { [ATTR_TRADING_PERFORMANCE_WINDOW]: 'since_start' };
const CURVE = [STRATEGY, ATTR_EXCHANGE_NAME, ATTR_TRADING_LIQUIDITY, ATTR_TRADING_CURRENCY] as const;

/** What fills are worth afterwards, and how fast that goes. */
export interface EdgeMeasures {
  /** By strategy, exchange, liquidity, currency, horizon in seconds; basis points, gain positive. */
  readonly markout: Measure;
  readonly markoutError: Measure;
  readonly markoutCount: Measure;
  /** By strategy, exchange, liquidity, currency; seconds. */
  readonly halfLife: Measure;
  readonly halfLifeError: Measure;
  readonly lifetime: Measure;
}

/** Declares {@link EdgeMeasures}. */
export function edgeMeasures({ sum, worst }: Declare): EdgeMeasures {
  const point = [...CURVE, ATTR_TRADING_MARKOUT_HORIZON];
  return {
    markout: worst(METRIC_TRADING_MARKOUT_EDGE, point),
    markoutError: worst(METRIC_TRADING_MARKOUT_ERROR, point),
    markoutCount: sum(METRIC_TRADING_MARKOUT_COUNT, point),
    halfLife: worst(METRIC_TRADING_EDGE_HALF_LIFE, CURVE),
    halfLifeError: worst(METRIC_TRADING_EDGE_HALF_LIFE_ERROR, CURVE),
    lifetime: worst(METRIC_TRADING_EDGE_LIFETIME, CURVE),
  };
}

/** How good strategies are since their start; by strategy. */
export interface PerformanceMeasures {
  readonly periods: Measure;
  readonly sharpe: Measure;
  readonly sharpeError: Measure;
  readonly sharpeProbability: Measure;
  readonly sortino: Measure;
  readonly calmar: Measure;
  readonly drawdownMax: Measure;
  /** By currency, strategy: per hour. */
  readonly alphaRate: Measure;
}

/** Declares {@link PerformanceMeasures}. */
export function performanceMeasures({ sum, worstWhere }: Declare): PerformanceMeasures {
  const of = (metric: MetricDefinition): Measure => worstWhere(metric, [STRATEGY], SINCE_START);
  return {
    periods: of(METRIC_TRADING_STRATEGY_PERIOD_COUNT),
    sharpe: of(METRIC_TRADING_STRATEGY_SHARPE),
    sharpeError: of(METRIC_TRADING_STRATEGY_SHARPE_ERROR),
    sharpeProbability: of(METRIC_TRADING_STRATEGY_SHARPE_PROBABILITY),
    sortino: of(METRIC_TRADING_STRATEGY_SORTINO),
    calmar: of(METRIC_TRADING_STRATEGY_CALMAR),
    drawdownMax: of(METRIC_TRADING_STRATEGY_DRAWDOWN_SHARE_MAX),
    alphaRate: sum(METRIC_TRADING_ALPHA_RATE, [ATTR_TRADING_CURRENCY, STRATEGY]),
  };
}

/** A/B tests; by experiment. */
export interface ExperimentMeasures {
  /** By experiment, state: 1 for the state it is in. */
  readonly state: Measure;
  readonly batches: Measure;
  readonly effect: Measure;
  readonly low: Measure;
  readonly high: Measure;
  readonly pValue: Measure;
}

/** Declares {@link ExperimentMeasures}. */
export function experimentMeasures({ worst }: Declare): ExperimentMeasures {
  const name = [ATTR_TRADING_EXPERIMENT_NAME];
  return {
    state: worst(METRIC_TRADING_EXPERIMENT_STATE, [...name, ATTR_TRADING_EXPERIMENT_STATE]),
    batches: worst(METRIC_TRADING_EXPERIMENT_BATCH_COUNT, name),
    effect: worst(METRIC_TRADING_EXPERIMENT_EFFECT, name),
    low: worst(METRIC_TRADING_EXPERIMENT_EFFECT_LOW, name),
    high: worst(METRIC_TRADING_EXPERIMENT_EFFECT_HIGH, name),
    pValue: worst(METRIC_TRADING_EXPERIMENT_PVALUE, name),
  };
}

import {
  ATTR_EXCHANGE_NAME,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_PREDICTION_OUTCOME,
  ATTR_NANOMETER_DROP_CAUSE,
  ATTR_NANOMETER_OUTPUT,
  ATTR_NANOMETER_TRANSPORT,
  ATTR_RISK_LIMIT_NAME,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
  ATTR_TRADING_TRADE_OUTCOME,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_ML_EVENT_DROPPED,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_COUNT,
  METRIC_ML_PREDICTION_PENDING,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE,
  METRIC_NANOMETER_HISTORY_SERIES_ACTIVE,
  METRIC_NANOMETER_LIVE_CLIENT_ACTIVE,
  METRIC_NANOMETER_LIVE_FRAME_CONFLATED,
  METRIC_NANOMETER_LIVE_FRAME_SENT,
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  METRIC_PIPELINE_EVENT_DROPPED,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_EQUITY,
  METRIC_RISK_EVENT_DROPPED,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_TRADING_EVENT_DROPPED,
  METRIC_TRADING_FEE,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_ORDER_REJECTED,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_SLIPPAGE,
  METRIC_TRADING_TRADE_COUNT,
  type MetricDefinition,
} from '@nanometer/semconv';
import { declareIn } from './measures/declare.ts';
import {
  type EdgeMeasures,
  edgeMeasures,
  type ExperimentMeasures,
  experimentMeasures,
  type PerformanceMeasures,
  performanceMeasures,
} from './measures/edge.ts';
import { type LatencyMeasures, latencyMeasures } from './measures/latency.ts';
import { type MarketMeasures, marketMeasures } from './measures/market.ts';
import { type TailRiskMeasures, tailRiskMeasures } from './measures/tail-risk.ts';
import { type TopologyMeasures, topologyMeasures } from './measures/topology.ts';
import type { Measure, Reduction, Term } from './store/measure.ts';
import type { Store } from './store/store.ts';

/** Percentile fields of a histogram in the stream, with their names. */
export const PERCENTILES = [
  { field: 'p50', label: 'p50' },
  { field: 'p90', label: 'p90' },
  { field: 'p99', label: 'p99' },
  { field: 'p999', label: 'p99.9' },
] as const;

const STRATEGY = ATTR_TRADING_STRATEGY;
const EXCHANGE = ATTR_EXCHANGE_NAME;
const SYMBOL = ATTR_TRADING_SYMBOL;
const CURRENCY = ATTR_TRADING_CURRENCY;
const POSITION = [STRATEGY, EXCHANGE, SYMBOL] as const;

// What an amount earned: the fee counts against it only in its own currency, since cells are per currency.
const NET_PNL: readonly Term[] = [
  { metric: METRIC_TRADING_PNL_REALIZED },
  { metric: METRIC_TRADING_PNL_UNREALIZED },
  { metric: METRIC_TRADING_FEE, weight: -1 },
];

/** Every number of the page, declared once. Amounts are always kept apart by currency. */
export interface Model {
  readonly pnl: {
    readonly realized: Measure;
    readonly unrealized: Measure;
    readonly fees: Measure;
    readonly net: Measure;
    readonly netByStrategy: Measure;
  };
  readonly risk: {
    readonly net: Measure;
    readonly gross: Measure;
    readonly bySymbol: Measure;
    readonly drawdown: Measure;
    readonly drawdownMax: Measure;
    readonly drawdownRatio: Measure;
    readonly equity: Measure;
    readonly limits: Measure;
    readonly updateP99: Measure;
  };
  readonly orders: {
    readonly fills: Measure;
    readonly fillRate: Measure;
    readonly sent: Measure;
    readonly ack: readonly Measure[];
    readonly ackByRoute: readonly Measure[];
    readonly ackCount: Measure;
  };
  readonly feeds: {
    readonly rate: Measure;
    readonly totalRate: Measure;
    readonly age: Measure;
    readonly excessP50: Measure;
    readonly excessP99: Measure;
    readonly gaps: Measure;
    readonly connections: Measure;
  };
  readonly positions: {
    readonly quantity: Measure;
    readonly notional: Measure;
    readonly realized: Measure;
    readonly unrealized: Measure;
  };
  readonly strategies: {
    readonly realized: Measure;
    readonly unrealized: Measure;
    readonly fees: Measure;
    readonly net: Measure;
    readonly traded: Measure;
    readonly fills: Measure;
    readonly orders: Measure;
    readonly rejected: Measure;
    readonly open: Measure;
    readonly trades: Measure;
    readonly slippage: Measure;
    readonly ackP99: Measure;
  };
  readonly models: {
    readonly p50: Measure;
    readonly p99: Measure;
    readonly rate: Measure;
    readonly resolved: Measure;
    readonly pending: Measure;
  };
  readonly trust: {
    readonly received: Measure;
    readonly receivedRate: Measure;
    readonly forwarded: Measure;
    readonly dropped: Measure;
    readonly droppedByCause: Measure;
    readonly measurementsDropped: Measure;
    readonly eventsRefused: Measure;
    readonly series: Measure;
    readonly clients: Measure;
    readonly framesSent: Measure;
    readonly framesConflated: Measure;
    /** Of a bridge that keeps a history; no other tells. */
    readonly historySeries: Measure;
  };
  readonly tail: TailRiskMeasures;
  readonly edge: EdgeMeasures;
  readonly performance: PerformanceMeasures;
  readonly experiments: ExperimentMeasures;
  readonly market: MarketMeasures;
  readonly latencies: LatencyMeasures;
  readonly topology: TopologyMeasures;
}

/** Declares all measures of the page in a store. */
export function createModel(store: Store): Model {
  const fold = (reduce: Reduction, terms: readonly Term[], by: readonly string[] = [], history = false): Measure =>
    store.measure({ terms, by, reduce, history });
  const sum = (metric: MetricDefinition, by: readonly string[] = []): Measure => fold('sum', [{ metric }], by);
  const rate = (metric: MetricDefinition, by: readonly string[] = [], history = false): Measure =>
    fold('rate', [{ metric }], by, history);
  const worst = (metric: MetricDefinition, field: string, by: readonly string[] = [], history = false): Measure =>
    fold('max', [{ metric, field }], by, history);
  const byStrategyCurrency = [CURRENCY, STRATEGY];
  const declare = declareIn(store);

  return {
    pnl: {
      realized: sum(METRIC_TRADING_PNL_REALIZED, [CURRENCY]),
      unrealized: sum(METRIC_TRADING_PNL_UNREALIZED, [CURRENCY]),
      fees: sum(METRIC_TRADING_FEE, [CURRENCY]),
      net: fold('sum', NET_PNL, [CURRENCY]),
      netByStrategy: fold('sum', NET_PNL, byStrategyCurrency, true),
    },
    risk: {
      net: sum(METRIC_RISK_EXPOSURE_NET, [CURRENCY]),
      gross: sum(METRIC_RISK_EXPOSURE_GROSS, [CURRENCY]),
      bySymbol: sum(METRIC_RISK_EXPOSURE_NOTIONAL, [CURRENCY, SYMBOL]),
      drawdown: fold('sum', [{ metric: METRIC_RISK_DRAWDOWN }], [CURRENCY], true),
      drawdownMax: sum(METRIC_RISK_DRAWDOWN_MAX, [CURRENCY]),
      drawdownRatio: worst(METRIC_RISK_DRAWDOWN_RATIO, 'value', [CURRENCY]),
      equity: sum(METRIC_RISK_EQUITY, [CURRENCY]),
      limits: worst(METRIC_RISK_LIMIT_UTILIZATION, 'value', [ATTR_RISK_LIMIT_NAME]),
      updateP99: worst(METRIC_RISK_UPDATE_DURATION, 'p99'),
    },
    orders: {
      fills: sum(METRIC_TRADING_FILL_COUNT),
      fillRate: rate(METRIC_TRADING_FILL_COUNT),
      sent: sum(METRIC_TRADING_ORDER_COUNT),
      // Percentiles of parts cannot be averaged; the largest part's is an upper bound of the whole's.
      ack: PERCENTILES.map(({ field }) => worst(METRIC_TRADING_ORDER_ACK_DURATION, field, [], true)),
      ackByRoute: PERCENTILES.map(({ field }) => worst(METRIC_TRADING_ORDER_ACK_DURATION, field, [STRATEGY, EXCHANGE])),
      ackCount: fold('sum', [{ metric: METRIC_TRADING_ORDER_ACK_DURATION, field: 'count' }], [STRATEGY, EXCHANGE]),
    },
    feeds: {
      rate: rate(METRIC_EXCHANGE_MESSAGE_COUNT, [EXCHANGE], true),
      totalRate: rate(METRIC_EXCHANGE_MESSAGE_COUNT),
      age: worst(METRIC_EXCHANGE_FEED_AGE, 'value', [EXCHANGE], true),
      excessP50: worst(METRIC_EXCHANGE_FEED_DELAY_EXCESS, 'p50', [EXCHANGE]),
      excessP99: worst(METRIC_EXCHANGE_FEED_DELAY_EXCESS, 'p99', [EXCHANGE], true),
      gaps: sum(METRIC_EXCHANGE_MESSAGE_GAP, [EXCHANGE]),
      connections: sum(METRIC_EXCHANGE_CONNECTION_ACTIVE, [EXCHANGE]),
    },
    positions: {
      quantity: sum(METRIC_TRADING_POSITION_QUANTITY, POSITION),
      notional: sum(METRIC_RISK_EXPOSURE_NOTIONAL, [...POSITION, CURRENCY]),
      realized: sum(METRIC_TRADING_PNL_REALIZED, [...POSITION, CURRENCY]),
      unrealized: sum(METRIC_TRADING_PNL_UNREALIZED, [...POSITION, CURRENCY]),
    },
    strategies: {
      realized: sum(METRIC_TRADING_PNL_REALIZED, byStrategyCurrency),
      unrealized: sum(METRIC_TRADING_PNL_UNREALIZED, byStrategyCurrency),
      fees: sum(METRIC_TRADING_FEE, byStrategyCurrency),
      net: fold('sum', NET_PNL, byStrategyCurrency),
      traded: sum(METRIC_TRADING_FILL_NOTIONAL, byStrategyCurrency),
      fills: sum(METRIC_TRADING_FILL_COUNT, [STRATEGY]),
      orders: sum(METRIC_TRADING_ORDER_COUNT, [STRATEGY]),
      rejected: sum(METRIC_TRADING_ORDER_REJECTED, [STRATEGY]),
      open: sum(METRIC_TRADING_ORDER_OPEN, [STRATEGY]),
      trades: sum(METRIC_TRADING_TRADE_COUNT, [STRATEGY, ATTR_TRADING_TRADE_OUTCOME]),
      slippage: worst(METRIC_TRADING_SLIPPAGE, 'p50', [STRATEGY]),
      ackP99: worst(METRIC_TRADING_ORDER_ACK_DURATION, 'p99', [STRATEGY]),
    },
    models: {
      p50: worst(METRIC_ML_INFERENCE_DURATION, 'p50', [ATTR_ML_MODEL_NAME]),
      p99: worst(METRIC_ML_INFERENCE_DURATION, 'p99', [ATTR_ML_MODEL_NAME]),
      rate: rate(METRIC_ML_PREDICTION_COUNT, [ATTR_ML_MODEL_NAME]),
      resolved: sum(METRIC_ML_PREDICTION_RESOLVED, [ATTR_ML_MODEL_NAME, ATTR_ML_PREDICTION_OUTCOME]),
      pending: sum(METRIC_ML_PREDICTION_PENDING, [ATTR_ML_MODEL_NAME]),
    },
    trust: {
      received: sum(METRIC_NANOMETER_BRIDGE_POINT_RECEIVED, [ATTR_NANOMETER_TRANSPORT]),
      receivedRate: rate(METRIC_NANOMETER_BRIDGE_POINT_RECEIVED, [ATTR_NANOMETER_TRANSPORT]),
      forwarded: sum(METRIC_NANOMETER_BRIDGE_POINT_FORWARDED, [ATTR_NANOMETER_OUTPUT]),
      dropped: sum(METRIC_NANOMETER_BRIDGE_POINT_DROPPED, [ATTR_NANOMETER_OUTPUT]),
      droppedByCause: sum(METRIC_NANOMETER_BRIDGE_POINT_DROPPED, [ATTR_NANOMETER_OUTPUT, ATTR_NANOMETER_DROP_CAUSE]),
      measurementsDropped: sum(METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED),
      eventsRefused: fold('sum', [
        { metric: METRIC_TRADING_EVENT_DROPPED },
        { metric: METRIC_RISK_EVENT_DROPPED },
        { metric: METRIC_EXCHANGE_EVENT_DROPPED },
        { metric: METRIC_ML_EVENT_DROPPED },
        { metric: METRIC_PIPELINE_EVENT_DROPPED },
      ]),
      series: sum(METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE),
      clients: sum(METRIC_NANOMETER_LIVE_CLIENT_ACTIVE),
      framesSent: sum(METRIC_NANOMETER_LIVE_FRAME_SENT),
      framesConflated: sum(METRIC_NANOMETER_LIVE_FRAME_CONFLATED),
      historySeries: sum(METRIC_NANOMETER_HISTORY_SERIES_ACTIVE),
    },
    tail: tailRiskMeasures(declare),
    edge: edgeMeasures(declare),
    performance: performanceMeasures(declare),
    experiments: experimentMeasures(declare),
    market: marketMeasures(declare),
    latencies: latencyMeasures(declare),
    topology: topologyMeasures(declare),
  };
}

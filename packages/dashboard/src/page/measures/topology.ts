import {
  ATTR_EXCHANGE_NAME,
  ATTR_NANOMETER_OUTPUT,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_ERROR_COUNT,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_ORDER_ACK_DURATION,
  METRIC_EXCHANGE_ORDER_REJECTED,
  METRIC_EXCHANGE_ORDER_SENT,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_REJECTED,
} from '@nanometer/semconv';
import type { Measure } from '../store/measure.ts';
import { SERVICE_NAME } from '../store/sources.ts';
import type { Declare } from './declare.ts';

/** Who takes what from whom; by service and exchange unless said otherwise. */
export interface TopologyMeasures {
  /** Messages received, per second. */
  readonly messages: Measure;
  readonly feedDelayP99: Measure;
  /** Seconds since the last message. */
  readonly feedAge: Measure;
  /** Connections that are up. */
  readonly links: Measure;
  /** Orders sent, per second: as the trading instrumentation counts them, and as the exchange's does. */
  readonly orders: Measure;
  readonly ordersToExchange: Measure;
  readonly ackP99: Measure;
  /** Per second. */
  readonly rejected: Measure;
  readonly rejectedByExchange: Measure;
  /** REST requests, per second. */
  readonly requests: Measure;
  readonly requestP99: Measure;
  readonly errors: Measure;
  /** By output of the bridge: points per second. */
  readonly forwarded: Measure;
}

/** Declares {@link TopologyMeasures}. */
export function topologyMeasures({ rate, sum, worst, worstOf, rateOf }: Declare): TopologyMeasures {
  const pair = [SERVICE_NAME, ATTR_EXCHANGE_NAME];
  return {
    messages: rate(METRIC_EXCHANGE_MESSAGE_COUNT, pair),
    feedDelayP99: worst(METRIC_EXCHANGE_FEED_DELAY_EXCESS, pair, 'p99'),
    feedAge: worst(METRIC_EXCHANGE_FEED_AGE, pair),
    links: sum(METRIC_EXCHANGE_CONNECTION_ACTIVE, pair),
    orders: rate(METRIC_TRADING_ORDER_COUNT, pair),
    ordersToExchange: rate(METRIC_EXCHANGE_ORDER_SENT, pair),
    ackP99: worstOf([METRIC_TRADING_ORDER_ACK_DURATION, METRIC_EXCHANGE_ORDER_ACK_DURATION], pair, 'p99'),
    rejected: rate(METRIC_TRADING_ORDER_REJECTED, pair),
    rejectedByExchange: rate(METRIC_EXCHANGE_ORDER_REJECTED, pair),
    requests: rateOf(METRIC_EXCHANGE_REQUEST_DURATION, pair, 'count'),
    requestP99: worst(METRIC_EXCHANGE_REQUEST_DURATION, pair, 'p99'),
    errors: rate(METRIC_EXCHANGE_ERROR_COUNT, pair),
    forwarded: rate(METRIC_NANOMETER_BRIDGE_POINT_FORWARDED, [ATTR_NANOMETER_OUTPUT]),
  };
}

import {
  ATTR_EXCHANGE_CHANNEL,
  ATTR_EXCHANGE_LIMITER,
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_SYMBOL,
  METRIC_EXCHANGE_BAN_REMAINING,
  METRIC_EXCHANGE_ERROR_COUNT,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_RATE_LIMIT_RESET,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_MARKET_QUOTE_COUNT,
  METRIC_MARKET_TRADE_COUNT,
} from '@nanometer/semconv';
import type { Measure } from '../store/measure.ts';
import type { Declare } from './declare.ts';

/** How much happens on the markets, and how much more of our own the exchanges will take. */
export interface MarketMeasures {
  /** Events per second by exchange and symbol, and by exchange and channel where symbols are not known. */
  readonly quotes: Measure;
  readonly trades: Measure;
  readonly messages: Measure;
  /** By exchange, limiter: 1 = at the limit. */
  readonly limiterUse: Measure;
  /** By exchange, limiter: seconds. */
  readonly limiterReset: Measure;
  /** By exchange: seconds. */
  readonly banRemaining: Measure;
  readonly errors: Measure;
  readonly requestP99: Measure;
}

/** Declares {@link MarketMeasures}. */
export function marketMeasures({ rate, sum, worst }: Declare): MarketMeasures {
  const limiter = [ATTR_EXCHANGE_NAME, ATTR_EXCHANGE_LIMITER];
  return {
    quotes: rate(METRIC_MARKET_QUOTE_COUNT, [ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL]),
    trades: rate(METRIC_MARKET_TRADE_COUNT, [ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL]),
    messages: rate(METRIC_EXCHANGE_MESSAGE_COUNT, [ATTR_EXCHANGE_NAME, ATTR_EXCHANGE_CHANNEL]),
    limiterUse: worst(METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, limiter),
    limiterReset: worst(METRIC_EXCHANGE_RATE_LIMIT_RESET, limiter),
    banRemaining: worst(METRIC_EXCHANGE_BAN_REMAINING, [ATTR_EXCHANGE_NAME]),
    errors: sum(METRIC_EXCHANGE_ERROR_COUNT, [ATTR_EXCHANGE_NAME]),
    requestP99: worst(METRIC_EXCHANGE_REQUEST_DURATION, [ATTR_EXCHANGE_NAME], 'p99'),
  };
}

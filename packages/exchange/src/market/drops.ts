import { DropCounter } from '@nanometer/instrumentation';
import { ATTR_MARKET_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';

/** Why a market event was left out; the values of `market.drop.reason`. */
export type MarketDropReason =
  'invalid_name' | 'invalid_quote' | 'invalid_book' | 'invalid_trade' | 'too_many_exchanges' | 'too_many_symbols';

/** What was left out, by reason. */
export type MarketDrops = DropCounter<MarketDropReason>;

/** The account of drops, kept in `counter`. */
export function marketDropsIn(counter: Counter): MarketDrops {
  return new DropCounter(counter, ATTR_MARKET_DROP_REASON);
}

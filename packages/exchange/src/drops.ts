import { DropCounter } from '@nanometer/instrumentation';
import { ATTR_EXCHANGE_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';

/** Why an event, or a part of it, was left out; the values of `exchange.drop.reason`. */
export type DropReason =
  | 'invalid_name'
  | 'invalid_message'
  | 'invalid_bytes'
  | 'invalid_time'
  | 'invalid_sequence'
  | 'invalid_duration'
  | 'invalid_count'
  | 'invalid_limit'
  | 'unknown_limit'
  | 'not_connected'
  | 'malformed_header'
  | 'malformed_limit'
  | 'invalid_book'
  | 'invalid_order'
  | 'invalid_amount'
  | 'unknown_order'
  | 'too_many_orders'
  | 'too_many_exchanges'
  | 'too_many_channels'
  | 'too_many_symbols'
  | 'too_many_operations'
  | 'too_many_limiters';

/** What was left out, by reason. */
export type Drops = DropCounter<DropReason>;

/** The account of drops, kept in `counter`. */
export function dropsIn(counter: Counter): Drops {
  return new DropCounter(counter, ATTR_EXCHANGE_DROP_REASON);
}

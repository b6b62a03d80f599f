import { isName } from '@nanometer/instrumentation';
import { isAmount } from '../amount.ts';
import type { OrderEvent, OrderResult } from './events.ts';

/** The first reason to refuse an order, whatever was passed; undefined if there is none. */
export function checkOrder(event: OrderEvent): Exclude<OrderResult, 'applied'> | undefined {
  if (typeof event !== 'object' || event === null) return 'invalid_event';
  if (!isName(event.orderId)) return 'invalid_order_id';
  if (!isName(event.strategy)) return 'invalid_strategy';
  if (!isName(event.exchange)) return 'invalid_exchange';
  if (!isName(event.symbol)) return 'invalid_symbol';
  if (event.side !== 'buy' && event.side !== 'sell') return 'invalid_side';
  if (!isName(event.type)) return 'invalid_order_type';
  if (event.timeInForce !== undefined && !isName(event.timeInForce)) return 'invalid_time_in_force';
  if (event.parentId !== undefined && !isName(event.parentId)) return 'invalid_parent_id';
  if (!isAmount(event.quantity)) return 'invalid_quantity';
  if (event.price !== undefined && !isAmount(event.price)) return 'invalid_price';
  if (!Number.isFinite(event.timeMs)) return 'invalid_time';
  return undefined;
}

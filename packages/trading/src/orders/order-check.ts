import { isName } from '@nanometer/instrumentation';
import { LARGEST_AMOUNT, SMALLEST_AMOUNT } from '@nanometer/quant';
import type { OrderEvent, OrderResult } from './events.ts';

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= SMALLEST_AMOUNT && value <= LARGEST_AMOUNT;
}

/** The first reason to refuse an order, whatever was passed; undefined if there is none. */
export function checkOrder(event: OrderEvent): Exclude<OrderResult, 'applied'> | undefined {
  if (typeof event !== 'object' || event === null) return 'invalid_event';
  if (!isName(event.orderId)) return 'invalid_order_id';
  if (!isName(event.strategy)) return 'invalid_strategy';
  if (!isName(event.exchange)) return 'invalid_exchange';
  if (!isName(event.symbol)) return 'invalid_symbol';
  if (event.side !== 'buy' && event.side !== 'sell') return 'invalid_side';
  if (!isName(event.type)) return 'invalid_order_type';
  if (!isAmount(event.quantity)) return 'invalid_quantity';
  if (event.price !== undefined && !isAmount(event.price)) return 'invalid_price';
  if (!Number.isFinite(event.timeMs)) return 'invalid_time';
  return undefined;
}

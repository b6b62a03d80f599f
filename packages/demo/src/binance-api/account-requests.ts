import type { NewOrder } from '../exchange/order.ts';
import { ApiError } from './api-error.ts';

/** Reads `POST /api/v3/order`. @throws ApiError for what Binance would refuse before matching. */
export function newOrderOf(parameters: URLSearchParams): Omit<NewOrder, 'orderId'> {
  const type = parameters.get('type');
  const side = parameters.get('side');
  const symbol = required(parameters, 'symbol');
  const quantity = positive(parameters, 'quantity');
  if (side !== 'BUY' && side !== 'SELL') throw new ApiError(400, -1117, 'Invalid side.');
  const order = { symbol, side: side === 'BUY' ? 'buy' : 'sell', quantity } as const;
  if (type === 'MARKET') return { ...order, type: 'market', timeInForce: 'IOC' };
  if (type !== 'LIMIT' && type !== 'LIMIT_MAKER') throw new ApiError(400, -1116, 'Invalid orderType.');
  const timeInForce = type === 'LIMIT_MAKER' ? 'GTX' : parameters.get('timeInForce') === 'IOC' ? 'IOC' : 'GTC';
  return { ...order, type: 'limit', timeInForce, price: positive(parameters, 'price') };
}

/** @throws ApiError when the parameter is missing. */
export function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === '') {
    throw new ApiError(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
  }
  return value;
}

function positive(parameters: URLSearchParams, name: string): number {
  const value = Number(required(parameters, name));
  if (!(value > 0 && value < Infinity)) throw new ApiError(400, -1013, `Invalid ${name}.`);
  return value;
}

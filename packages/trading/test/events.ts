import type { Contract, Fill, Mark, OrderEvent } from '@nanometer/trading';

export const CONTRACT: Contract = {
  exchange: 'venue',
  symbol: 'BTCUSDT',
  kind: 'linear',
  multiplier: 1,
  baseCurrency: 'BTC',
  currency: 'USDT',
};

export const INVERSE: Contract = {
  exchange: 'venue',
  symbol: 'BTCUSD',
  kind: 'inverse',
  multiplier: 100,
  baseCurrency: 'BTC',
  currency: 'BTC',
  quoteCurrency: 'USD',
};

let nextId = 0;

/** A valid fill: positive quantities buy, negative ones sell. Every call has an id of its own. */
export function fill(quantity: number, price: number, rest: Partial<Fill> = {}): Fill {
  return {
    fillId: `fill-${nextId++}`,
    strategy: 'maker',
    exchange: CONTRACT.exchange,
    symbol: CONTRACT.symbol,
    side: quantity < 0 ? 'sell' : 'buy',
    quantity: Math.abs(quantity),
    price,
    fee: 0,
    liquidity: 'maker',
    timeMs: 1000,
    ...rest,
  };
}

export function order(orderId: string, rest: Partial<OrderEvent> = {}): OrderEvent {
  return {
    orderId,
    strategy: 'maker',
    exchange: CONTRACT.exchange,
    symbol: CONTRACT.symbol,
    side: 'buy',
    type: 'limit',
    quantity: 1,
    price: 100,
    timeMs: 1000,
    ...rest,
  };
}

export function mark(price: number, timeMs = 1000): Mark {
  return { exchange: CONTRACT.exchange, symbol: CONTRACT.symbol, price, timeMs };
}

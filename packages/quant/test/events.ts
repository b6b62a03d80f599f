import type { Contract, Fill } from '@nanometer/quant';

export const LINEAR: Contract = {
  exchange: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear',
  multiplier: 1,
  baseCurrency: 'BTC',
  currency: 'USDT',
};

export const INVERSE: Contract = {
  exchange: 'binance-coinm',
  symbol: 'BTCUSD_PERP',
  kind: 'inverse',
  multiplier: 100,
  baseCurrency: 'BTC',
  currency: 'BTC',
  quoteCurrency: 'USD',
};

let nextId = 0;

/** A valid fill of the linear contract: positive quantities buy, negative ones sell. Every call has an id of its own. */
export function fill(quantity: number, price: number, rest: Partial<Fill> = {}): Fill {
  return {
    fillId: `f${nextId++}`,
    strategy: 'maker',
    exchange: LINEAR.exchange,
    symbol: LINEAR.symbol,
    side: quantity < 0 ? 'sell' : 'buy',
    quantity: Math.abs(quantity),
    price,
    fee: 0,
    liquidity: 'maker',
    timeMs: 1000,
    ...rest,
  };
}

/** The same for the inverse contract. */
export function inverseFill(quantity: number, price: number, rest: Partial<Fill> = {}): Fill {
  return fill(quantity, price, { exchange: INVERSE.exchange, symbol: INVERSE.symbol, ...rest });
}

/** Everything a number can be that no price and no quantity is. */
export const HOSTILE_AMOUNTS: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  -1,
  5e-324,
  Number.MAX_VALUE,
  undefined,
  null,
  '1',
  1n,
  {},
];

/** A tradable market: the contract's terms and the grids of its prices and quantities. */
export interface MarketSpec {
  readonly exchange: string;
  readonly symbol: string;
  readonly kind: 'linear' | 'inverse';
  /** Units of the base currency per unit of quantity; for inverse contracts the face value in quote currency. */
  readonly multiplier: number;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  /** Currency of P&L and fees. */
  readonly currency: string;
  /** Price grid: prices are multiples of 10^-priceDecimals. */
  readonly priceDecimals: number;
  /** Quantity grid: quantities are multiples of 10^-quantityDecimals. */
  readonly quantityDecimals: number;
}

/** Fees of an exchange in basis points of the traded value; cost positive, rebate negative. */
export interface FeeSchedule {
  readonly makerBps: number;
  readonly takerBps: number;
}

const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD', 'USD', 'EUR', 'TRY', 'BRL', 'JPY', 'BTC', 'ETH', 'BNB'];

const FEES: Readonly<Record<string, FeeSchedule>> = {
  'binance-spot': { makerBps: 1, takerBps: 4 },
  // A market-maker programme: the maker is paid.
  'binance-usdm': { makerBps: -0.5, takerBps: 4 },
  'binance-coinm': { makerBps: 0.5, takerBps: 5 },
  'us-equity': { makerBps: 0.2, takerBps: 0.5 },
  'sim-spot': { makerBps: 1, takerBps: 4 },
  'sim-perp': { makerBps: -0.5, takerBps: 4 },
  'sim-coin': { makerBps: 0.5, takerBps: 5 },
};

/** The paper fees of an exchange; 1 bp maker and 5 bp taker for one that has no entry. */
export function feesOf(exchange: string): FeeSchedule {
  return FEES[exchange] ?? { makerBps: 1, takerBps: 5 };
}

/**
 * Describes a market from its exchange and symbol: `…USD_PERP` and `…USD_YYMMDD` are coin-margined inverse contracts
 * (face value 100 USD for BTC, 10 USD for others, settled in the coin), a known quote currency at the end splits the
 * symbol of other markets, and what is left is a share in US dollars.
 */
export function describeMarket(
  exchange: string,
  symbol: string,
  priceDecimals: number,
  quantityDecimals: number,
): MarketSpec {
  const inverse = /^([A-Z0-9]+)USD_(?:PERP|\d{6})$/.exec(symbol);
  if (inverse) {
    const base = inverse[1] ?? symbol;
    const multiplier = base === 'BTC' ? 100 : 10;
    const currencies = { baseCurrency: base, quoteCurrency: 'USD', currency: base };
    return { exchange, symbol, kind: 'inverse', multiplier, ...currencies, priceDecimals, quantityDecimals: 0 };
  }
  const quote = QUOTES.find((code) => symbol.endsWith(code) && symbol.length > code.length) ?? 'USD';
  const base = symbol.endsWith(quote) ? symbol.slice(0, -quote.length) : symbol;
  return {
    exchange,
    symbol,
    kind: 'linear',
    multiplier: 1,
    baseCurrency: base,
    quoteCurrency: quote,
    currency: quote,
    priceDecimals,
    quantityDecimals,
  };
}

/** Traded value in the quote currency. */
export function notionalOf(spec: MarketSpec, price: number, quantity: number): number {
  return spec.kind === 'inverse' ? quantity * spec.multiplier : quantity * spec.multiplier * price;
}

/** Fee in the settlement currency, rounded to 8 decimals as exchanges book it. */
export function feeOf(spec: MarketSpec, feeBps: number, price: number, quantity: number): number {
  const notional = notionalOf(spec, price, quantity);
  const settled = spec.kind === 'inverse' ? notional / price : notional;
  return Math.round(settled * feeBps * 1e4) / 1e8;
}

/** Rounds to the nearest multiple of 10^-decimals; the result is the double a parser gets from the decimal text. */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

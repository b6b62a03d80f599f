import type { MarketSpec } from '../market/market-spec.ts';

/** `GET /api/v3/exchangeInfo`: what a client must know of the symbols before it can trade. */
export function exchangeInfoOf(specs: readonly MarketSpec[], serverTime: number): Readonly<Record<string, unknown>> {
  return {
    timezone: 'UTC',
    serverTime,
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6_000 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
    ],
    exchangeFilters: [],
    symbols: specs.map(symbolOf),
  };
}

function symbolOf(spec: MarketSpec): Readonly<Record<string, unknown>> {
  const tickSize = (10 ** -spec.priceDecimals).toFixed(spec.priceDecimals);
  const stepSize = (10 ** -spec.quantityDecimals).toFixed(spec.quantityDecimals);
  return {
    symbol: spec.symbol,
    status: 'TRADING',
    baseAsset: spec.baseCurrency,
    baseAssetPrecision: 8,
    quoteAsset: spec.quoteCurrency,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000000', tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '1000000000', stepSize },
    ],
    permissions: ['SPOT'],
    permissionSets: [['SPOT']],
  };
}

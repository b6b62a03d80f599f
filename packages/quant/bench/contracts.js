/** Linear contracts `S0USDT`, `S1USDT`, … on two exchanges in turn, or on those given. */
export function linearContracts(count, exchanges = ['binance-usdm', 'okx']) {
  return Array.from({ length: count }, (_, at) => ({
    exchange: exchanges[at % exchanges.length],
    symbol: `S${at}USDT`,
    kind: 'linear',
    multiplier: 1,
    baseCurrency: `S${at}`,
    currency: 'USDT',
  }));
}

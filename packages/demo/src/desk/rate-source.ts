import type { MarketSpec } from '../market/market-spec.ts';

/** Taken as one US dollar each; the desk reports in dollars and has no market for them. */
export const DOLLAR_COINS: readonly string[] = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD'];

/**
 * Chooses the market whose mid is a coin's price in US dollars: a linear market against the dollar or a dollar coin, of
 * several the first, and until one has a price the inverse contract's own.
 */
export class RateSource {
  readonly coin: string;
  readonly #preferred: MarketSpec | undefined;
  #preferredSeen = false;

  constructor(coin: string, markets: readonly MarketSpec[]) {
    this.coin = coin;
    this.#preferred = markets.find(
      ({ kind, baseCurrency, quoteCurrency }) => kind === 'linear' && baseCurrency === coin && isDollar(quoteCurrency),
    );
  }

  /** True when the mid of `spec` is to be taken as the coin's rate. */
  accepts(spec: MarketSpec): boolean {
    if (spec === this.#preferred) return (this.#preferredSeen = true);
    return !this.#preferredSeen && spec.baseCurrency === this.coin && isDollar(spec.quoteCurrency);
  }
}

/** The coins that need a rate: settlement and quote currencies that are not dollars. */
export function coinsWithoutRate(markets: readonly MarketSpec[]): string[] {
  const coins = new Set(markets.flatMap((spec) => [spec.currency, spec.quoteCurrency]));
  return [...coins].filter((coin) => !isDollar(coin));
}

/** True for the dollar and what is taken as one. */
export function isDollar(currency: string): boolean {
  return currency === 'USD' || DOLLAR_COINS.includes(currency);
}

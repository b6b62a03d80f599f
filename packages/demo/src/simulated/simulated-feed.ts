import type { MarketFeed } from '../market/market-feed.ts';
import { describeMarket, type MarketSpec } from '../market/market-spec.ts';
import type { MarketMessage } from '../market/message.ts';
import { SeededRandom } from '../market/seeded-random.ts';
import { FundamentalPrice } from './fundamental-price.ts';
import { type FeedTraits, SimulatedMarket } from './simulated-market.ts';

/** Market time 0 of every simulation: a fixed day, so that a seed gives the same time stamps always. */
const ORIGIN_MS = Date.UTC(2025, 0, 6, 12);

const COINS = { BTC: { price: 60_000, volatility: 4e-5 }, ETH: { price: 2_600, volatility: 5e-5 } } as const;

const MARKETS = [
  {
    exchange: 'sim-spot',
    symbol: 'BTCUSDT',
    coin: 'BTC',
    decimals: [2, 5],
    basis: 0,
    rates: [110, 28],
    spread: 4e-5,
    sizes: [1.2, 0.08],
  },
  {
    exchange: 'sim-spot',
    symbol: 'ETHUSDT',
    coin: 'ETH',
    decimals: [2, 4],
    basis: 0,
    rates: [70, 18],
    spread: 5e-5,
    sizes: [18, 1.1],
  },
  {
    exchange: 'sim-perp',
    symbol: 'BTCUSDT',
    coin: 'BTC',
    decimals: [1, 3],
    basis: -3e-4,
    rates: [190, 60],
    spread: 3e-5,
    sizes: [3, 0.15],
  },
  {
    exchange: 'sim-perp',
    symbol: 'ETHUSDT',
    coin: 'ETH',
    decimals: [2, 3],
    basis: -3e-4,
    rates: [140, 40],
    spread: 4e-5,
    sizes: [40, 2],
  },
  {
    exchange: 'sim-coin',
    symbol: 'BTCUSD_PERP',
    coin: 'BTC',
    decimals: [1, 0],
    basis: -2e-4,
    rates: [55, 8],
    spread: 3e-5,
    sizes: [900, 30],
  },
] as const;

/** Clock offset, path and jitter in milliseconds. */
const PATHS: Readonly<Record<string, readonly [number, number, number]>> = {
  'sim-spot': [1.5, 4, 1.5],
  'sim-perp': [12, 3, 1],
  'sim-coin': [-7, 6, 3],
};

/**
 * A seeded market of three exchanges and five symbols: spot, linear perpetuals, and a coin-margined inverse contract.
 * Each exchange has its own clock offset and jitter, and falls silent once for about two seconds, between a quarter and
 * a half of the first minute (or of the run, when that is shorter).
 */
export class SimulatedFeed implements MarketFeed {
  readonly mode = 'simulated';
  readonly name: string;
  readonly markets: readonly MarketSpec[];
  readonly originMs: number = ORIGIN_MS;
  readonly notices: readonly string[] = [];
  readonly #markets: SimulatedMarket[];

  constructor(seed: number, durationMs: number = Infinity) {
    this.name = `seed-${seed}`;
    const fundamentals = Object.fromEntries(
      Object.entries(COINS).map(([coin, { price, volatility }]) => {
        const random = new SeededRandom(seed, `coin ${coin}`);
        return [coin, new FundamentalPrice(random, price * random.between(0.95, 1.05), volatility)];
      }),
    ) as Record<keyof typeof COINS, FundamentalPrice>;
    const feeds = new Map<string, FeedTraits>();
    for (const [exchange, [clockOffsetMs, pathMs, jitterMs]] of Object.entries(PATHS)) {
      const stall = stallOf(new SeededRandom(seed, `stall ${exchange}`), durationMs);
      feeds.set(exchange, { clockOffsetMs, pathMs, jitterMs, ...stall });
    }
    this.#markets = MARKETS.map(({ exchange, symbol, coin, decimals, basis, rates, spread, sizes }) => {
      const traits = {
        spec: describeMarket(exchange, symbol, decimals[0], decimals[1]),
        basis,
        spread,
        quotesPerSecond: rates[0],
        tradesPerSecond: rates[1],
        touchSize: sizes[0],
        tradeSize: sizes[1],
      };
      const random = new SeededRandom(seed, `market ${exchange} ${symbol}`);
      return new SimulatedMarket(traits, feeds.get(exchange) as FeedTraits, random, fundamentals[coin]);
    });
    this.markets = this.#markets.map((market) => market.spec);
  }

  nextTimeMs(): Promise<number | undefined> {
    return Promise.resolve(this.#earliest().nextTimeMs);
  }

  takeUntil(untilMs: number, out: MarketMessage[]): Promise<void> {
    for (;;) {
      const market = this.#earliest();
      if (market.nextTimeMs >= untilMs) return Promise.resolve();
      market.emit(out);
    }
  }

  ended(): boolean {
    return false;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #earliest(): SimulatedMarket {
    let earliest = this.#markets[0] as SimulatedMarket;
    for (const market of this.#markets) if (market.nextTimeMs < earliest.nextTimeMs) earliest = market;
    return earliest;
  }
}

function stallOf(random: SeededRandom, durationMs: number): { stallStartMs: number; stallEndMs: number } {
  const span = Math.min(60_000, durationMs);
  const stallStartMs = random.between(span / 4, span / 2);
  return { stallStartMs, stallEndMs: stallStartMs + Math.min(span / 10, random.between(1_500, 2_500)) };
}

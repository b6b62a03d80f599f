import { basename, resolve } from 'node:path';
import type { MarketFeed } from '../market/market-feed.ts';
import { describeMarket, type MarketSpec } from '../market/market-spec.ts';
import type { Channel, MarketMessage } from '../market/message.ts';
import type { FileSource } from './file-source.ts';
import { QuoteDeriver } from './quote-deriver.ts';

interface Market {
  readonly spec: MarketSpec;
  readonly sources: FileSource[];
  readonly channels: Set<Channel>;
  zeroMs: number;
  deriver: QuoteDeriver | undefined;
}

interface Lane {
  readonly source: FileSource;
  readonly market: Market;
}

/**
 * Merges the files of several markets by time. All markets of one day share the zero of market time, the first message
 * (for US equities 09:30 New York); markets of different days start together. Later days of the same market follow at
 * their true distance.
 */
export class ReplayFeed implements MarketFeed {
  readonly mode = 'replay';
  readonly name: string;
  readonly markets: readonly MarketSpec[];
  readonly originMs: number;
  readonly #notices: string[];
  readonly #lanes: Lane[] = [];

  constructor(path: string, sources: readonly FileSource[], notices: string[]) {
    this.name = basename(resolve(path));
    this.#notices = notices;
    const markets = groupByMarket(sources);
    const zeros = dayZeros(markets);
    let originMs = -Infinity;
    for (const market of markets) {
      market.zeroMs = zeros.get(firstDate(market)) ?? 0;
      originMs = Math.max(originMs, market.zeroMs);
      if (!market.channels.has('bbo')) {
        const { exchange, symbol } = market.spec;
        const hasDepth = market.channels.has('depth');
        market.deriver = new QuoteDeriver(market.spec, hasDepth);
        notices.push(
          `${exchange} ${symbol}: no best bid and offer recorded, derived from ${hasDepth ? 'depth' : 'trades'}`,
        );
      }
      for (const source of market.sources) this.#lanes.push({ source, market });
    }
    if (zeros.size > 1)
      notices.push(`days that start together at market time 0: ${[...zeros.keys()].sort().join(', ')}`);
    this.markets = markets.map((market) => market.spec);
    this.originMs = originMs;
  }

  get notices(): readonly string[] {
    return this.#notices;
  }

  async nextTimeMs(): Promise<number | undefined> {
    const lane = await this.#earliest();
    return lane?.source.head && lane.source.head.timeMs - lane.market.zeroMs;
  }

  async takeUntil(untilMs: number, out: MarketMessage[]): Promise<void> {
    for (;;) {
      // The common case needs no promise: every lane has a head.
      let lane = this.#earliestLoaded();
      if (lane === undefined) lane = await this.#earliest();
      const message = lane?.source.head;
      if (lane === undefined || message === undefined) return;
      const timeMs = message.timeMs - lane.market.zeroMs;
      if (timeMs >= untilMs) return;
      lane.source.advance();
      message.timeMs = timeMs;
      out.push(message);
      const quote = lane.market.deriver?.next(message);
      if (quote) out.push(quote);
    }
  }

  ended(exchange: string): boolean {
    return this.#lanes.every(({ source, market }) => market.spec.exchange !== exchange || source.ended);
  }

  async close(): Promise<void> {
    for (const { source } of this.#lanes) await source.close();
  }

  /** The lane with the earliest head; `undefined` when a lane has to be filled first, or all have ended. */
  #earliestLoaded(): Lane | undefined {
    let earliest: Lane | undefined;
    let earliestMs = Infinity;
    for (const lane of this.#lanes) {
      const head = lane.source.head;
      if (head === undefined) {
        if (lane.source.ended) continue;
        return undefined;
      }
      const timeMs = head.timeMs - lane.market.zeroMs;
      if (timeMs < earliestMs) {
        earliest = lane;
        earliestMs = timeMs;
      }
    }
    return earliest;
  }

  async #earliest(): Promise<Lane | undefined> {
    for (const { source } of this.#lanes) {
      if (source.head === undefined && !source.ended) {
        await source.fill();
        if (source.ended) this.#noteSkippedRows(source);
      }
    }
    return this.#earliestLoaded();
  }

  #noteSkippedRows(source: FileSource): void {
    for (const [reason, count] of source.parser.skipped) {
      this.#notices.push(`${basename(source.layout.path)}: ${count} rows left out, ${reason}`);
    }
  }
}

function groupByMarket(sources: readonly FileSource[]): Market[] {
  const markets = new Map<string, Market>();
  const grids = new Map<string, { price: number; quantity: number }>();
  for (const { layout, parser } of sources) {
    const key = `${layout.exchange} ${layout.symbol}`;
    const grid = grids.get(key) ?? { price: 0, quantity: 0 };
    grid.price = Math.max(grid.price, layout.priceDecimals ?? parser.row.priceDecimals);
    grid.quantity = Math.max(grid.quantity, parser.row.quantityDecimals);
    grids.set(key, grid);
  }
  for (const source of sources) {
    const { exchange, symbol, channel } = source.layout;
    const key = `${exchange} ${symbol}`;
    let market = markets.get(key);
    if (market === undefined) {
      const grid = grids.get(key) ?? { price: 0, quantity: 0 };
      const spec = describeMarket(exchange, symbol, grid.price, grid.quantity);
      market = { spec, sources: [], channels: new Set(), zeroMs: 0, deriver: undefined };
      markets.set(key, market);
    }
    market.sources.push(source);
    market.channels.add(channel);
  }
  return [...markets.values()];
}

function firstDate(market: Market): string {
  return market.sources.map(({ layout }) => layout.date).sort()[0] ?? '';
}

function dayZeros(markets: readonly Market[]): Map<string, number> {
  const zeros = new Map<string, number>();
  for (const market of markets) {
    const date = firstDate(market);
    for (const { layout, head } of market.sources) {
      if (layout.date !== date) continue;
      const startMs = layout.dayStartMs ?? head?.timeMs ?? Infinity;
      zeros.set(date, Math.min(zeros.get(date) ?? Infinity, startMs));
    }
  }
  return zeros;
}

import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  type BookEvent,
  MarketInstrumentation,
  type MarketInstrumentationOptions,
  type MarketTradeEvent,
  type QuoteEvent,
} from '@nanometer/exchange';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_MARKET_BOOK_SIDE,
  ATTR_MARKET_DROP_REASON,
  ATTR_MARKET_ESTIMATOR,
  ATTR_MARKET_VARIANT,
  ATTR_MARKET_WINDOW,
  ATTR_TRADING_SYMBOL,
  METRIC_MARKET_BOOK_COUNT,
  METRIC_MARKET_BOOK_DEPTH,
  METRIC_MARKET_BOOK_IMBALANCE,
  METRIC_MARKET_EVENT_DROPPED,
  METRIC_MARKET_IMBALANCE,
  METRIC_MARKET_IMPACT_R_SQUARED,
  METRIC_MARKET_IMPACT_SLOPE,
  METRIC_MARKET_KYLE_LAMBDA,
  METRIC_MARKET_MICROPRICE,
  METRIC_MARKET_MID,
  METRIC_MARKET_ORDER_FLOW_IMBALANCE,
  METRIC_MARKET_QUOTE_COUNT,
  METRIC_MARKET_QUOTE_CROSSED,
  METRIC_MARKET_QUOTE_LOCKED,
  METRIC_MARKET_QUOTE_PER_TRADE,
  METRIC_MARKET_RESILIENCE_ABANDONED,
  METRIC_MARKET_RESILIENCE_DURATION,
  METRIC_MARKET_SPREAD,
  METRIC_MARKET_SPREAD_RELATIVE,
  METRIC_MARKET_STREAM_RESTART,
  METRIC_MARKET_TRADE_CLASSIFIED,
  METRIC_MARKET_TRADE_COUNT,
  METRIC_MARKET_TRADE_RATE,
  METRIC_MARKET_TRADE_VOLUME,
  METRIC_MARKET_VOLATILITY,
  METRIC_MARKET_VPIN,
  METRICS,
} from '@nanometer/semconv';
import { Recording, SDKS } from '@nanometer/testing';

const BTC = { [ATTR_EXCHANGE_NAME]: 'binance', [ATTR_TRADING_SYMBOL]: 'BTCUSDT' };
const START_MS = 1_700_000_000_000;

function quote(changes: Partial<QuoteEvent> = {}): QuoteEvent {
  return {
    exchange: 'binance',
    symbol: 'BTCUSDT',
    bid: 100,
    bidSize: 1,
    ask: 101,
    askSize: 3,
    timeMs: START_MS,
    ...changes,
  };
}

function trade(changes: Partial<MarketTradeEvent> = {}): MarketTradeEvent {
  return {
    exchange: 'binance',
    symbol: 'BTCUSDT',
    price: 101,
    quantity: 2,
    side: 'buy',
    timeMs: START_MS,
    ...changes,
  };
}

function book(changes: Partial<BookEvent> = {}): BookEvent {
  const bids = [
    [100, 4],
    [99, 6],
  ] as const;
  const asks = [[100.1, 2]] as const;
  return { exchange: 'binance', symbol: 'BTCUSDT', bids, asks, ...changes };
}

// The stock SDK goes on reporting the last value of a cumulative observable; this one leaves it out, as specified.
function setUp(options: MarketInstrumentationOptions = {}, Provider = SDKS[1]![1]) {
  const { meterProvider, collect } = new Recording(Provider);
  return { market: new MarketInstrumentation({ meterProvider, ...options }), collect };
}

/** Some minutes of a busy market. */
function feed(market: MarketInstrumentation, seconds: number): void {
  for (let step = 0; step < seconds * 4; step++) {
    const timeMs = START_MS + step * 250;
    const bid = 100 + Math.sin(step / 7) * 2 + ((step * 7919) % 13) / 10;
    if (step % 3 === 0) {
      const side = step % 2 === 0 ? 'buy' : 'sell';
      market.onTrade(trade({ timeMs, price: bid + (side === 'buy' ? 1 : 0), quantity: 1 + (step % 5), side }));
    }
    market.onQuote(quote({ timeMs, bid, ask: bid + 1, bidSize: 1 + (step % 4), askSize: 1 + (step % 7) }));
  }
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('records every metric of the group from an hour of a market', async () => {
    const { market, collect } = setUp({ dailyVolumes: { binance: { BTCUSDT: 500 } } }, Provider);
    feed(market, 3600);
    market.onBook(book());
    market.onBook(book({ bids: [] }));
    const endMs = START_MS + 3_600_000;
    market.onTrade(trade({ timeMs: endMs, side: undefined }));
    market.onQuote(quote({ timeMs: endMs, ask: 110 }));
    market.onQuote(quote({ timeMs: endMs + 10 }));
    market.onTrade(trade({ timeMs: endMs + 10 }));
    market.onQuote(quote({ timeMs: endMs + 10, ask: 110 }));
    market.onQuote(quote({ timeMs: endMs + 70_011, ask: 110 }));
    market.onQuote(quote({ timeMs: endMs + 70_011, ask: 100 }));
    market.onQuote(quote({ timeMs: endMs + 70_011, ask: 99 }));
    market.onInterruption({ exchange: 'binance', symbol: 'ETHUSDT' });
    market.onQuote(quote({ timeMs: endMs + 70_012 }));
    const found = await collect();
    expect(found.valueOf(METRIC_MARKET_STREAM_RESTART, BTC)).toBeUndefined();
    market.onInterruption({ exchange: 'binance' });
    const later = await collect();
    expect(later.valueOf(METRIC_MARKET_STREAM_RESTART, BTC)).toBe(1);
    expect(market.statisticsOf('binance', 'BTCUSDT')?.quote.isKnown).toBe(false);
    const names = new Set([...found.names, ...later.names]);
    const group = METRICS.map(({ name }) => name).filter((name) => name.startsWith('market.'));
    expect(group.filter((name) => !names.has(name))).toEqual([]);
    expect(found.valueOf(METRIC_MARKET_RESILIENCE_ABANDONED, BTC)).toBe(1);
    for (const variant of ['aggressor', 'bulk']) {
      expect(found.valueOf(METRIC_MARKET_VPIN, { ...BTC, [ATTR_MARKET_VARIANT]: variant })).toBeGreaterThan(0);
    }
    for (const estimator of ['realized', 'parkinson', 'garman_klass', 'yang_zhang']) {
      expect(found.valueOf(METRIC_MARKET_VOLATILITY, { ...BTC, [ATTR_MARKET_ESTIMATOR]: estimator })).toBeGreaterThan(
        0,
      );
    }
    market.close();
    market.close();
  });
});

test('counts quotes, trades and books, and what a quote was', async () => {
  const { market, collect } = setUp();
  market.onQuote(quote());
  market.onQuote(quote({ ask: 100 }));
  market.onQuote(quote({ ask: 99 }));
  market.onTrade(trade());
  market.onTrade(trade({ side: undefined, quantity: 0.5 }));
  market.onBook(book());
  const found = await collect();
  expect(found.valueOf(METRIC_MARKET_QUOTE_COUNT, BTC)).toBe(3);
  expect(found.valueOf(METRIC_MARKET_QUOTE_LOCKED, BTC)).toBe(1);
  expect(found.valueOf(METRIC_MARKET_QUOTE_CROSSED, BTC)).toBe(1);
  expect(found.valueOf(METRIC_MARKET_TRADE_COUNT, BTC)).toBe(2);
  expect(found.valueOf(METRIC_MARKET_TRADE_CLASSIFIED, BTC)).toBe(1);
  expect(found.valueOf(METRIC_MARKET_TRADE_VOLUME, BTC)).toBe(2.5);
  expect(found.valueOf(METRIC_MARKET_BOOK_COUNT, BTC)).toBe(1);
});

test('shows what the latest quote says', async () => {
  const { market, collect } = setUp();
  market.onQuote(quote({ bid: 50, ask: 52 }));
  market.onQuote(quote());
  const found = await collect();
  expect(found.valueOf(METRIC_MARKET_MID, BTC)).toBe(100.5);
  expect(found.valueOf(METRIC_MARKET_SPREAD, BTC)).toBe(1);
  expect(found.valueOf(METRIC_MARKET_SPREAD_RELATIVE, BTC)).toBeCloseTo((1 / 100.5) * 1e4, 12);
  expect(found.valueOf(METRIC_MARKET_MICROPRICE, BTC)).toBe((100 * 3 + 101 * 1) / 4);
  expect(found.valueOf(METRIC_MARKET_IMBALANCE, BTC)).toBe(-0.5);
  market.onQuote(quote({ bidSize: 0, askSize: 0 }));
  const without = await collect();
  // Not the old value: without size there is none.
  expect(without.valueOf(METRIC_MARKET_MICROPRICE, BTC)).toBeUndefined();
  expect(without.valueOf(METRIC_MARKET_IMBALANCE, BTC)).toBeUndefined();
  expect(without.valueOf(METRIC_MARKET_MID, BTC)).toBe(100.5);
});

test('shows depth and imbalance of the latest book', async () => {
  const { market, collect } = setUp({ bookLevels: 1, withinBps: 200 });
  market.onBook(book());
  market.onBook(book({ asks: [[100, -1]] }));
  const found = await collect();
  expect(found.valueOf(METRIC_MARKET_BOOK_IMBALANCE, BTC)).toBeCloseTo((4 - 2) / 6, 12);
  expect(found.valueOf(METRIC_MARKET_BOOK_DEPTH, { ...BTC, [ATTR_MARKET_BOOK_SIDE]: 'bid' })).toBe(10);
  expect(found.valueOf(METRIC_MARKET_BOOK_DEPTH, { ...BTC, [ATTR_MARKET_BOOK_SIDE]: 'ask' })).toBe(2);
  expect(market.bookOf('binance', 'BTCUSDT')?.imbalance).toBeCloseTo(1 / 3, 12);
});

test('shows quotes per trade of the latest seconds', async () => {
  const { market, collect } = setUp();
  market.onQuote(quote());
  expect((await collect()).valueOf(METRIC_MARKET_QUOTE_PER_TRADE, BTC)).toBeUndefined();
  for (let at = 0; at < 5; at++) market.onQuote(quote());
  market.onTrade(trade());
  market.onTrade(trade());
  const found = await collect();
  expect(found.valueOf(METRIC_MARKET_QUOTE_PER_TRADE, BTC)).toBeCloseTo(3, 12);
  expect(found.valueOf(METRIC_MARKET_TRADE_RATE, BTC)).toBeCloseTo(2 / 10, 12);
});

test('states no fit before thirty windows, and each window by its length', async () => {
  const { market, collect } = setUp();
  const second = { ...BTC, [ATTR_MARKET_WINDOW]: '1s' };
  feed(market, 30);
  const early = await collect();
  expect(early.valueOf(METRIC_MARKET_IMPACT_SLOPE, second)).toBeUndefined();
  expect(early.valueOf(METRIC_MARKET_ORDER_FLOW_IMBALANCE, second)).toBeDefined();
  feed(market, 60);
  const found = await collect();
  expect(found.valueOf(METRIC_MARKET_IMPACT_SLOPE, second)).toBeDefined();
  expect(found.valueOf(METRIC_MARKET_IMPACT_R_SQUARED, second)).toBeGreaterThanOrEqual(0);
  expect(found.valueOf(METRIC_MARKET_IMPACT_SLOPE, { ...BTC, [ATTR_MARKET_WINDOW]: '10s' })).toBeUndefined();
  for (const variant of ['kyle', 'hasbrouck']) {
    expect(found.valueOf(METRIC_MARKET_KYLE_LAMBDA, { ...second, [ATTR_MARKET_VARIANT]: variant })).toBeDefined();
  }
});

test('a sweep’s recovery is recorded in seconds, and statistics are current when the event returns', async () => {
  const { market, collect } = setUp();
  market.onQuote(quote());
  market.onTrade(trade({ timeMs: START_MS + 1 }));
  market.onQuote(quote({ timeMs: START_MS + 1, ask: 103 }));
  market.onQuote(quote({ timeMs: START_MS + 501 }));
  expect(market.statisticsOf('binance', 'BTCUSDT')?.resilience.recovered).toBe(1);
  market.advance(START_MS + 2000);
  expect(market.statisticsOf('binance', 'BTCUSDT')?.flows[0]?.impact.count).toBe(2);
  expect(market.statisticsOf('binance', 'ETHUSDT')).toBeUndefined();
  expect((await collect()).valueOf(METRIC_MARKET_RESILIENCE_DURATION, BTC)).toMatchObject({ count: 1, sum: 0.5 });
});

test('symbols beyond the limit are counted together, exchanges beyond it are dropped', async () => {
  const { market, collect } = setUp({ symbolLimit: 2, exchangeLimit: 1 });
  for (let at = 0; at < 10_000; at++) {
    market.onQuote(quote({ symbol: `S${at}` }));
    market.onTrade(trade({ symbol: `S${at}` }));
    market.onBook(book({ symbol: `S${at}` }));
  }
  market.onQuote(quote({ exchange: 'okx' }));
  const found = await collect();
  const others = { [ATTR_EXCHANGE_NAME]: 'binance', [ATTR_TRADING_SYMBOL]: '_OTHER' };
  for (const metric of [METRIC_MARKET_QUOTE_COUNT, METRIC_MARKET_TRADE_COUNT, METRIC_MARKET_BOOK_COUNT]) {
    expect(found.valueOf(metric, others)).toBe(9_998);
    expect(found.seriesOf(metric)).toHaveLength(3);
  }
  const dropped = (reason: string): unknown =>
    found.valueOf(METRIC_MARKET_EVENT_DROPPED, { [ATTR_MARKET_DROP_REASON]: reason });
  expect(dropped('too_many_symbols')).toBe(3 * 9_998);
  expect(dropped('too_many_exchanges')).toBe(1);
});

test('counts what it refuses by reason, and never throws', async () => {
  const { market, collect } = setUp();
  const bad: [string, () => void][] = [
    ['invalid_quote', () => market.onQuote(quote({ bid: Number.NaN }))],
    ['invalid_quote', () => market.onQuote(quote({ ask: -1 }))],
    ['invalid_quote', () => market.onQuote(quote({ timeMs: Infinity }))],
    ['invalid_trade', () => market.onTrade(trade({ price: 0 }))],
    ['invalid_trade', () => market.onTrade(trade({ quantity: Infinity }))],
    ['invalid_trade', () => market.onTrade(trade({ timeMs: Number.NaN }))],
    ['invalid_book', () => market.onBook(book({ asks: [] }))],
    ['invalid_book', () => market.onBook(book({ bids: [null] as never }))],
    ['invalid_book', () => market.onBook(book({ bids: undefined as never }))],
    ['invalid_book', () => market.onBook(book({ asks: [[101, 1], 'x'] as never }))],
    ['invalid_name', () => market.onQuote(quote({ exchange: '' }))],
    ['invalid_name', () => market.onTrade(trade({ symbol: 7 as never }))],
    ['invalid_name', () => market.onBook(undefined as never)],
    ['invalid_name', () => market.onQuote(null as never)],
  ];
  const expected: Record<string, number> = {};
  for (const [reason, act] of bad) {
    expect(act).not.toThrow();
    expected[reason] = (expected[reason] ?? 0) + 1;
  }
  market.onInterruption(undefined as never);
  expect(market.dropped).toBe(bad.length);
  const found = await collect();
  for (const [reason, count] of Object.entries(expected)) {
    expect(found.valueOf(METRIC_MARKET_EVENT_DROPPED, { [ATTR_MARKET_DROP_REASON]: reason })).toBe(count);
  }
});

test.each<[MarketInstrumentationOptions, string]>([
  [{ symbolLimit: 0 }, 'symbolLimit is 0'],
  [{ exchangeLimit: 1.5 }, 'exchangeLimit is 1.5'],
  [{ withinBps: Number.NaN }, 'withinBps is NaN'],
  [{ yearMs: -1 }, 'yearMs is -1'],
  [{ bookLevels: 0 }, 'bookLevels is 0'],
  [{ dailyVolumes: { binance: { BTCUSDT: 0 } } }, 'dailyVolumes.binance.BTCUSDT is 0'],
  [{ statistics: { gridStep: 0 } }, 'statistics: a grid step of 0'],
])('refuses the option %j', (options, message) => {
  expect(() => new MarketInstrumentation(options)).toThrow(
    expect.objectContaining({ code: 'EXCHANGE_OPTION_INVALID', message: expect.stringContaining(message) as unknown }),
  );
});

test('no attribute of a market is an identifier', () => {
  const model = readFileSync(new URL('../../semconv/model/market.yaml', import.meta.url), 'utf8');
  expect(model).not.toMatch(/attributes:.*\b(id|order|trade)_?id\b/);
});

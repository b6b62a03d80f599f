import { describe, expect, test } from '@jest/globals';
import { ExchangeInstrumentation, MarketInstrumentation } from '@nanometer/exchange';
import { hostileStream, Recording, unsoundSeries } from '@nanometer/testing';
import * as fc from 'fast-check';

const exchange = fc.constantFrom('binance', 'okx');
const channel = fc.constantFrom('bbo', 'trades');
const symbol = fc.constantFrom('BTCUSDT', 'ETHUSDT');
const id = fc.integer({ min: 0, max: 12 });
const seconds = fc.constantFrom(0, 0.001, 2);
const price = fc.integer({ min: 1, max: 200 });
/** Mostly forward, sometimes far back or ahead. */
const timeMs = fc.oneof({ arbitrary: fc.nat(60_000), weight: 9 }, { arbitrary: fc.constantFrom(-1e9, 1e9), weight: 1 });
const kind = fc.constantFrom('sent', 'acknowledged', 'filled', 'cancel_sent', 'canceled', 'rejected');
const side = fc.constantFrom('buy', 'sell');

const EVENTS = {
  onConnect: fc.record({ exchange, handshakeSeconds: seconds, timeMs }),
  onDisconnect: fc.record({ exchange, reason: fc.constantFrom('timeout', undefined), timeMs }),
  onMessage: fc.record({
    exchange,
    channel,
    symbol,
    bytes: id,
    receiveTimeMs: timeMs,
    eventTimeMs: timeMs,
    sequence: id,
  }),
  onHandled: fc.record({ exchange, channel, durationSeconds: seconds, decodeSeconds: seconds }),
  onGap: fc.record({ exchange, channel, missed: id }),
  onResync: fc.record({ exchange, channel }),
  onRequest: fc.record({ exchange, operation: fc.constant('order.new'), durationSeconds: seconds }),
  onQueued: fc.record({ exchange, depth: id, durationSeconds: seconds }),
  onRateLimit: fc.record({ exchange, limiter: fc.constant('weight'), used: id, limit: fc.constant(10) }),
  onSubscribed: fc.record({ exchange, channel, durationSeconds: seconds }),
  onPing: fc.record({ exchange, roundTripSeconds: seconds }),
  onTimeSync: fc.record({ exchange, sendTimeMs: timeMs, serverSendTimeMs: timeMs, receiveTimeMs: timeMs }),
  onQueueDepth: fc.record({ exchange, channel, depth: id }),
  onChecksum: fc.record({
    exchange,
    channel,
    kind: fc.constantFrom('okx', 'kraken'),
    expected: fc.constantFrom(1, '-7'),
    bids: fc.constant([['1.0', '2']]),
    asks: fc.constant([['1.1', '2']]),
  }),
  onOrder: fc.record({ kind, exchange, orderId: id.map(String), timeMs, quantity: id, price, side, mid: price }),
  onError: fc.record({ exchange, operation: fc.constant('watch'), error: fc.constantFrom(new Error('x'), null) }),
  onResponse: fc.record({
    exchange,
    status: fc.constantFrom(200, 418, 429),
    headers: fc.constantFrom({ 'x-mbx-used-weight-1m': '5', 'retry-after': '7' }, { 'retry-after': 'soon' }, {}),
    timeMs,
  }),
} as const;

const MARKET_EVENTS = {
  onQuote: fc.record({ exchange, symbol, bid: price, bidSize: id, ask: price, askSize: id, timeMs }),
  onTrade: fc.record({ exchange, symbol, price, quantity: id, side, timeMs }),
  onBook: fc.record({ exchange, symbol, bids: fc.constant([[100, 1]]), asks: fc.constant([[101, 1]]) }),
  onInterruption: fc.record({ exchange }),
} as const;

function give(target: object, method: string, given: unknown): void {
  (target as Record<string, (event: unknown) => void>)[method]!.call(target, given);
}

/** Sum of all series of the drops. */
function droppedIn(series: Readonly<Record<string, unknown>>): number {
  return Object.values(series).reduce<number>((sum, value) => sum + (value as number), 0);
}

describe('a hostile stream', () => {
  test('of connections, messages, orders and limits throws nothing, is counted, and leaves every number finite', async () => {
    await fc.assert(
      fc.asyncProperty(hostileStream(EVENTS, 120), async (stream) => {
        const recording = new Recording();
        const telemetry = new ExchangeInstrumentation({ meterProvider: recording.meterProvider, clock: () => 30_000 });
        for (const [method, given] of stream) give(telemetry, method, given);
        telemetry.checkAges(30_000);
        expect(unsoundSeries(await recording.series('exchange.'))).toEqual([]);
        expect(droppedIn(await recording.series('exchange.event.dropped'))).toBe(telemetry.dropped);
        telemetry.close();
      }),
      { numRuns: 30 },
    );
  });

  test('of quotes, trades and books throws nothing, is counted, and leaves every number finite', async () => {
    await fc.assert(
      fc.asyncProperty(hostileStream(MARKET_EVENTS, 150), async (stream) => {
        const recording = new Recording();
        const dailyVolumes = { binance: { BTCUSDT: 100 } };
        const telemetry = new MarketInstrumentation({ meterProvider: recording.meterProvider, dailyVolumes });
        for (const [method, given] of stream) give(telemetry, method, given);
        expect(unsoundSeries(await recording.series('market.'))).toEqual([]);
        telemetry.close();
      }),
      { numRuns: 30 },
    );
  });

  test('negative and zero prices are refused under their cause and leave no statistic', async () => {
    const recording = new Recording();
    const telemetry = new MarketInstrumentation({ meterProvider: recording.meterProvider });
    const market = { exchange: 'nymex', symbol: 'CL', timeMs: 1 };
    // 20 April 2020: crude oil settled at -37.63.
    for (const at of [-37.63, 0, -0]) {
      telemetry.onQuote({ ...market, bid: at, bidSize: 1, ask: at, askSize: 1 });
      telemetry.onTrade({ ...market, price: at, quantity: 1 });
    }
    const series = await recording.series('market.');
    expect(series).toMatchObject({
      'market.event.dropped{invalid_quote}': 3,
      'market.event.dropped{invalid_trade}': 3,
    });
    expect(Object.keys(series).filter((name) => !name.startsWith('market.event'))).toEqual([]);
  });
});

describe('a clock that is set back', () => {
  test('gives negative delays and ages as they are, and a floor of the new time', async () => {
    const recording = new Recording();
    let nowMs = 1_000_000;
    const telemetry = new ExchangeInstrumentation({ meterProvider: recording.meterProvider, clock: () => nowMs });
    const message = { exchange: 'okx', channel: 'bbo', bytes: 1 };
    telemetry.onMessage({ ...message, receiveTimeMs: 1_000_000, eventTimeMs: 999_990 });
    // An hour back: the exchange is an hour ahead now.
    nowMs -= 3_600_000;
    telemetry.onMessage({ ...message, receiveTimeMs: nowMs, eventTimeMs: nowMs + 3_600_000 - 10 });
    const series = await recording.series('exchange.feed.');
    expect(series['exchange.feed.delay.apparent{bbo,okx}']).toBeCloseTo(-3599.99, 6);
    expect(series['exchange.feed.age{okx}']).toBe(0);
    expect(unsoundSeries(series)).toEqual([]);
    expect(telemetry.dropped).toBe(0);
  });

  test('repeated and out-of-order sequences are stale, each once', async () => {
    const recording = new Recording();
    const telemetry = new ExchangeInstrumentation({ meterProvider: recording.meterProvider });
    for (const sequence of [1, 2, 2, 1, 3, 3]) {
      telemetry.onMessage({ exchange: 'okx', channel: 'bbo', bytes: 1, receiveTimeMs: 1, sequence });
    }
    expect(await recording.series('exchange.message.stale', 'exchange.message.gap')).toEqual({
      'exchange.message.stale{bbo,okx}': 3,
    });
  });
});

describe('ten thousand symbols', () => {
  test('keep to every limit, each event beyond it under its cause', async () => {
    const recording = new Recording();
    const limits = { exchanges: 3, channels: 2, symbols: 100, orders: 50 };
    const telemetry = new ExchangeInstrumentation({ meterProvider: recording.meterProvider, limits });
    for (let at = 0; at < 10_000; at++) {
      const message = { exchange: 'okx', channel: 'bbo', bytes: 1, receiveTimeMs: at, sequence: 1 };
      telemetry.onMessage({ ...message, symbol: `S${at}` });
      telemetry.onMessage({ ...message, channel: `c${at}` });
      telemetry.onConnect({ exchange: `x${at}` });
      telemetry.onOrder({ kind: 'sent', exchange: 'okx', orderId: `o${at}`, timeMs: at });
    }
    const series = await recording.series('exchange.');
    expect(series).toMatchObject({
      'exchange.event.dropped{too_many_symbols}': 9900,
      'exchange.event.dropped{too_many_channels}': 9999,
      'exchange.event.dropped{too_many_exchanges}': 9998,
    });
    expect(droppedIn(await recording.series('exchange.event.dropped'))).toBe(telemetry.dropped);
    // Two exchanges and one channel more than there was room for make no series.
    expect(Object.keys(series).length).toBeLessThan(40);
  });
});

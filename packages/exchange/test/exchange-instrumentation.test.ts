import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ExchangeInstrumentation, VERSION } from '@nanometer/exchange';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCHANGE_CHANNEL,
  ATTR_EXCHANGE_DROP_REASON,
  ATTR_EXCHANGE_LIMITER,
  ATTR_EXCHANGE_NAME,
  ATTR_EXCHANGE_OPERATION,
  METRIC_EXCHANGE_CHANNEL_AGE,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_FEED_DELAY_APPARENT,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_FEED_DELAY_FLOOR,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
  METRIC_EXCHANGE_MESSAGE_IO,
  METRIC_EXCHANGE_MESSAGE_RESYNC,
  METRIC_EXCHANGE_MESSAGE_STALE,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH,
  METRIC_EXCHANGE_REQUEST_QUEUE_DURATION,
  METRICS,
} from '@nanometer/semconv';
import { metrics } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { SDKS, Recording } from '@nanometer/testing';
import { FEED, message, NAME, setUp } from './instrumented.ts';

/** What else there is to record, each checked in a test of its own. */
function recordTheRest(exchange: ExchangeInstrumentation): void {
  const of = { exchange: 'okx', channel: 'books' };
  exchange.onConnect({ ...of, timeMs: 1_000, handshakeSeconds: 0.1 });
  exchange.onDisconnect({ ...of, reason: 'timeout', timeMs: 2_000 });
  exchange.onConnect({ ...of, timeMs: 3_000 });
  exchange.onSubscribed({ ...of, durationSeconds: 0.1 });
  exchange.onPing({ ...of, roundTripSeconds: 0.1 });
  exchange.onTimeSync({ ...of, sendTimeMs: 1, serverSendTimeMs: 2, receiveTimeMs: 3 });
  exchange.onQueueDepth({ ...of, depth: 3 });
  exchange.onHandled({ ...of, durationSeconds: 0.1, decodeSeconds: 0.05 });
  exchange.onMessage({ ...of, bytes: 1, receiveTimeMs: 1_000 });
  exchange.checkAges(60_000);
  exchange.onChecksum({ ...of, kind: 'okx', expected: 0, bids: [], asks: [] });
  const headers = {
    'Retry-After': '10',
    'X-RateLimit-Limit': '9',
    'X-RateLimit-Remaining': '3',
    'X-RateLimit-Reset': '10',
  };
  exchange.onResponse({ ...of, status: 429, headers, timeMs: 60_000 });
  const order = { ...of, orderId: 'a' };
  exchange.onOrder({ ...order, kind: 'sent', timeMs: 10, decisionTimeMs: 9, quantity: 1, notional: 100 });
  exchange.onOrder({ ...order, kind: 'acknowledged', timeMs: 20 });
  exchange.onOrder({ ...order, kind: 'filled', timeMs: 30, side: 'buy', price: 101, quantity: 1, mid: 100 });
  exchange.onOrder({ ...order, kind: 'cancel_sent', timeMs: 40 });
  exchange.onOrder({ ...order, kind: 'canceled', timeMs: 50 });
  exchange.onOrder({ ...order, kind: 'sent', timeMs: 60 });
  exchange.onOrder({ ...order, kind: 'rejected', timeMs: 70, errorType: 'InvalidOrder' });
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('records every metric of the group from one day of events', async () => {
    const { exchange, collect } = setUp({}, Provider);
    exchange.onConnect({ exchange: 'binance-spot' });
    exchange.onMessage(message({ eventTimeMs: 980, sequence: 1 }));
    exchange.onMessage(message({ eventTimeMs: 990, sequence: 5, receiveTimeMs: 1_050 }));
    exchange.onMessage(message({ eventTimeMs: 995, sequence: 4, receiveTimeMs: 1_060, bytes: 0 }));
    exchange.onHandled({ exchange: 'binance-spot', channel: 'bbo', durationSeconds: 0.25 });
    exchange.onGap({ exchange: 'binance-spot', channel: 'bbo', missed: 2 });
    exchange.onResync({ exchange: 'binance-spot', channel: 'bbo' });
    exchange.onRequest({ exchange: 'binance-spot', operation: 'order.new', durationSeconds: 0.5 });
    exchange.onRequest({
      exchange: 'binance-spot',
      operation: 'order.new',
      durationSeconds: 2,
      errorType: 'RequestTimeout',
    });
    exchange.onQueued({ exchange: 'binance-spot', depth: 3, durationSeconds: 0.5 });
    exchange.onRateLimit({ exchange: 'binance-spot', limiter: 'weight_1m', used: 1500, limit: 6000 });
    exchange.onDisconnect({ exchange: 'binance-spot', reason: 'timeout' });
    exchange.onDisconnect({ exchange: 'binance-spot' });
    recordTheRest(exchange);

    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_COUNT, FEED)).toBe(3);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_IO, FEED)).toBe(200);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_GAP, FEED)).toBe(3 + 2);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_STALE, FEED)).toBe(1);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_RESYNC, FEED)).toBe(1);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION, FEED)).toEqual({
      count: 1,
      sum: 0.25,
      min: 0.25,
      max: 0.25,
    });
    expect(found.valueOf(METRIC_EXCHANGE_FEED_DELAY_APPARENT, FEED)).toBe(0.065);
    expect(found.valueOf(METRIC_EXCHANGE_FEED_DELAY_FLOOR, FEED)).toBe(0.02);
    expect(found.valueOf(METRIC_EXCHANGE_FEED_DELAY_EXCESS, FEED)).toMatchObject({
      count: 3,
      min: 0,
      max: 0.065 - 0.02,
    });
    expect(found.valueOf(METRIC_EXCHANGE_FEED_AGE, NAME)).toBe(59.94);
    expect(found.valueOf(METRIC_EXCHANGE_CHANNEL_AGE, FEED)).toBe(59.94);
    expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_ACTIVE, NAME)).toBe(0);
    expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_LOST, { ...NAME, [ATTR_ERROR_TYPE]: 'timeout' })).toBe(1);
    const operation = { ...NAME, [ATTR_EXCHANGE_OPERATION]: 'order.new' };
    expect(found.valueOf(METRIC_EXCHANGE_REQUEST_DURATION, operation)).toMatchObject({ count: 1, sum: 0.5 });
    const failed = { ...operation, [ATTR_ERROR_TYPE]: 'RequestTimeout' };
    expect(found.valueOf(METRIC_EXCHANGE_REQUEST_DURATION, failed)).toMatchObject({ count: 1, sum: 2 });
    expect(found.valueOf(METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH, NAME)).toBe(3);
    expect(found.valueOf(METRIC_EXCHANGE_REQUEST_QUEUE_DURATION, NAME)).toMatchObject({ count: 1, sum: 0.5 });
    const limiter = { ...NAME, [ATTR_EXCHANGE_LIMITER]: 'weight_1m' };
    expect(found.valueOf(METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, limiter)).toBe(0.25);
    // The second disconnect had no connection left to close.
    expect(found.valueOf(METRIC_EXCHANGE_EVENT_DROPPED, { [ATTR_EXCHANGE_DROP_REASON]: 'not_connected' })).toBe(1);
    const declared = METRICS.filter(({ name }) => name.startsWith('exchange.')).map(({ name }) => name);
    expect([...found.names].sort()).toEqual([...declared].sort());
  });

  test('every series carries exactly the attributes its definition declares', async () => {
    const { exchange, collect } = setUp({}, Provider);
    exchange.onConnect({ exchange: 'x' });
    exchange.onMessage(message({ exchange: 'x', symbol: 'BTCUSDT', eventTimeMs: 1, sequence: 1 }));
    exchange.onDisconnect({ exchange: 'x', reason: 'gone' });
    exchange.onRateLimit({ exchange: 'x', limiter: 'l', used: 1, limit: 2 });
    const found = await collect();
    for (const metric of METRICS) {
      for (const attributes of found.seriesOf(metric)) {
        expect(Object.keys(attributes).sort()).toEqual([...metric.attributes].sort());
      }
    }
  });
});

describe('delays', () => {
  test('are negative when the exchange is ahead, and their excess still is not', async () => {
    const { exchange, collect } = setUp();
    exchange.onMessage(message({ eventTimeMs: 2_270 }));
    exchange.onMessage(message({ eventTimeMs: 2_250 }));
    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_FEED_DELAY_APPARENT, FEED)).toBe(-1.25);
    expect(found.valueOf(METRIC_EXCHANGE_FEED_DELAY_FLOOR, FEED)).toBe(-1.27);
    expect(found.valueOf(METRIC_EXCHANGE_FEED_DELAY_EXCESS, FEED)).toEqual({
      count: 2,
      sum: -1.25 + 1.27,
      min: 0,
      max: -1.25 + 1.27,
    });
  });

  test('are absent without the exchange’s stamp', async () => {
    const { exchange, collect } = setUp();
    exchange.onMessage(message());
    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_FEED_DELAY_APPARENT, FEED)).toBeUndefined();
    expect(exchange.dropped).toBe(0);
  });

  test('of any two finite times never put a number that is not finite into a metric', () => {
    const time = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 1, 1.7e308, -1.7e308),
    );
    return fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(time, time), { maxLength: 8 }), async (times) => {
        const { exchange, collect } = setUp();
        for (const [receiveTimeMs, eventTimeMs] of times) exchange.onMessage(message({ receiveTimeMs, eventTimeMs }));
        const found = await collect();
        for (const metric of METRICS) {
          for (const attributes of found.seriesOf(metric)) {
            const value = found.valueOf(metric, attributes);
            const numbers = typeof value === 'number' ? [value] : Object.values(value as object);
            // A sum of finite excesses may overflow; each of them is finite.
            for (const [index, number] of numbers.entries()) {
              expect([index === 1 || Number.isFinite(number), Number.isNaN(number)]).toEqual([true, false]);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('ages', () => {
  test('tell an exchange’s newest message, and each channel’s own', async () => {
    const { exchange, collect } = setUp();
    exchange.onMessage(message({ receiveTimeMs: 1_000 }));
    exchange.onMessage(message({ receiveTimeMs: 51_000, channel: 'trades' }));
    exchange.onHandled({ exchange: 'kraken', channel: 'bbo', durationSeconds: 1 });
    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_FEED_AGE, NAME)).toBe(10);
    expect(found.valueOf(METRIC_EXCHANGE_CHANNEL_AGE, FEED)).toBe(60);
    expect(found.valueOf(METRIC_EXCHANGE_CHANNEL_AGE, { ...NAME, [ATTR_EXCHANGE_CHANNEL]: 'trades' })).toBe(10);
    expect(found.seriesOf(METRIC_EXCHANGE_FEED_AGE)).toHaveLength(1);
  });

  test('keep the last valid receive time when a later one is not', async () => {
    const { exchange, collect } = setUp();
    exchange.onMessage(message({ receiveTimeMs: 51_000 }));
    exchange.onMessage(message({ receiveTimeMs: Number.NaN }));
    exchange.onMessage(message({ receiveTimeMs: Infinity, channel: 'trades' }));
    expect((await collect()).valueOf(METRIC_EXCHANGE_FEED_AGE, NAME)).toBe(10);
  });

  test('are negative when the receive time is ahead of the clock, and absent when the clock is broken', async () => {
    let nowMs = 500;
    const { exchange, collect } = setUp({ clock: () => nowMs });
    exchange.onMessage(message());
    expect((await collect()).valueOf(METRIC_EXCHANGE_FEED_AGE, NAME)).toBe(-0.5);
    nowMs = Number.NaN;
    const fresh = setUp({ clock: () => Number.NaN });
    fresh.exchange.onMessage(message());
    expect((await fresh.collect()).valueOf(METRIC_EXCHANGE_FEED_AGE, NAME)).toBeUndefined();
  });

  test('grow after a lost connection, and end when the service closes its last one on purpose', async () => {
    const ageAfter = async (...reasons: (string | undefined)[]): Promise<unknown> => {
      const { exchange, collect } = setUp();
      for (const _ of reasons) exchange.onConnect({ exchange: 'binance-spot' });
      exchange.onMessage(message({ receiveTimeMs: 51_000 }));
      for (const reason of reasons) exchange.onDisconnect({ exchange: 'binance-spot', reason });
      return (await collect()).valueOf(METRIC_EXCHANGE_FEED_AGE, NAME);
    };
    expect(await ageAfter('timeout')).toBe(10);
    expect(await ageAfter(undefined)).toBeUndefined();
    expect(await ageAfter('timeout', undefined)).toBeUndefined();
    expect(await ageAfter(undefined, 'timeout')).toBe(10);
  });

  test('stop with close, which may be called twice', async () => {
    const { exchange, collect } = setUp();
    exchange.onMessage(message());
    exchange.close();
    exchange.close();
    expect((await collect()).valueOf(METRIC_EXCHANGE_FEED_AGE, NAME)).toBeUndefined();
  });
});

describe('connections', () => {
  test('count what is open and what was lost', async () => {
    const { exchange, collect } = setUp();
    for (let opened = 0; opened < 3; opened++) exchange.onConnect({ exchange: 'binance-spot' });
    exchange.onDisconnect({ exchange: 'binance-spot', reason: 'timeout' });
    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_ACTIVE, NAME)).toBe(2);
    expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_LOST, { ...NAME, [ATTR_ERROR_TYPE]: 'timeout' })).toBe(1);
    exchange.onDisconnect({ exchange: 'binance-spot' });
    const later = await collect();
    expect(later.valueOf(METRIC_EXCHANGE_CONNECTION_ACTIVE, NAME)).toBe(1);
    expect(later.seriesOf(METRIC_EXCHANGE_CONNECTION_LOST)).toHaveLength(1);
  });
});

describe('sequences', () => {
  test('are kept per exchange, channel and symbol', async () => {
    const { exchange, collect } = setUp();
    for (const id of [10, 20, 30]) {
      exchange.onMessage(message({ symbol: `S${id}`, sequence: id }));
      exchange.onMessage(message({ symbol: `S${id}`, sequence: id + 1, channel: 'trades' }));
      exchange.onMessage(message({ symbol: `S${id}`, sequence: id + 2, exchange: 'kraken' }));
    }
    exchange.onMessage(message({ sequence: 1000 }));
    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_GAP, FEED) ?? 0).toBe(0);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_STALE, FEED) ?? 0).toBe(0);
  });

  test('follow Binance’s depth updates, spot (U, u) and futures (U, u, pu)', async () => {
    const { exchange, collect } = setUp();
    exchange.onMessage(message({ symbol: 'SPOT', firstId: 157, lastId: 160 }));
    exchange.onMessage(message({ symbol: 'SPOT', firstId: 161, lastId: 165 }));
    exchange.onMessage(message({ symbol: 'SPOT', firstId: 170, lastId: 171 }));
    exchange.onMessage(message({ symbol: 'USDM', firstId: 10, lastId: 15, previousLastId: 5 }));
    exchange.onMessage(message({ symbol: 'USDM', firstId: 20, lastId: 28, previousLastId: 15 }));
    exchange.onMessage(message({ symbol: 'USDM', firstId: 40, lastId: 41, previousLastId: 30 }));
    expect((await collect()).valueOf(METRIC_EXCHANGE_MESSAGE_GAP, FEED)).toBe(170 - 165 - 1 + (30 - 28));
  });

  test('start anew with a resync, of one symbol or of the whole channel', async () => {
    const { exchange, collect } = setUp();
    for (const symbol of ['A', 'B']) exchange.onMessage(message({ symbol, sequence: 100 }));
    exchange.onResync({ exchange: 'binance-spot', channel: 'bbo', symbol: 'A' });
    exchange.onMessage(message({ symbol: 'A', sequence: 1 }));
    exchange.onMessage(message({ symbol: 'B', sequence: 1 }));
    exchange.onResync({ exchange: 'binance-spot', channel: 'bbo' });
    for (const symbol of ['A', 'B']) exchange.onMessage(message({ symbol, sequence: 500 }));
    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_STALE, FEED)).toBe(1);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_GAP, FEED) ?? 0).toBe(0);
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_RESYNC, FEED)).toBe(2);
  });

  test('missed messages equal those left out of a stream, whatever is left out', () => {
    return fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 100 }), async (kept) => {
        const { exchange, collect } = setUp();
        kept.forEach((keep, sequence) => {
          if (keep) exchange.onMessage(message({ sequence }));
        });
        const between = kept.slice(kept.indexOf(true), kept.lastIndexOf(true));
        const missed = between.filter((keep) => !keep).length;
        expect((await collect()).valueOf(METRIC_EXCHANGE_MESSAGE_GAP, FEED) ?? 0).toBe(missed);
      }),
      { numRuns: 50 },
    );
  });
});

describe('rate limits from headers', () => {
  test('take the limit the option names where the exchange tells only what is used', async () => {
    const { exchange, collect } = setUp({ rateLimits: { 'binance-spot': { weight_1m: 6000 } } });
    exchange.onResponseHeaders('binance-spot', new Headers({ 'X-MBX-USED-WEIGHT-1M': '3000' }));
    exchange.onResponseHeaders('bybit', { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '4' });
    const found = await collect();
    const weight = { ...NAME, [ATTR_EXCHANGE_LIMITER]: 'weight_1m' };
    expect(found.valueOf(METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, weight)).toBe(0.5);
    const endpoint = { [ATTR_EXCHANGE_NAME]: 'bybit', [ATTR_EXCHANGE_LIMITER]: 'endpoint' };
    expect(found.valueOf(METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, endpoint)).toBe(0.6);
  });

  test('may exceed the limit: that is when it matters', async () => {
    const { exchange, collect } = setUp();
    exchange.onRateLimit({ exchange: 'binance-spot', limiter: 'w', used: 9000, limit: 6000 });
    const limiter = { ...NAME, [ATTR_EXCHANGE_LIMITER]: 'w' };
    expect((await collect()).valueOf(METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, limiter)).toBe(1.5);
  });
});

describe('the package', () => {
  test('uses the global provider by default, and a meter before a provider', async () => {
    const { meterProvider, collect } = new Recording();
    metrics.setGlobalMeterProvider(meterProvider);
    try {
      new ExchangeInstrumentation().onMessage(message());
      const meter = meterProvider.getMeter('mine');
      new ExchangeInstrumentation({ meter, meterProvider: new Recording().meterProvider }).onMessage(message());
      // Two scopes hold the metric, and only the one provider holds both.
      expect((await collect()).seriesOf(METRIC_EXCHANGE_MESSAGE_COUNT)).toHaveLength(1);
      expect((await collect()).names.filter((name) => name === METRIC_EXCHANGE_MESSAGE_COUNT.name)).toHaveLength(2);
    } finally {
      metrics.disable();
    }
  });

  test('exports these names', async () => {
    expect(Object.keys(await import('@nanometer/exchange')).sort()).toEqual([
      'ExchangeInstrumentation',
      'ExchangeOptionError',
      'InstrumentationTargetError',
      'MESSAGE_FORMATS',
      'MarketInstrumentation',
      'SYSTEM_CLOCKS',
      'VERSION',
      'bookChecksum',
      'errorClassOf',
      'instrumentCcxt',
      'instrumentWebSocket',
      'instrumentWebSocketClass',
      'messageFormatOf',
      'readRateLimitBody',
      'readRateLimits',
    ]);
  });

  test('states the version of its package.json', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
  });
});

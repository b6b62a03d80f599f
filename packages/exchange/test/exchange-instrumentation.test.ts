import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  type DropReason,
  ExchangeInstrumentation,
  type ExchangeInstrumentationOptions,
  ExchangeOptionError,
  type MessageEvent,
  VERSION,
} from '@nanometer/exchange';
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
  METRICS,
} from '@nanometer/semconv';
import { metrics } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { SDKS, Recording } from '@nanometer/testing';

const NAME = { [ATTR_EXCHANGE_NAME]: 'binance-spot' };
const FEED = { ...NAME, [ATTR_EXCHANGE_CHANNEL]: 'bbo' };

function message(changes: Partial<MessageEvent> = {}): MessageEvent {
  return { exchange: 'binance-spot', channel: 'bbo', bytes: 100, receiveTimeMs: 1_000, ...changes };
}

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

function setUp(options: ExchangeInstrumentationOptions = {}, Provider = SDKS[0]![1]) {
  const { meterProvider, collect } = new Recording(Provider);
  const exchange = new ExchangeInstrumentation({ meterProvider, clock: () => 61_000, ...options });
  const droppedBy = async (reason: DropReason): Promise<unknown> =>
    (await collect()).valueOf(METRIC_EXCHANGE_EVENT_DROPPED, { [ATTR_EXCHANGE_DROP_REASON]: reason });
  return { exchange, collect, droppedBy };
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

describe('what is invalid', () => {
  test.each<[string, DropReason, Partial<Record<keyof MessageEvent, unknown>>]>([
    ['negative bytes', 'invalid_bytes', { bytes: -1 }],
    ['NaN bytes', 'invalid_bytes', { bytes: Number.NaN }],
    ['half a byte', 'invalid_bytes', { bytes: 0.5 }],
    ['bytes beyond 2^53', 'invalid_bytes', { bytes: 2 ** 53 }],
    ['bytes as text', 'invalid_bytes', { bytes: '100' }],
    ['no receive time', 'invalid_time', { receiveTimeMs: undefined }],
    ['a bigint receive time', 'invalid_time', { receiveTimeMs: 1n, eventTimeMs: 1 }],
    ['a NaN event time', 'invalid_time', { eventTimeMs: Number.NaN }],
    ['a sequence that is not whole', 'invalid_sequence', { sequence: 1.5 }],
    ['a negative sequence', 'invalid_sequence', { sequence: -1 }],
    ['a sequence beyond 2^53', 'invalid_sequence', { sequence: 2 ** 53 }],
    ['a range that runs backwards', 'invalid_sequence', { firstId: 5, lastId: 4 }],
    ['a first id alone', 'invalid_sequence', { firstId: 5 }],
    ['a predecessor alone', 'invalid_sequence', { previousLastId: 5 }],
    ['a predecessor that is not whole', 'invalid_sequence', { lastId: 5, previousLastId: 0.5 }],
    ['a symbol that is no text', 'invalid_name', { symbol: 7, sequence: 1 }],
  ])('%s is counted as %s and the message still counts', async (_, reason, changes) => {
    const { exchange, collect, droppedBy } = setUp();
    exchange.onMessage(message(changes as Partial<MessageEvent>));
    expect(await droppedBy(reason)).toBe(1);
    expect(exchange.dropped).toBe(1);
    expect((await collect()).valueOf(METRIC_EXCHANGE_MESSAGE_COUNT, FEED)).toBe(1);
  });

  test.each<[string, DropReason, (exchange: ExchangeInstrumentation) => void]>([
    ['a negative handler time', 'invalid_duration', (x) => x.onHandled({ ...FEED_OF, durationSeconds: -1e-9 })],
    ['a NaN handler time', 'invalid_duration', (x) => x.onHandled({ ...FEED_OF, durationSeconds: Number.NaN })],
    ['a negative gap', 'invalid_count', (x) => x.onGap({ ...FEED_OF, missed: -1 })],
    ['an endless gap', 'invalid_count', (x) => x.onGap({ ...FEED_OF, missed: Infinity })],
    [
      'an endless request',
      'invalid_duration',
      (x) => x.onRequest({ exchange: 'a', operation: 'b', durationSeconds: Infinity }),
    ],
    [
      'a request without operation',
      'invalid_name',
      (x) => x.onRequest({ exchange: 'a', operation: '', durationSeconds: 1 }),
    ],
    ['a negative queue', 'invalid_count', (x) => x.onQueued({ exchange: 'a', depth: -1, durationSeconds: 1 })],
    ['an endless wait', 'invalid_duration', (x) => x.onQueued({ exchange: 'a', depth: 1, durationSeconds: Infinity })],
    ['an unreadable message', 'invalid_message', (x) => x.onUnreadableMessage('a')],
    ['a limit of zero', 'invalid_limit', (x) => x.onRateLimit({ exchange: 'a', limiter: 'l', used: 0, limit: 0 })],
    [
      'a limit of zero in use',
      'invalid_limit',
      (x) => x.onRateLimit({ exchange: 'a', limiter: 'l', used: 1, limit: 0 }),
    ],
    ['negative use', 'invalid_limit', (x) => x.onRateLimit({ exchange: 'a', limiter: 'l', used: -1, limit: 1 })],
    [
      'use that overflows',
      'invalid_limit',
      (x) => x.onRateLimit({ exchange: 'a', limiter: 'l', used: 1e308, limit: 1e-308 }),
    ],
    ['an unnamed limiter', 'invalid_name', (x) => x.onRateLimit({ exchange: 'a', limiter: '', used: 1, limit: 1 })],
    ['a disconnect without a connection', 'not_connected', (x) => x.onDisconnect({ exchange: 'a', reason: 'b' })],
    ['an unnamed exchange', 'invalid_name', (x) => x.onConnect({ exchange: '' })],
    ['a name of 256 characters', 'invalid_name', (x) => x.onConnect({ exchange: 'x'.repeat(256) })],
    [
      'headers of a limiter without a limit',
      'unknown_limit',
      (x) => x.onResponseHeaders('a', { 'x-mbx-used-weight-1m': '5' }),
    ],
  ])('%s is counted as %s', async (_, reason, act) => {
    const { exchange, droppedBy } = setUp();
    act(exchange);
    expect(await droppedBy(reason)).toBe(1);
    expect(exchange.dropped).toBe(1);
  });

  test('no method throws, whatever it is given', () => {
    const junk = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true }),
      fc.record(
        Object.fromEntries(
          [
            'exchange',
            'channel',
            'symbol',
            'bytes',
            'eventTimeMs',
            'receiveTimeMs',
            'sequence',
            'firstId',
            'lastId',
            'previousLastId',
            'reason',
            'operation',
            'durationSeconds',
            'errorType',
            'limiter',
            'used',
            'limit',
            'missed',
          ].map((key) => [key, fc.oneof(fc.anything({ withBigInt: true }), fc.constantFrom('a', 1, Number.NaN, -1))]),
        ),
        { requiredKeys: [] },
      ),
    );
    const { exchange } = setUp();
    const methods = [
      'onConnect',
      'onDisconnect',
      'onMessage',
      'onHandled',
      'onGap',
      'onResync',
      'onQueued',
      'onRequest',
      'onRateLimit',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...methods), junk, (method, event) => {
        const call = exchange[method as 'onMessage'];
        expect(() => call.call(exchange, event as MessageEvent)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

const FEED_OF = { exchange: 'a', channel: 'b' };

describe('limits', () => {
  const limits = { exchanges: 2, channels: 2, symbols: 2, operations: 2, limiters: 2, errorTypes: 2 };
  const names = ['a', 'b', 'c', 'c', 'a'];

  test.each<[DropReason, (exchange: ExchangeInstrumentation, name: string) => void]>([
    ['too_many_exchanges', (x, name) => x.onMessage(message({ exchange: name }))],
    ['too_many_channels', (x, name) => x.onMessage(message({ channel: name }))],
    ['too_many_symbols', (x, name) => x.onMessage(message({ symbol: name, sequence: 1 }))],
    ['too_many_operations', (x, name) => x.onRequest({ exchange: 'a', operation: name, durationSeconds: 1 })],
    ['too_many_limiters', (x, name) => x.onRateLimit({ exchange: 'a', limiter: name, used: 1, limit: 2 })],
  ])('%s counts every event beyond the limit and keeps those within', async (reason, act) => {
    const { exchange, droppedBy } = setUp({ limits });
    for (const name of names) act(exchange, name);
    expect(await droppedBy(reason)).toBe(2);
    expect(exchange.dropped).toBe(2);
  });

  test('error types beyond the limit are recorded as _OTHER', async () => {
    const { exchange, collect } = setUp({ limits });
    for (const name of names) {
      exchange.onConnect({ exchange: 'x' });
      exchange.onDisconnect({ exchange: 'x', reason: name });
      exchange.onRequest({ exchange: 'x', operation: 'o', durationSeconds: 1, errorType: name });
    }
    const found = await collect();
    const lost = { [ATTR_EXCHANGE_NAME]: 'x', [ATTR_ERROR_TYPE]: '_OTHER' };
    expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_LOST, lost)).toBe(2);
    const failed = { ...lost, [ATTR_EXCHANGE_OPERATION]: 'o' };
    expect(found.valueOf(METRIC_EXCHANGE_REQUEST_DURATION, failed)).toMatchObject({ count: 2 });
    expect(found.seriesOf(METRIC_EXCHANGE_CONNECTION_LOST)).toHaveLength(3);
    expect(exchange.dropped).toBe(0);
  });

  test.each<[string, ExchangeInstrumentationOptions]>([
    ['limits.exchanges is 0', { limits: { exchanges: 0 } }],
    ['limits.channels is 1.5', { limits: { channels: 1.5 } }],
    ['limits.symbols is NaN', { limits: { symbols: Number.NaN } }],
    ['floorWindowMs is 0', { floorWindowMs: 0 }],
    ['floorWindowMs is Infinity', { floorWindowMs: Infinity }],
  ])('an option out of range is an error that says so: %s', (words, options) => {
    expect(() => setUp(options)).toThrow(ExchangeOptionError);
    expect(() => setUp(options)).toThrow(words);
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

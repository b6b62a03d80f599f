import { describe, expect, test } from '@jest/globals';
import {
  type DropReason,
  type ExchangeInstrumentation,
  type ExchangeInstrumentationOptions,
  ExchangeOptionError,
  type MessageEvent,
} from '@nanometer/exchange';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCHANGE_NAME,
  ATTR_EXCHANGE_OPERATION,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_REQUEST_DURATION,
} from '@nanometer/semconv';
import * as fc from 'fast-check';
import { FEED, message, setUp } from './instrumented.ts';

const FEED_OF = { exchange: 'a', channel: 'b' };

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

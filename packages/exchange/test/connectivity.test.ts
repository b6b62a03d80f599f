import { describe, expect, test } from '@jest/globals';
import {
  type DropReason,
  ExchangeInstrumentation,
  type ExchangeInstrumentationOptions,
  type StallEvent,
} from '@nanometer/exchange';
import {
  ATTR_EXCHANGE_CHANNEL,
  ATTR_EXCHANGE_DROP_REASON,
  ATTR_EXCHANGE_NAME,
  METRIC_EXCHANGE_CHANNEL_STALL,
  METRIC_EXCHANGE_CHANNEL_STALLED,
  METRIC_EXCHANGE_CLOCK_OFFSET,
  METRIC_EXCHANGE_CONNECTION_DOWN_TIME,
  METRIC_EXCHANGE_CONNECTION_HANDSHAKE_DURATION,
  METRIC_EXCHANGE_CONNECTION_RECONNECT,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_EXCHANGE_MESSAGE_DECODE_DURATION,
  METRIC_EXCHANGE_PING_DURATION,
  METRIC_EXCHANGE_QUEUE_DEPTH,
  METRIC_EXCHANGE_SUBSCRIBE_DURATION,
} from '@nanometer/semconv';
import { Recording, SDKS } from '@nanometer/testing';

const OKX = { [ATTR_EXCHANGE_NAME]: 'okx' };
const BOOKS = { ...OKX, [ATTR_EXCHANGE_CHANNEL]: 'books' };

function setUp(options: ExchangeInstrumentationOptions = {}, Provider = SDKS[1]![1]) {
  const { meterProvider, collect } = new Recording(Provider);
  const exchange = new ExchangeInstrumentation({ meterProvider, clock: () => 100_000, ...options });
  const droppedBy = async (reason: DropReason): Promise<unknown> =>
    (await collect()).valueOf(METRIC_EXCHANGE_EVENT_DROPPED, { [ATTR_EXCHANGE_DROP_REASON]: reason });
  return { exchange, collect, droppedBy };
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('handshakes, subscriptions, pings, decoding and queues are recorded as told', async () => {
    const { exchange, collect, droppedBy } = setUp({}, Provider);
    exchange.onConnect({ exchange: 'okx', handshakeSeconds: 0.25 });
    exchange.onSubscribed({ exchange: 'okx', channel: 'books', durationSeconds: 0.125 });
    exchange.onPing({ exchange: 'okx', roundTripSeconds: 0.5 });
    exchange.onHandled({ exchange: 'okx', channel: 'books', durationSeconds: 0.25, decodeSeconds: 0.125 });
    exchange.onQueueDepth({ exchange: 'okx', channel: 'books', depth: 7 });
    const found = await collect();
    expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_HANDSHAKE_DURATION, OKX)).toMatchObject({ count: 1, sum: 0.25 });
    expect(found.valueOf(METRIC_EXCHANGE_SUBSCRIBE_DURATION, BOOKS)).toMatchObject({ count: 1, sum: 0.125 });
    expect(found.valueOf(METRIC_EXCHANGE_PING_DURATION, OKX)).toMatchObject({ count: 1, sum: 0.5 });
    expect(found.valueOf(METRIC_EXCHANGE_MESSAGE_DECODE_DURATION, BOOKS)).toMatchObject({ count: 1, sum: 0.125 });
    expect(found.valueOf(METRIC_EXCHANGE_QUEUE_DEPTH, BOOKS)).toBe(7);
    for (const bad of [Number.NaN, -1, Infinity]) {
      exchange.onConnect({ exchange: 'okx', handshakeSeconds: bad });
      exchange.onSubscribed({ exchange: 'okx', channel: 'books', durationSeconds: bad });
      exchange.onPing({ exchange: 'okx', roundTripSeconds: bad });
      exchange.onHandled({ exchange: 'okx', channel: 'books', durationSeconds: 0, decodeSeconds: bad });
      exchange.onQueueDepth({ exchange: 'okx', channel: 'books', depth: bad });
    }
    expect(await droppedBy('invalid_duration')).toBe(12);
    expect(await droppedBy('invalid_count')).toBe(3);
  });
});

test('a loss counts as down time until the next connection', async () => {
  const { exchange, collect, droppedBy } = setUp();
  exchange.onConnect({ exchange: 'okx', timeMs: 1_000 });
  exchange.onConnect({ exchange: 'okx', timeMs: 1_000 });
  exchange.onDisconnect({ exchange: 'okx', reason: 'timeout', timeMs: 2_000 });
  // One is still open: nothing is down.
  exchange.onConnect({ exchange: 'okx', timeMs: 3_000 });
  expect((await collect()).valueOf(METRIC_EXCHANGE_CONNECTION_RECONNECT, OKX)).toBeUndefined();
  exchange.onDisconnect({ exchange: 'okx', reason: 'timeout', timeMs: 4_000 });
  exchange.onDisconnect({ exchange: 'okx', reason: 'timeout', timeMs: 5_000 });
  exchange.onConnect({ exchange: 'okx', timeMs: 7_500 });
  // Closed on purpose: no loss.
  exchange.onDisconnect({ exchange: 'okx', timeMs: 8_000 });
  exchange.onConnect({ exchange: 'okx', timeMs: 9_000 });
  exchange.onDisconnect({ exchange: 'okx', reason: 'timeout', timeMs: 10_000 });
  // A clock set back, and an open without a time: a reconnect without a duration.
  exchange.onConnect({ exchange: 'okx', timeMs: 9_000 });
  exchange.onDisconnect({ exchange: 'okx', reason: 'timeout' });
  exchange.onConnect({ exchange: 'okx' });
  const found = await collect();
  expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_RECONNECT, OKX)).toBe(3);
  expect(found.valueOf(METRIC_EXCHANGE_CONNECTION_DOWN_TIME, OKX)).toBe(2.5);
  expect(await droppedBy('invalid_time')).toBe(1);
});

test('the clock offset is that of four timestamps', async () => {
  const { exchange, collect, droppedBy } = setUp();
  const at = (
    sendTimeMs: number,
    serverReceiveTimeMs: number | undefined,
    serverSendTimeMs: number,
    receiveTimeMs: number,
  ) => exchange.onTimeSync({ exchange: 'okx', sendTimeMs, serverReceiveTimeMs, serverSendTimeMs, receiveTimeMs });
  // The exchange is 500 ms ahead; 20 ms there, 40 ms of work, 20 ms back.
  at(1_000, 1_520, 1_560, 1_080);
  expect((await collect()).valueOf(METRIC_EXCHANGE_CLOCK_OFFSET, OKX)).toBe(0.5);
  at(1_000, undefined, 300, 1_100);
  expect((await collect()).valueOf(METRIC_EXCHANGE_CLOCK_OFFSET, OKX)).toBe(-0.75);
  at(Number.NaN, 0, 0, 0);
  at(2, 0, 0, 1);
  expect(await droppedBy('invalid_time')).toBe(2);
});

test('a silent channel is found by the check, told once, and told again when it is back', async () => {
  const told: StallEvent[] = [];
  const { exchange, collect } = setUp({
    staleAfterMs: 1_000,
    staleAfterMsByChannel: { funding: 60_000 },
    onStall: (event) => {
      told.push(event);
      throw new Error('of the caller');
    },
  });
  const message = (channel: string, receiveTimeMs: number): void =>
    exchange.onMessage({ exchange: 'okx', channel, bytes: 1, receiveTimeMs });
  exchange.checkAges(99_000);
  message('books', 10_000);
  message('funding', 10_000);
  exchange.checkAges(11_000);
  expect(told).toEqual([]);
  expect((await collect()).valueOf(METRIC_EXCHANGE_CHANNEL_STALLED, BOOKS)).toBe(0);
  exchange.checkAges(11_001);
  exchange.checkAges(20_000);
  expect(told).toEqual([{ exchange: 'okx', channel: 'books', isStalled: true, ageMs: 1_001 }]);
  const found = await collect();
  expect(found.valueOf(METRIC_EXCHANGE_CHANNEL_STALLED, BOOKS)).toBe(1);
  expect(found.valueOf(METRIC_EXCHANGE_CHANNEL_STALL, BOOKS)).toBe(1);
  message('books', 21_000);
  exchange.checkAges(21_000);
  expect(told.at(-1)).toEqual({ exchange: 'okx', channel: 'books', isStalled: false, ageMs: 0 });
  exchange.checkAges(Number.NaN);
  exchange.checkAges(80_000);
  expect(told).toHaveLength(4);
});

test.each([
  [{ staleAfterMs: 0 }, 'staleAfterMs is 0'],
  [{ staleAfterMsByChannel: { books: Number.NaN } }, 'staleAfterMsByChannel.books is NaN'],
  [{ limits: { orders: 0 } }, 'limits.orders is 0'],
])('refuses the option %j', (options, message) => {
  expect(() => new ExchangeInstrumentation(options)).toThrow(message);
});

test('no event throws, whatever it is', () => {
  const { exchange } = setUp();
  const junk: unknown[] = [
    undefined,
    null,
    1,
    'x',
    {},
    { exchange: 'okx' },
    { exchange: 7 },
    { exchange: 'okx', channel: {} },
  ];
  for (const event of junk) {
    for (const method of [
      'onConnect',
      'onDisconnect',
      'onSubscribed',
      'onPing',
      'onTimeSync',
      'onQueueDepth',
      'onHandled',
      'onChecksum',
      'onOrder',
      'onError',
      'onResponse',
    ] as const) {
      expect(() => (exchange[method] as (event: unknown) => unknown)(event)).not.toThrow();
    }
    expect(() => exchange.onRateLimits('okx', event)).not.toThrow();
  }
});

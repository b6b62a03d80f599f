import { expect, test } from '@jest/globals';
import { type DropReason, ExchangeInstrumentation, readRateLimitBody, readRateLimits } from '@nanometer/exchange';
import {
  ATTR_EXCHANGE_BAN_CAUSE,
  ATTR_EXCHANGE_DROP_REASON,
  ATTR_EXCHANGE_LIMITER,
  ATTR_EXCHANGE_NAME,
  METRIC_EXCHANGE_BAN_COUNT,
  METRIC_EXCHANGE_BAN_REMAINING,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_EXCHANGE_RATE_LIMIT_RESET,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
} from '@nanometer/semconv';
import { Recording, SDKS } from '@nanometer/testing';

const BYBIT = { [ATTR_EXCHANGE_NAME]: 'bybit' };
const START_MS = Date.UTC(2026, 0, 5, 12);

function setUp() {
  const { meterProvider, collect } = new Recording(SDKS[1]![1]);
  const clock = { nowMs: START_MS };
  const exchange = new ExchangeInstrumentation({ meterProvider, clock: () => clock.nowMs });
  const droppedBy = async (reason: DropReason): Promise<unknown> =>
    (await collect()).valueOf(METRIC_EXCHANGE_EVENT_DROPPED, { [ATTR_EXCHANGE_DROP_REASON]: reason });
  return { exchange, collect, droppedBy, clock };
}

test('a reset is told until it is past', async () => {
  const { exchange, collect, clock } = setUp();
  const headers = {
    'X-Bapi-Limit': '50',
    'X-Bapi-Limit-Status': '10',
    'X-Bapi-Limit-Reset-Timestamp': String(START_MS + 4_000),
  };
  exchange.onResponse({ exchange: 'bybit', status: 200, headers, timeMs: START_MS });
  const limiter = { ...BYBIT, [ATTR_EXCHANGE_LIMITER]: 'endpoint' };
  const found = await collect();
  expect(found.valueOf(METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, limiter)).toBe(0.8);
  expect(found.valueOf(METRIC_EXCHANGE_RATE_LIMIT_RESET, limiter)).toBe(4);
  clock.nowMs += 4_000;
  expect((await collect()).valueOf(METRIC_EXCHANGE_RATE_LIMIT_RESET, limiter)).toBeUndefined();
});

test.each([
  ['seconds from now', '30', START_MS + 30_000],
  ['Unix seconds', String(START_MS / 1000 + 30), START_MS + 30_000],
  ['Unix milliseconds', String(START_MS + 30_000), START_MS + 30_000],
])('a reset in %s', (_, reset, resetTimeMs) => {
  const headers = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '40', 'x-ratelimit-reset': reset };
  expect(readRateLimits(headers, START_MS)).toEqual([{ limiter: 'requests', used: 60, limit: 100, resetTimeMs }]);
});

test('429 and 418 are counted, and the ban lasts as long as Retry-After says', async () => {
  const { exchange, collect, droppedBy, clock } = setUp();
  const answer = (status: number, retryAfter?: string): void =>
    exchange.onResponse({
      exchange: 'bybit',
      status,
      headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
      timeMs: START_MS,
    });
  answer(200, '99');
  expect(exchange.bannedUntilMs('bybit')).toBeUndefined();
  answer(429);
  answer(429, '5');
  answer(418, new Date(START_MS + 120_000).toUTCString());
  answer(429, '1');
  for (const malformed of ['', 'soon', '-1', '1e99', '999999999']) answer(418, malformed);
  const found = await collect();
  expect(found.valueOf(METRIC_EXCHANGE_BAN_COUNT, { ...BYBIT, [ATTR_EXCHANGE_BAN_CAUSE]: 'limited' })).toBe(3);
  expect(found.valueOf(METRIC_EXCHANGE_BAN_COUNT, { ...BYBIT, [ATTR_EXCHANGE_BAN_CAUSE]: 'banned' })).toBe(6);
  expect(found.valueOf(METRIC_EXCHANGE_BAN_REMAINING, BYBIT)).toBe(120);
  expect(exchange.bannedUntilMs('bybit')).toBe(START_MS + 120_000);
  expect(await droppedBy('malformed_header')).toBe(5);
  clock.nowMs += 120_000;
  expect((await collect()).valueOf(METRIC_EXCHANGE_BAN_REMAINING, BYBIT)).toBeUndefined();
});

test('headers that hold no number are counted', async () => {
  const { exchange, droppedBy } = setUp();
  const headers = {
    'X-MBX-USED-WEIGHT-1M': 'many',
    'X-Bapi-Limit': '',
    'X-RateLimit-Remaining': '-3',
    'X-RateLimit-Limit': 'NaN',
    'Content-Type': 'text/html',
  };
  exchange.onResponse({ exchange: 'bybit', status: 200, headers, timeMs: START_MS });
  exchange.onResponseHeaders('bybit', headers);
  expect(await droppedBy('malformed_header')).toBe(8);
});

test('the rateLimits of Binance’s WebSocket API are those of its headers', async () => {
  // As documented for the WebSocket API: https://developers.binance.com/docs/binance-spot-api-docs/websocket-api
  const rateLimits = [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000, count: 70 },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 50, count: 12 },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 160_000, count: 4043 },
  ];
  expect(readRateLimitBody(rateLimits)).toEqual([
    { limiter: 'weight_1m', used: 70, limit: 6000 },
    { limiter: 'orders_10s', used: 12, limit: 50 },
    { limiter: 'orders_1d', used: 4043, limit: 160_000 },
  ]);
  const { exchange, collect, droppedBy } = setUp();
  exchange.onRateLimits('bybit', rateLimits);
  const limiter = { ...BYBIT, [ATTR_EXCHANGE_LIMITER]: 'orders_10s' };
  expect((await collect()).valueOf(METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, limiter)).toBe(0.24);
  for (const bad of [
    null,
    'x',
    [null],
    [{ ...rateLimits[0], count: '70' }],
    [{ ...rateLimits[0], interval: 'YEAR' }],
  ]) {
    exchange.onRateLimits('bybit', bad);
  }
  exchange.onRateLimits('bybit', undefined);
  expect(await droppedBy('malformed_limit')).toBe(5);
});

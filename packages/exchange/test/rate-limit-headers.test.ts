import { describe, expect, test } from '@jest/globals';
import { type HeaderSource, readRateLimits } from '@nanometer/exchange';
import * as fc from 'fast-check';

describe('readRateLimits', () => {
  test.each<[string, Record<string, string>, ReturnType<typeof readRateLimits>]>([
    [
      'Binance spot',
      {
        'x-mbx-used-weight': '12',
        'x-mbx-used-weight-1m': '12',
        'x-mbx-order-count-10s': '3',
        'x-mbx-order-count-1d': '5',
      },
      [
        { limiter: 'weight_1m', used: 12, limit: undefined },
        { limiter: 'orders_10s', used: 3, limit: undefined },
        { limiter: 'orders_1d', used: 5, limit: undefined },
      ],
    ],
    [
      'Binance SAPI',
      { 'X-SAPI-USED-IP-WEIGHT-1M': '4', 'X-SAPI-USED-UID-WEIGHT-1M': '8' },
      [
        { limiter: 'sapi_ip_weight_1m', used: 4, limit: undefined },
        { limiter: 'sapi_uid_weight_1m', used: 8, limit: undefined },
      ],
    ],
    ['ccxt spelling', { 'X-Mbx-Used-Weight-1m': '1' }, [{ limiter: 'weight_1m', used: 1, limit: undefined }]],
    [
      'Bybit',
      { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '7', 'X-Bapi-Limit-Reset-Timestamp': '1700000000000' },
      [{ limiter: 'endpoint', used: 3, limit: 10, resetTimeMs: 1_700_000_000_000 }],
    ],
    [
      'the common form',
      { 'X-RateLimit-Limit': '100', 'X-RateLimit-Remaining': '25', 'X-RateLimit-Reset': '60' },
      [{ limiter: 'requests', used: 75, limit: 100 }],
    ],
    [
      'the common form with what is used',
      { 'x-ratelimit-limit': '100', 'x-ratelimit-used': '30', 'x-ratelimit-remaining': '69' },
      [{ limiter: 'requests', used: 30, limit: 100 }],
    ],
    [
      'two limiters told apart by a suffix (BitMEX)',
      {
        'x-ratelimit-limit': '120',
        'x-ratelimit-remaining': '119',
        'x-ratelimit-limit-1s': '10',
        'x-ratelimit-remaining-1s': '9',
      },
      [
        { limiter: 'requests', used: 1, limit: 120 },
        { limiter: '1s', used: 1, limit: 10 },
      ],
    ],
    [
      'without x- and with a policy',
      { 'ratelimit-limit': '50, 50;w=1', 'ratelimit-remaining': '0' },
      [{ limiter: 'requests', used: 50, limit: 50 }],
    ],
    [
      'more left than there is',
      { 'x-bapi-limit': '10', 'x-bapi-limit-status': '12' },
      [{ limiter: 'endpoint', used: 0, limit: 10 }],
    ],
    ['a limit alone', { 'x-ratelimit-limit': '100' }, []],
    ['numbers that are none', { 'x-mbx-used-weight-1m': 'lots', 'x-ratelimit-used': '-1', 'x-bapi-limit': '1e3' }, []],
    ['a reset time', { 'x-ratelimit-reset': '5', 'retry-after': '10' }, []],
    ['unrelated headers', { 'content-type': 'application/json', 'x-mbx-uuid': '1' }, []],
  ])('reads %s', (_, headers, expected) => {
    expect(readRateLimits(headers)).toEqual(expected);
    expect(readRateLimits(new Headers(headers))).toEqual(expect.arrayContaining(expected));
    expect(readRateLimits(new Map(Object.entries(headers)))).toEqual(expected);
  });

  test('reads the same in any case', () => {
    const headers = { 'x-mbx-used-weight-1m': '12', 'x-bapi-limit': '10', 'x-bapi-limit-status': '7' };
    const recased = fc.tuple(
      ...Object.keys(headers).map((name) => fc.mixedCase(fc.constant(name), { toggleCase: (c) => c.toUpperCase() })),
    );
    fc.assert(
      fc.property(recased, (names) => {
        const values = Object.values(headers);
        const given = Object.fromEntries(names.map((name, index) => [name, values[index]]));
        expect(readRateLimits(given)).toEqual(readRateLimits(headers));
      }),
    );
  });

  test('takes numbers and repeated headers as Node and axios hand them out', () => {
    expect(readRateLimits({ 'x-ratelimit-limit': 100, 'x-ratelimit-used': ['7', '8'], other: undefined })).toEqual([
      { limiter: 'requests', used: 7, limit: 100 },
    ]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x-bapi-limit: 10'],
    ['a list', ['x-bapi-limit', '10']],
    ['null values', { 'x-ratelimit-limit': null, 'x-ratelimit-used': Object.create(null) }],
    [
      'an object that throws',
      {
        forEach: () => {
          throw new Error('mine');
        },
      },
    ],
  ])('reads nothing from %s and does not throw', (_, headers) => {
    expect(readRateLimits(headers as HeaderSource)).toEqual([]);
  });

  test('never throws, whatever the headers are', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withMap: true, withSymbol: true } as object), (headers) => {
        expect(Array.isArray(readRateLimits(headers as HeaderSource))).toBe(true);
      }),
    );
  });

  test('every reading is a finite number of at least 0', () => {
    const name = fc.constantFrom('x-mbx-used-weight-1m', 'x-bapi-limit', 'x-bapi-limit-status', 'x-ratelimit-used');
    const value = fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String));
    fc.assert(
      fc.property(fc.dictionary(name, value), (headers) => {
        for (const { used, limit } of readRateLimits(headers)) {
          expect(used).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(used)).toBe(true);
          expect(limit === undefined || Number.isFinite(limit)).toBe(true);
        }
      }),
    );
  });
});

import { expect, test } from '@jest/globals';
import { errorClassOf, ExchangeInstrumentation } from '@nanometer/exchange';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCHANGE_NAME,
  ATTR_EXCHANGE_OPERATION,
  METRIC_EXCHANGE_ERROR_COUNT,
} from '@nanometer/semconv';
import { Recording, SDKS } from '@nanometer/testing';

class BaseError extends Error {}
class ExchangeError extends BaseError {}
class InsufficientFunds extends ExchangeError {}
class VendorsOwn extends InsufficientFunds {}
class Unknown extends Error {}

const named = (name: string): Error => Object.assign(new Error('x'), { name });

test.each<[string, unknown, string]>([
  ['a class of ccxt', new InsufficientFunds('order 4711 refused'), 'InsufficientFunds'],
  ['a class derived from one', new VendorsOwn('x'), 'InsufficientFunds'],
  ['HTTP 429', Object.assign(new Error('x'), { status: 429 }), 'RateLimitExceeded'],
  ['HTTP 418 of axios', Object.assign(new Error('x'), { response: { status: 418 } }), 'DDoSProtection'],
  ['HTTP 599', { statusCode: 599 }, 'ExchangeNotAvailable'],
  ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'NetworkError'],
  [
    'fetch’s wrapped time-out',
    new TypeError('fetch failed', { cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } }),
    'RequestTimeout',
  ],
  ['an aborted request', named('AbortError'), 'RequestTimeout'],
  ['an error that is only named', named('OnMaintenance'), 'OnMaintenance'],
  ['an unknown class', new Unknown('InsufficientFunds'), '_OTHER'],
  ['a message', 'RateLimitExceeded', '_OTHER'],
  ['nothing', undefined, '_OTHER'],
  ['null', null, '_OTHER'],
  [
    'an object that throws when it is read',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
        getPrototypeOf: () => {
          throw new Error('trap');
        },
      },
    ),
    '_OTHER',
  ],
])('%s', (_, error, expected) => {
  expect(errorClassOf(error)).toBe(expected);
});

test('counts errors by class and operation', async () => {
  const { meterProvider, collect } = new Recording(SDKS[1]![1]);
  const exchange = new ExchangeInstrumentation({ meterProvider, limits: { operations: 2, errorTypes: 2 } });
  exchange.onError({ exchange: 'okx', operation: 'watch.trades', error: new InsufficientFunds('x') });
  exchange.onRequest({ exchange: 'okx', operation: 'order.new', durationSeconds: 1, errorType: 'InvalidOrder' });
  exchange.onRequest({ exchange: 'okx', operation: 'order.new', durationSeconds: 1 });
  for (let at = 0; at < 5; at++) {
    exchange.onRequest({ exchange: 'okx', operation: 'order.new', durationSeconds: 1, errorType: `E${at}` });
    exchange.onError({ exchange: 'okx', operation: `op${at}`, error: undefined });
  }
  const found = await collect();
  const countOf = (operation: string, type: string): unknown =>
    found.valueOf(METRIC_EXCHANGE_ERROR_COUNT, {
      [ATTR_EXCHANGE_NAME]: 'okx',
      [ATTR_EXCHANGE_OPERATION]: operation,
      [ATTR_ERROR_TYPE]: type,
    });
  expect(countOf('watch.trades', 'InsufficientFunds')).toBe(1);
  expect(countOf('order.new', 'InvalidOrder')).toBe(1);
  expect(countOf('order.new', 'E0')).toBe(1);
  expect(countOf('order.new', '_OTHER')).toBe(4);
  expect(countOf('_OTHER', '_OTHER')).toBe(5);
});

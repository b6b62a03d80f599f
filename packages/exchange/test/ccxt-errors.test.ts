import { createRequire } from 'node:module';
import { afterEach, expect, test } from '@jest/globals';
import { type CcxtExchange, ExchangeInstrumentation, type Instrumented, instrumentCcxt } from '@nanometer/exchange';
import { Recording } from '@nanometer/testing';

type Thrower = new (message: string) => Error;

const ccxt = createRequire(import.meta.url)('ccxt') as {
  readonly binance: new () => CcxtExchange & { fetch(url: string): Promise<unknown> };
  readonly RateLimitExceeded: Thrower;
  readonly NetworkError: Thrower;
};

/** An error class of a desk's own, below one of ccxt's. */
class Throttled extends ccxt.RateLimitExceeded {}

let instrumented: Instrumented | undefined;
afterEach(() => instrumented?.unpatch());

/** The error types that requests failing with these errors are recorded under. */
async function typesOf(errors: readonly unknown[]): Promise<readonly unknown[]> {
  const recording = new Recording();
  const { meterProvider } = recording;
  const exchange = new ccxt.binance();
  let next = 0;
  exchange.fetch = async () => {
    throw errors[next];
  };
  instrumented = instrumentCcxt(exchange, new ExchangeInstrumentation({ meterProvider }));
  for (; next < errors.length; next++) await expect(exchange.fetch('https://venue')).rejects.toBe(errors[next]);
  const { points } = await recording.collect();
  return points.filter(([name]) => name === 'exchange.error.count').map(([, attributes]) => attributes['error.type']);
}

test('a request that fails is of the class of its error, or of the nearest one that is known', async () => {
  const refused = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
  expect(await typesOf([new Throttled('too fast'), refused])).toEqual(['RateLimitExceeded', 'NetworkError']);
});

test('no name, message or getter of an error becomes an attribute or an error of its own', async () => {
  const named = Object.assign(new Error('x'), { name: 'order 4711 of account 12' });
  const hostile = Object.defineProperty(new Error('x'), 'name', {
    get: () => {
      throw new Error('from the getter');
    },
  });
  expect(await typesOf([named, hostile, 'a text', null, undefined, 7])).toEqual(['_OTHER']);
});

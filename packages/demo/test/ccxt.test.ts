import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ExchangeInstrumentation, InstrumentationTargetError, instrumentCcxt } from '@nanometer/exchange';
import { Recording } from '@nanometer/testing';
import { type RunningBinanceApi, startBinanceApi } from '@nanometer/demo';

// ccxt loads a hundred exchanges; on a busy machine that alone takes seconds.
const ccxt = createRequire(import.meta.url)('ccxt') as {
  pro: { binance: new (options: object) => Client };
};

/** What these tests use of ccxt. */
interface Client {
  readonly id: string;
  readonly has: Record<string, unknown>;
  readonly markets: Record<string, unknown>;
  readonly options: Record<string, unknown>;
  readonly urls: { api: Record<string, unknown> & { ws: Record<string, string> } };
  throttler: unknown;
  sign(...args: unknown[]): unknown;
  fetch(...args: unknown[]): Promise<unknown>;
  throttle(cost?: unknown): Promise<unknown>;
  onRestResponse(...args: unknown[]): unknown;
  client(url: string): { onMessage: unknown };
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<unknown>;
  fetchTime(): Promise<number>;
  watchTrades(symbol: string): Promise<{ price: number }[]>;
  watchBidsAsks(symbols: string[]): Promise<Record<string, { bid: number; ask: number }>>;
  createOrder(symbol: string, type: string, side: string, amount: number, price?: number): Promise<CcxtOrder>;
  cancelOrder(id: string, symbol: string): Promise<CcxtOrder>;
  close(): Promise<void>;
}

interface CcxtOrder {
  id: string;
  status: string;
  filled: number;
}

let api: RunningBinanceApi;
const clients: Client[] = [];

beforeAll(async () => {
  api = await startBinanceApi({ speed: 1 });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => api.close());

async function client(): Promise<Client> {
  const options = { fetchMarkets: { types: ['spot'] }, fetchMargins: false };
  const made = new ccxt.pro.binance({ apiKey: 'key', secret: 'secret', options });
  clients.push(made);
  made.has['fetchCurrencies'] = false;
  made.options['fetchMargins'] = false;
  made.urls.api['public'] = `${api.restUrl}/api/v3`;
  made.urls.api['private'] = `${api.restUrl}/api/v3`;
  made.urls.api.ws['spot'] = api.streamUrl;
  await made.loadHttpProxyAgent();
  return made;
}

function setUp() {
  const recording = new Recording();
  const rateLimits = { binance: { weight_1m: 6_000, orders_10s: 300 } };
  const telemetry = new ExchangeInstrumentation({ meterProvider: recording.meterProvider, rateLimits });
  return { telemetry, series: (prefix: string) => recording.series(prefix) };
}

const PATCHED = ['fetch', 'sign', 'throttle', 'client', 'onRestResponse', 'createOrder', 'cancelOrder'] as const;

/** The method itself, to be compared and not called. */
const methodOf = (client: Client, name: string): unknown => Reflect.get(client, name);

const countsOf = (series: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(series).map(([key, value]) => [key, (value as number[])[0]]));

describe('ccxt on the demo exchange', () => {
  test('trades as before, with every request under its operation and the class of its error', async () => {
    const { telemetry, series } = setUp();
    const binance = await client();
    instrumentCcxt(binance, telemetry);
    await binance.loadMarkets();
    expect(Object.keys(binance.markets)).toEqual(['BTC/USDT', 'ETH/USDT']);
    const { bid } = (await binance.watchBidsAsks(['BTC/USDT']))['BTC/USDT']!;
    const resting = await binance.createOrder('BTC/USDT', 'limit', 'buy', 0.01, Math.round(bid * 90) / 100);
    expect(resting.status).toBe('open');
    expect((await binance.cancelOrder(resting.id, 'BTC/USDT')).status).toBe('canceled');
    await expect(binance.cancelOrder(resting.id, 'BTC/USDT')).rejects.toThrow('Unknown order sent.');
    const taken = await binance.createOrder('BTC/USDT', 'market', 'buy', 0.01);
    expect(taken).toMatchObject({ status: 'closed', filled: 0.01 });

    expect(countsOf(await series('exchange.request.duration'))).toEqual({
      'exchange.request.duration{binance,GET exchangeInfo}': 1,
      'exchange.request.duration{binance,order.create}': 2,
      'exchange.request.duration{binance,order.cancel}': 1,
      'exchange.request.duration{OrderNotFound,binance,order.cancel}': 1,
    });
    expect(countsOf(await series('exchange.request.queue.duration'))).toEqual({
      'exchange.request.queue.duration{binance}': 5,
    });
    const limits = (await series('exchange.rate_limit')) as Record<string, number>;
    expect(limits['exchange.rate_limit.utilization{weight_1m,binance}']).toBeGreaterThan(0);
    expect(limits['exchange.rate_limit.utilization{orders_10s,binance}']).toBeGreaterThan(0);
    expect(telemetry.dropped).toBe(0);
  });

  test('sees each stream message once, a lost link by its code, and a close of its own as no loss', async () => {
    const { telemetry, series } = setUp();
    const binance = await client();
    instrumentCcxt(binance, telemetry);
    await binance.loadMarkets();
    for (let message = 0; message < 5; message++) await binance.watchTrades('BTC/USDT');
    api.cutStreams();
    const lost = async (): Promise<never> => {
      for (;;) await binance.watchTrades('BTC/USDT');
    };
    await expect(lost()).rejects.toMatchObject({ name: 'NetworkError' });
    await binance.watchTrades('BTC/USDT');
    await binance.close();
    const counts = (await series('exchange.message.count')) as Record<string, number>;
    expect(Object.keys(counts).sort()).toEqual([
      'exchange.message.count{control,binance}',
      'exchange.message.count{trade,binance}',
    ]);
    expect(counts['exchange.message.count{control,binance}']).toBe(2);
    expect(counts['exchange.message.count{trade,binance}']).toBeGreaterThanOrEqual(6);
    const handled = countsOf(await series('exchange.message.handler'));
    expect(handled['exchange.message.handler.duration{trade,binance}']).toBe(
      counts['exchange.message.count{trade,binance}'],
    );
    expect(await series('exchange.connection')).toEqual({
      'exchange.connection.active{binance}': 0,
      'exchange.connection.lost{close_1006,binance}': 1,
      'exchange.connection.reconnect{binance}': 1,
    });
  });

  test('returns the very promises and errors of the methods it wraps', async () => {
    const { telemetry } = setUp();
    const binance = await client();
    const answer = Promise.resolve('answer');
    const failure = new Error('of the exchange');
    const calls: unknown[][] = [];
    Object.assign(binance, {
      fetch(...args: unknown[]) {
        calls.push([this, ...args]);
        return args[0] === 'bad' ? Promise.reject(failure) : answer;
      },
    });
    const own = methodOf(binance, 'fetch');
    const instrumented = instrumentCcxt(binance, telemetry);
    expect(binance.fetch('good', 'GET', { a: '1' })).toBe(answer);
    await expect(binance.fetch('bad')).rejects.toBe(failure);
    expect(calls).toEqual([
      [binance, 'good', 'GET', { a: '1' }],
      [binance, 'bad'],
    ]);
    instrumented.unpatch();
    expect(methodOf(binance, 'fetch')).toBe(own);
  });

  test('tells a refusal for too many requests, with the end of it', async () => {
    const { telemetry, series } = setUp();
    const binance = await client();
    instrumentCcxt(binance, telemetry, { clocks: { wallMs: () => Date.now(), monotonicMs: () => 0 } });
    const headers = { 'X-Mbx-Used-Weight-1m': '6000', 'Retry-After': '30' };
    binance.onRestResponse(429, 'Too Many Requests', 'http://127.0.0.1/', 'GET', headers, '{}', {}, undefined);
    expect(await series('exchange.ban.count')).toEqual({ 'exchange.ban.count{limited,binance}': 1 });
    expect(await series('exchange.rate_limit.utilization')).toEqual({
      'exchange.rate_limit.utilization{weight_1m,binance}': 1,
    });
    const remaining = (await series('exchange.ban.remaining'))['exchange.ban.remaining{binance}'] as number;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(30);
  });

  test('is as it was after unpatch, and counts no more', async () => {
    const { telemetry, series } = setUp();
    const binance = await client();
    await binance.loadMarkets();
    const before = Object.getOwnPropertyNames(binance).sort();
    const methods = PATCHED.map((name) => methodOf(binance, name));
    const first = instrumentCcxt(binance, telemetry);
    expect(instrumentCcxt(binance, telemetry)).toBe(first);
    first.unpatch();
    expect(Object.getOwnPropertyNames(binance).sort()).toEqual(before);
    PATCHED.forEach((name, at) => expect(methodOf(binance, name)).toBe(methods[at]));
    await binance.fetchTime();
    expect(await series('exchange.request')).toEqual({});
  });

  test('that is no exchange is refused, and left alone', () => {
    const { telemetry } = setUp();
    const other = { id: 'x', fetch: () => Promise.resolve() };
    expect(() => instrumentCcxt(other as never, telemetry)).toThrow(InstrumentationTargetError);
    expect(() => instrumentCcxt(other as never, telemetry)).toThrow('no sign(), no throttle()');
    expect(Object.keys(other)).toEqual(['id', 'fetch']);
  });
});

import { describe, expect, test } from '@jest/globals';
import { MeterProvider } from '@nanometer/metrics';
import * as fc from 'fast-check';
import { CountingMeterProvider } from '../src/desk/counting-meter-provider.ts';
import { DeskMarket } from '../src/desk/desk-market.ts';
import { MANUAL_LIMIT, ManualTrader } from '../src/desk/manual-trader.ts';
import { coinsWithoutRate, RateSource } from '../src/desk/rate-source.ts';
import { Pace } from '../src/exchange/pace.ts';
import { RateLimiter } from '../src/exchange/rate-limiter.ts';
import { DepthBook } from '../src/market/depth-book.ts';
import { describeMarket, feeOf, feesOf, notionalOf } from '../src/market/market-spec.ts';
import type { Level, MarketMessage, Side } from '../src/market/message.ts';
import { SeededRandom } from '../src/market/seeded-random.ts';
import { SimulatedFeed, VERSION } from '../src/index.ts';
import packageJson from '../package.json' with { type: 'json' };

test('CountingMeterProvider counts every recording, bound or not, and no observation', () => {
  const count = { value: 0 };
  const inner = new MeterProvider();
  const meter = new CountingMeterProvider(inner, count).getMeter('test');
  meter.createCounter('a').add(1, { k: 'v' });
  meter.createUpDownCounter('b').add(-1);
  meter.createGauge('c').record(1);
  meter.createHistogram('d').record(2, {});
  expect(count.value).toBe(4);
  const bindable = meter.createCounter('a') as unknown as { bind(attributes: object): { add(value: number): void } };
  const bound = bindable.bind({ k: 'v' });
  bound.add(1);
  bound.add(1);
  const histogram = meter.createHistogram('d') as unknown as { bind(): { record(value: number): void } };
  histogram.bind().record(3);
  expect(count.value).toBe(7);
  const observable = meter.createObservableGauge('e');
  const callback = (): void => undefined;
  meter.addBatchObservableCallback(callback, [observable]);
  meter.removeBatchObservableCallback(callback, [observable]);
  meter.createObservableCounter('f');
  meter.createObservableUpDownCounter('g');
  expect(count.value).toBe(7);
});

describe('markets', () => {
  test.each([
    ['BTCUSDT', 'linear', 'BTC', 'USDT', 1],
    ['ETHBTC', 'linear', 'ETH', 'BTC', 1],
    ['BTCUSD_PERP', 'inverse', 'BTC', 'BTC', 100],
    ['ETHUSD_241227', 'inverse', 'ETH', 'ETH', 10],
    ['IBM', 'linear', 'IBM', 'USD', 1],
    ['USDT', 'linear', 'USDT', 'USD', 1],
  ])('%s is %s', (symbol, kind, baseCurrency, currency, multiplier) => {
    expect(describeMarket('exa', symbol, 2, 3)).toMatchObject({ kind, baseCurrency, currency, multiplier });
  });

  test('values and fees', () => {
    expect(notionalOf(describeMarket('x', 'BTCUSDT', 1, 3), 60_000, 0.5)).toBe(30_000);
    const inverse = describeMarket('x', 'BTCUSD_PERP', 1, 0);
    expect(notionalOf(inverse, 60_000, 3)).toBe(300);
    expect(feeOf(inverse, 5, 60_000, 300)).toBe(0.00025);
    expect(feesOf('elsewhere')).toEqual({ makerBps: 1, takerBps: 5 });
    expect(feesOf('binance-usdm').makerBps).toBeLessThan(0);
  });

  test('a coin has the rate of its dollar market, of the inverse contract until that has a price', () => {
    const inverse = describeMarket('a', 'BTCUSD_PERP', 1, 0);
    const spot = describeMarket('b', 'BTCUSDT', 2, 5);
    const other = describeMarket('c', 'BTCUSDT', 2, 5);
    const markets = [inverse, spot, other];
    expect(coinsWithoutRate(markets)).toEqual(['BTC']);
    const rate = new RateSource('BTC', markets);
    expect([rate.accepts(inverse), rate.accepts(spot), rate.accepts(inverse), rate.accepts(other)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('the depth book has the same best levels as a sorted list', () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 3 }));
    const change = fc.record({ snapshot: fc.boolean(), bids: fc.array(level), asks: fc.array(level) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const book = new DepthBook();
        const sides = [new Map<number, number>(), new Map<number, number>()] as const;
        for (const { snapshot, bids, asks } of changes) {
          book.apply(snapshot, bids, asks);
          if (snapshot) for (const side of sides) side.clear();
          for (const [side, levels] of [
            [sides[0], bids],
            [sides[1], asks],
          ] as const) {
            for (const [price, quantity] of levels) {
              if (quantity === 0) side.delete(price);
              else side.set(price, quantity);
            }
          }
          const sorted = (side: Map<number, number>, sign: number): Level[] =>
            [...side].toSorted((a, b) => sign * (a[0] - b[0]));
          const [sortedBids, sortedAsks] = [sorted(sides[0], -1), sorted(sides[1], 1)];
          expect(book.bestBid()).toEqual(sortedBids[0]);
          expect(book.bestAsk()).toEqual(sortedAsks[0]);
          for (const count of [1, 5, 50]) {
            expect(book.bids(count)).toEqual(sortedBids.slice(0, count));
            expect(book.asks(count)).toEqual(sortedAsks.slice(0, count));
          }
        }
      }),
    );
  });
});

test('the average true range of a market fades while it is quiet, and ends before it is no range', () => {
  const market = new DeskMarket(describeMarket('exa', 'BTCUSDT', 1, 3));
  const ranges: (number | undefined)[] = [];
  // Seconds of ten dollars each, then six hours in which nothing happens.
  for (let second = 0; second <= 14; second++) {
    market.move(60_000 + 10 * (second % 2));
    ranges.push(market.closePeriod());
  }
  expect(ranges.slice(0, 14)).toEqual(Array(14).fill(undefined));
  expect(ranges[14]).toBeCloseTo(10, 9);
  for (let second = 0; second < 6 * 3_600; second++) ranges.push(market.closePeriod());
  const known = ranges.filter((range) => range !== undefined);
  expect(Math.min(...known)).toBeGreaterThanOrEqual(0.001);
  expect(Math.min(...known)).toBeLessThan(0.0011);
  expect(ranges.slice(14, 14 + known.length)).toEqual(known);
  market.move(60_010);
  expect(market.closePeriod()).toBeCloseTo(10 / 14, 6);
});

test('the manual trader buys more than he may, holds it, and sells it', () => {
  const sent: [side: Side, quantity: number][] = [];
  const spec = describeMarket('exa', 'BTCUSDT', 1, 3);
  let letsThrough = true;
  const trader = new ManualTrader(spec, 10_000, (side, quantity) => {
    sent.push([side, quantity]);
    return letsThrough ? `order-${sent.length}` : undefined;
  });
  const period = (mid: number, nowMs: number): [side: Side, quantity: number][] => {
    trader.onPeriod(mid, nowMs);
    return sent.splice(0);
  };
  expect(period(50_000, 9_999)).toEqual([]);
  expect(period(NaN, 10_000)).toEqual([]);
  expect(period(50_000, 10_000)).toEqual([['buy', 0.48]]);
  expect(period(50_000, 11_000)).toEqual([]);
  // The touch had only a part of it.
  trader.position = 0.1;
  trader.onQuoteEnd();
  expect(period(50_000, 12_000)).toEqual([['buy', 0.38]]);
  trader.position = 0.48;
  trader.onQuoteEnd();
  expect(trader.position * 50_000).toBeGreaterThan(MANUAL_LIMIT);
  for (const mid of [50_000, 45_000, 80_000]) expect(period(mid, 189_000)).toEqual([]);
  letsThrough = false;
  expect(period(50_000, 190_000)).toEqual([['sell', 0.48]]);
  letsThrough = true;
  expect(period(50_000, 191_000)).toEqual([['sell', 0.48]]);
  trader.position = 0;
  trader.onQuoteEnd();
  expect(period(50_000, 192_000)).toEqual([]);
  trader.position = 0.2;
  trader.halt();
  expect(period(50_000, 193_000)).toEqual([]);
});

describe('the simulated market', () => {
  async function messagesOf(seed: number, untilMs: number): Promise<MarketMessage[]> {
    const out: MarketMessage[] = [];
    await new SimulatedFeed(seed, untilMs).takeUntil(untilMs, out);
    return out;
  }

  test('is the same for the same seed and another for another', async () => {
    const first = await messagesOf(5, 3000);
    expect(await messagesOf(5, 3000)).toEqual(first);
    expect((await messagesOf(6, 3000))[0]).not.toEqual(first[0]);
  });

  test('is in order, uncrossed, on its grids, and each exchange is silent once', async () => {
    const messages = await messagesOf(2, 60_000);
    const lastMs = new Map<string, number>();
    const silences = new Map<string, number[]>();
    let before = 0;
    const wrong: MarketMessage[] = [];
    for (const message of messages) {
      const right =
        message.timeMs >= before &&
        (message.channel !== 'bbo' || message.bidPrice < message.askPrice) &&
        (message.channel !== 'trades' || message.quantity > 0);
      if (!right) wrong.push(message);
      before = message.timeMs;
      const silenceMs = message.timeMs - (lastMs.get(message.exchange) ?? 0);
      if (silenceMs > 1000) silences.set(message.exchange, [...(silences.get(message.exchange) ?? []), silenceMs]);
      lastMs.set(message.exchange, message.timeMs);
    }
    expect(wrong).toEqual([]);
    expect([...lastMs.keys()].toSorted()).toEqual(['sim-coin', 'sim-perp', 'sim-spot']);
    for (const gaps of [...lastMs.keys()].map((exchange) => silences.get(exchange))) expect(gaps).toHaveLength(1);
  });
});

describe('small parts', () => {
  test('random numbers are uniform, repeatable and independent by label', () => {
    const numbers = (seed: number, label: string): number[] => {
      const random = new SeededRandom(seed, label);
      return Array.from({ length: 4000 }, () => random.uniform());
    };
    const first = numbers(1, 'a');
    expect(numbers(1, 'a')).toEqual(first);
    expect(first.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(first.reduce((sum, value) => sum + value, 0) / first.length).toBeCloseTo(0.5, 1);
    const other = numbers(1, 'b');
    const covariance = first.reduce((sum, value, i) => sum + (value - 0.5) * ((other[i] ?? 0) - 0.5), 0) / first.length;
    expect(Math.abs(covariance * 12)).toBeLessThan(0.06);
    const random = new SeededRandom(1, 'c');
    expect(
      Math.abs(Array.from({ length: 4000 }, () => random.normal()).reduce((sum, value) => sum + value, 0) / 4000),
    ).toBeLessThan(0.06);
  });

  test('a rate limit counts by window', () => {
    const limiter = new RateLimiter('orders_10s', 2, 10_000);
    expect([0, 1, 2, 9_999, 10_000].map((timeMs) => limiter.admit(timeMs))).toEqual([true, true, false, false, true]);
    expect(limiter.used).toBe(1);
  });

  test('pace waits for what is left and makes up for lost time', async () => {
    const waits: number[] = [];
    let nowMs = 1000;
    const clock = {
      now: () => nowMs,
      wait: (ms: number) => {
        waits.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    };
    const pace = new Pace(10, clock, new AbortController().signal);
    await pace.until(100);
    nowMs += 25;
    await pace.until(200);
    await pace.until(300);
    await pace.until(500);
    expect(waits).toEqual([10, 15]);
    expect(pace.timed).toBe(true);
    const free = new Pace('max', clock, new AbortController().signal);
    await free.until(1e9);
    expect([waits.length, free.timed]).toEqual([2, false]);
  });

  test('the package exports what it says', async () => {
    expect(Object.keys(await import('@nanometer/demo')).toSorted()).toEqual([
      'DemoError',
      'ReplayError',
      'SIMULATED_MAX_SECONDS',
      'SimulatedFeed',
      'VERSION',
      'openReplay',
      'readDeskState',
      'startBinanceApi',
      'startDesk',
      'startExchange',
    ]);
  });

  test('the version is that of the package', () => {
    expect(VERSION).toBe(packageJson.version);
  });
});

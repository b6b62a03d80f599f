import { describe, expect, test } from '@jest/globals';
import { notionalValue, unitValue } from '@nanometer/quant';
import type { Fill, QuoteEvent } from '@nanometer/trading';
import * as fc from 'fast-check';
import { desk } from '../desk.ts';
import { CONTRACT, fill, INVERSE } from '../events.ts';
import { expectClose, quote } from './quotes.ts';

const HORIZONS_SECONDS = [0, 0.1, 1];
const EXECUTION = { execution: { horizonsSeconds: HORIZONS_SECONDS, holdingSeconds: 1 } };

const GROUP = (liquidity: string, currency = 'USDT'): string => `venue,${currency},${liquidity}`;

describe('markouts', () => {
  test('one fill: spreads, markout and counts at each horizon as quotes come', async () => {
    const { trading, recording } = desk(EXECUTION);
    trading.onQuote(quote(100, 1000));
    trading.onFill(fill(2, 101, { fee: 0.101, timeMs: 1001 }));
    expect(trading.pendingMarkouts).toBe(1);
    expect(await recording.series('trading.execution.effective', 'trading.markout')).toEqual({
      'trading.execution.effective_spread{venue,USDT,maker,maker}': 200,
      'trading.execution.effective_spread.median{venue,USDT,maker,maker}': 200,
      'trading.markout.pending{}': 1,
    });
    trading.onQuote(quote(102, 1050));
    trading.onQuote(quote(105, 1102));
    trading.onQuote(quote(90, 2001));
    trading.onQuote(quote(80, 2002));
    const names = ['trading.markout', 'trading.execution.realized', 'trading.execution.price'];
    const series = await recording.series(...names);
    const at = (name: string, horizon: string): unknown => series[`${name}{${GROUP('maker')},${horizon},maker}`];
    const fee = (0.101 / 202) * 10_000;
    const bps = (distance: number): number => distance * 100;
    HORIZONS_SECONDS.map(String).forEach((horizon, index) => {
      const later = [100, 102, 90][index]!;
      expectClose(at('trading.markout.edge', horizon), bps(later - 101) - fee);
      expectClose(at('trading.execution.realized_spread', horizon), bps(2 * (101 - later)));
      expectClose(at('trading.execution.realized_spread.median', horizon), bps(2 * (101 - later)));
      expectClose(at('trading.execution.price_impact', horizon), bps(2 * (later - 100)));
      expect(at('trading.markout.count', horizon)).toBe(1);
      expect(at('trading.markout.error', horizon)).toBeUndefined();
    });
    expect([trading.pendingMarkouts, trading.dropped]).toEqual([0, 0]);
  });

  const event = fc.record({
    gapMs: fc.integer({ min: 0, max: 400 }),
    kind: fc.constantFrom('quote', 'quote', 'fill'),
    mid: fc.integer({ min: 90, max: 110 }),
    quantity: fc.integer({ min: 1, max: 50 }),
    buys: fc.boolean(),
    maker: fc.boolean(),
    inverse: fc.boolean(),
    fee: fc.integer({ min: -3, max: 10 }).map((cents) => cents / 100),
  });

  test('spreads, markouts and counts of random streams equal their recomputation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 60 }), async (events) => {
        const { trading, recording } = desk(EXECUTION);
        const quotes: QuoteEvent[] = [];
        const fills: Fill[] = [];
        let timeMs = 1000;
        for (const { symbol } of [CONTRACT, INVERSE]) {
          quotes.push(quote(100, timeMs, { symbol }));
          trading.onQuote(quotes.at(-1)!);
        }
        timeMs++;
        for (const each of events) {
          timeMs += each.gapMs;
          const { symbol } = each.inverse ? INVERSE : CONTRACT;
          if (each.kind === 'quote') {
            quotes.push(quote(each.mid, timeMs, { symbol }));
            trading.onQuote(quotes.at(-1)!);
          } else {
            const liquidity = each.maker ? 'maker' : 'taker';
            const { fee } = each;
            fills.push(fill(each.buys ? each.quantity : -each.quantity, each.mid, { symbol, liquidity, fee, timeMs }));
            trading.onFill(fills.at(-1)!);
          }
        }
        const series = await recording.series('trading.markout', 'trading.execution');
        for (const contract of [CONTRACT, INVERSE]) {
          for (const liquidity of ['maker', 'taker']) {
            const group = GROUP(liquidity, contract === INVERSE ? 'USD' : 'USDT');
            const ours = fills.filter((each) => each.liquidity === liquidity && each.symbol === contract.symbol);
            const market = quotes.filter(({ symbol }) => symbol === contract.symbol);
            const mid = ({ bid, ask }: QuoteEvent): number => (bid + ask) / 2;
            for (const seconds of HORIZONS_SECONDS) {
              let [count, weight, net, realized, impact] = [0, 0, 0, 0, 0];
              for (const each of ours) {
                const due = each.timeMs + seconds * 1000;
                if (!market.some((one) => one.timeMs > due)) continue;
                const stood = mid(market.findLast((one) => one.timeMs < each.timeMs)!);
                const later = mid(market.findLast((one) => one.timeMs <= due)!);
                const sign = each.side === 'buy' ? 1 : -1;
                const feeBps = each.fee / Math.abs(each.quantity * unitValue(contract, each.price));
                const notional = Math.abs(notionalValue(contract, each.quantity, each.price));
                count++;
                weight += notional;
                net += notional * ((sign * (later - each.price)) / stood - feeBps) * 10_000;
                realized += notional * ((2 * sign * (each.price - later)) / stood) * 10_000;
                impact += notional * ((2 * sign * (later - stood)) / stood) * 10_000;
              }
              const of = (name: string): unknown => series[`${name}{${group},${seconds},maker}`];
              expect(of('trading.markout.count')).toBe(count === 0 ? undefined : count);
              if (count === 0) continue;
              expectClose(of('trading.markout.edge'), net / weight, 1e4);
              expectClose(of('trading.execution.realized_spread'), realized / weight, 1e4);
              expectClose(of('trading.execution.price_impact'), impact / weight, 1e4);
            }
            if (ours.length === 0) continue;
            let [weight, weighted] = [0, 0];
            for (const each of ours) {
              const stood = mid(market.findLast((one) => one.timeMs < each.timeMs)!);
              const notional = Math.abs(notionalValue(contract, each.quantity, each.price));
              weight += notional;
              weighted += (notional * 2 * (each.side === 'buy' ? 1 : -1) * (each.price - stood) * 10_000) / stood;
            }
            expectClose(series[`trading.execution.effective_spread{${group},maker}`], weighted / weight, 1e4);
          }
        }
        expect(trading.dropped).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('an edge that decays raises the alarm and lowers the ratio', async () => {
    const { trading, recording } = desk(EXECUTION);
    for (let at = 0; at < 600; at++) {
      const timeMs = at * 2000;
      const edge = at < 300 ? 0.3 : 0.3 - (at - 300) * 0.002;
      trading.onQuote(quote(100, timeMs));
      trading.onFill(fill(at % 2 === 0 ? 1 : -1, 100, { timeMs: timeMs + 1 }));
      // The market moves the fill's way within the horizon, by less and less.
      trading.onQuote(quote(100 + (at % 2 === 0 ? 1 : -1) * (edge + Math.sin(at) * 0.1), timeMs + 500));
      trading.onQuote(quote(100, timeMs + 1500));
    }
    const series = await recording.series('trading.edge');
    const group = GROUP('maker');
    expect(series[`trading.edge.alarm{venue,USDT,down,maker,maker}`]).toBeGreaterThan(0);
    expect(series[`trading.edge.alarm{venue,USDT,up,maker,maker}`]).toBeUndefined();
    expect(series[`trading.edge.lifetime{${group},maker}`] ?? 0).toBeLessThan(0.5);
    expect(series[`trading.edge.slope{${group},maker}`]).toBeLessThan(0);
    expect(series[`trading.edge.slope.t{${group},maker}`]).toBeLessThan(-5);
  });

  test('a curve that decays has a half-life, with its error, from 100 fills on', async () => {
    const { trading, recording } = desk({
      execution: { horizonsSeconds: [0, 0.5, 1, 2, 4, 8], holdingSeconds: 1 },
    });
    for (let at = 0; at < 120; at++) {
      const timeMs = at * 20_000;
      const side = at % 2 === 0 ? 1 : -1;
      trading.onQuote(quote(100, timeMs));
      trading.onFill(fill(side, 100 - side * 0.2, { timeMs: timeMs + 1 }));
      for (const seconds of [0.5, 1, 2, 4, 8]) {
        const left = 0.2 * Math.exp(-seconds / 2) + Math.sin(at * 7 + seconds) * 0.01 - 0.2;
        trading.onQuote(quote(100 + side * left, timeMs + 1 + seconds * 1000));
      }
      if (at === 90) expect(await recording.series('trading.edge.half_life')).toEqual({});
    }
    const series = await recording.series('trading.edge.half_life');
    const halfLife = series[`trading.edge.half_life{${GROUP('maker')},maker}`] as number;
    const error = series[`trading.edge.half_life.error{${GROUP('maker')},maker}`] as number;
    expect(error).toBeGreaterThan(0);
    expect(Math.abs(halfLife - 2 * Math.LN2)).toBeLessThan(Math.max(0.2, 4 * error));
  });
});

describe('what has no markouts is counted', () => {
  test('fills beyond the limit, before the first quote and across a step of the clock', async () => {
    const { trading, recording } = desk({ execution: { pendingFillLimit: 2, quoteHistoryLimit: 4 } });
    trading.onFill(fill(1, 100, { timeMs: 1 }));
    trading.onQuote(quote(100, 1_000_000));
    trading.onFill(fill(1, 100, { timeMs: 999_999 }));
    for (let at = 0; at < 5; at++) trading.onFill(fill(1, 100, { timeMs: 1_000_001 }));
    expect(trading.pendingMarkouts).toBe(2);
    expect(trading.onQuote(quote(100, 995_000))).toBe('out_of_order');
    expect(trading.onQuote(quote(100, 10))).toBe('applied');
    expect(trading.pendingMarkouts).toBe(0);
    expect(await recording.series('trading.event')).toEqual({
      'trading.event.dropped{markout_unquoted}': 1,
      'trading.event.dropped{markout_limit}': 3,
      'trading.event.dropped{out_of_order}': 1,
      'trading.event.dropped{clock_step}': 2,
    });
  });

  test('a fee that cannot be converted leaves no net edge', async () => {
    const { trading, recording } = desk(EXECUTION);
    trading.onQuote(quote(100, 1000));
    trading.onFill(fill(1, 100, { fee: 1, feeCurrency: 'BNB', timeMs: 1001 }));
    expect(trading.pendingMarkouts).toBe(0);
    expect(await recording.series('trading.event')).toEqual({
      'trading.event.dropped{cost_unconverted}': 1,
      'trading.event.dropped{missing_fee_rate}': 1,
    });
    trading.onRate({ currency: 'BNB', rate: 500, timeMs: 0 });
    trading.onRate({ currency: 'USDT', rate: 1, timeMs: 0 });
    trading.onFill(fill(10, 100, { fee: 0.001, feeCurrency: 'BNB', timeMs: 1002 }));
    trading.onQuote(quote(100, 1003));
    expect(await recording.series('trading.markout.edge')).toEqual({
      'trading.markout.edge{venue,USDT,maker,0,maker}': expect.closeTo(-5, 9),
    });
  });

  test.each([
    [{ bid: Number.NaN }, 'invalid_price'],
    [{ bid: 0 }, 'invalid_price'],
    [{ ask: -1 }, 'invalid_price'],
    [{ ask: Infinity }, 'invalid_price'],
    [{ timeMs: Number.NaN }, 'invalid_time'],
    [{ timeMs: Infinity }, 'invalid_time'],
    [{ timeMs: -Infinity }, 'invalid_time'],
    [{ symbol: 'NOPE' }, 'unknown_contract'],
    [{ exchange: undefined as unknown as string }, 'unknown_contract'],
  ])('a quote with %p is refused as %s', (wrong, reason) => {
    const { trading } = desk();
    trading.onQuote(quote(100, 1000));
    expect(trading.onQuote({ ...quote(100, 2000), ...wrong })).toBe(reason);
    expect(trading.dropped).toBe(1);
  });

  test('market trades and quotes that are none are refused', () => {
    const { trading } = desk();
    const trade = { exchange: CONTRACT.exchange, symbol: CONTRACT.symbol, price: 1, quantity: 1 };
    expect([
      trading.onMarketTrade(trade),
      trading.onMarketTrade({ ...trade, price: Number.NaN }),
      trading.onMarketTrade({ ...trade, quantity: 0 }),
      trading.onMarketTrade({ ...trade, symbol: 'NOPE' }),
      trading.onMarketTrade(undefined as never),
      trading.onQuote(null as never),
    ]).toEqual(['applied', 'invalid_price', 'invalid_quantity', 'unknown_contract', 'invalid_event', 'invalid_event']);
  });

  test.each([
    [{ horizonsSeconds: [] }, 'horizonsSeconds'],
    [{ horizonsSeconds: [1, 1] }, 'horizonsSeconds'],
    [{ horizonsSeconds: [-1] }, 'horizonsSeconds'],
    [{ horizonsSeconds: [Number.NaN] }, 'horizonsSeconds'],
    [{ holdingSeconds: 7 }, 'holdingSeconds is 7'],
    [{ pendingFillLimit: 0 }, 'pendingFillLimit is 0'],
    [{ quoteHistoryLimit: 1.5 }, 'quoteHistoryLimit is 1.5'],
    [{ parentLimit: Infinity }, 'parentLimit is Infinity'],
    [{ alphaWindowSeconds: Number.NaN }, 'alphaWindowSeconds is NaN'],
    [{ lifetime: { fastHalfLife: -1 } }, 'execution.lifetime: half-lives'],
    ...[0, -1, 1.5, Number.NaN, Infinity, 2 ** 24 + 1, 2 ** 53].map(
      (strategyLimit) =>
        [
          { attribution: { benchmarks: ['market'], periodSeconds: 1, periodsPerYear: 1, strategyLimit } },
          `execution.attribution.strategyLimit is ${strategyLimit}; it must be a whole number from 1 to 16,777,216`,
        ] as const,
    ),
    [
      { attribution: { benchmarks: [], periodSeconds: 1, periodsPerYear: 1 } },
      'execution.attribution: regressors is 0',
    ],
  ])('the options %p are refused early', (execution, message) => {
    expect(() => desk({ execution })).toThrow(message);
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  imbalanceOf,
  MarketMicrostructure,
  type MicrostructureOptions,
  midOf,
  orderFlow,
  type TimedQuote,
} from '@nanometer/quant';
import * as fc from 'fast-check';
import { isClose, type MarketEvent, marketEvents, quotesOf } from './market-events.ts';

function fed(events: readonly MarketEvent[], options: MicrostructureOptions = {}): MarketMicrostructure {
  const market = new MarketMicrostructure(options);
  for (const event of events) {
    if (event.kind === 'quote') market.onQuote(event.quote);
    else market.onTrade(event.trade);
  }
  return market;
}

/** The least-squares line and R² by the textbook sums. */
function lineOf(pairs: readonly (readonly [number, number])[]) {
  const n = pairs.length;
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / n;
  const xx = pairs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const yy = pairs.reduce((sum, [, y]) => sum + (y - meanY) ** 2, 0);
  const xy = pairs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  if (n < 2 || xx < 1e-9) return undefined;
  return {
    slope: xy / xx,
    intercept: meanY - (xy / xx) * meanX,
    rSquared: yy < 1e-12 ? undefined : xy ** 2 / (xx * yy),
  };
}

/** Windows of one length by looking at the whole record for each of them. */
function windowsOf(events: readonly MarketEvent[], length: number) {
  const quotes = quotesOf(events);
  const first = events.findIndex(({ kind }) => kind === 'quote');
  const windows: { flow: number; volume: number; roots: number; value: number; change: number; log: number }[] = [];
  if (first < 0) return windows;
  const timeOf = (event: MarketEvent): number => (event.kind === 'quote' ? event.quote.time : event.trade.time);
  const start = timeOf(events[first]!);
  const end = timeOf(events.at(-1)!);
  for (let from = start; from + length <= end; from += length) {
    const to = from + length;
    const midBefore = (time: number): number => midOf(quotes.findLast((quote) => quote.time < time) ?? quotes[0]!);
    const window = { flow: 0, volume: 0, roots: 0, value: 0, change: 0, log: 0 };
    events.forEach((event, at) => {
      if (at < first || timeOf(event) < from || timeOf(event) >= to) return;
      if (event.kind === 'trade') {
        const { price, quantity, direction } = event.trade;
        window.volume += direction * quantity;
        window.roots += direction * Math.sqrt(price * quantity);
        window.value += price * quantity;
      } else {
        const place = quotes.indexOf(event.quote);
        if (place > 0) window.flow += orderFlow(quotes[place - 1]!, event.quote);
      }
    });
    const midAtStart = from === start ? midOf(quotes[0]!) : midBefore(from);
    window.change = midBefore(to) - midAtStart;
    window.log = Math.log(midBefore(to) / midAtStart);
    windows.push(window);
  }
  return windows;
}

describe('streaming equals recomputation from the whole record', () => {
  test('spread and imbalance: means over events and over time, locked and crossed quotes', () => {
    fc.assert(
      fc.property(marketEvents, (events) => {
        const quotes = quotesOf(events);
        const { quotes: statistics } = fed(events);
        const mean = (values: readonly (number | undefined)[], weights: readonly number[]): number | undefined => {
          let sum = 0;
          let weight = 0;
          values.forEach((value, at) => {
            if (value === undefined) return;
            sum += value * weights[at]!;
            weight += weights[at]!;
          });
          return weight > 0 ? sum / weight : undefined;
        };
        const stood = quotes.slice(1).map((quote, at) => quote.time - quotes[at]!.time);
        const ones = quotes.map(() => 1);
        const spreads = quotes.map(({ bid, ask }) => ask - bid);
        const relative = quotes.map((quote, at) => (spreads[at]! / midOf(quote)) * 1e4);
        const imbalances = quotes.map((quote) => imbalanceOf(quote));
        expect(isClose(statistics.spreadMean, mean(spreads, ones))).toBe(true);
        expect(isClose(statistics.spreadTimeWeighted, mean(spreads.slice(0, -1), stood))).toBe(true);
        expect(isClose(statistics.relativeSpreadBpsMean, mean(relative, ones))).toBe(true);
        expect(isClose(statistics.relativeSpreadBpsTimeWeighted, mean(relative.slice(0, -1), stood))).toBe(true);
        expect(isClose(statistics.imbalanceMean, mean(imbalances, ones))).toBe(true);
        expect(isClose(statistics.imbalanceTimeWeighted, mean(imbalances.slice(0, -1), stood))).toBe(true);
        expect(statistics.locked).toBe(quotes.filter(({ bid, ask }) => bid === ask).length);
        expect(statistics.crossed).toBe(quotes.filter(({ bid, ask }) => bid > ask).length);
      }),
    );
  });

  test('a time constant weighs each moment by its age', () => {
    fc.assert(
      fc.property(marketEvents, fc.constantFrom(50, 900, 20_000), (events, timeConstant) => {
        const quotes = quotesOf(events);
        const end = quotes.at(-1)?.time ?? 0;
        let sum = 0;
        let weight = 0;
        quotes.slice(0, -1).forEach(({ bid, ask, time }, at) => {
          const older = Math.exp(-(end - time) / timeConstant);
          const newer = Math.exp(-(end - quotes[at + 1]!.time) / timeConstant);
          sum += (ask - bid) * (newer - older);
          weight += newer - older;
        });
        const { quotes: statistics } = fed(events, { timeConstant });
        if (weight > 1e-9) expect(isClose(statistics.spreadTimeWeighted, sum / weight, 1e-6)).toBe(true);
      }),
    );
  });

  test('order-flow imbalance, price impact, Kyle’s lambda and Hasbrouck’s by window', () => {
    fc.assert(
      fc.property(marketEvents, fc.constantFrom(1000, 2500), (events, length) => {
        const flows: number[] = [];
        const market = fed(events, {
          flowWindows: [length],
          onFlowWindow: (_, { orderFlow: flow }) => flows.push(flow),
        });
        const [flow] = market.flows;
        const expected = windowsOf(events, length);
        expect(flows).toEqual(expected.map((window) => window.flow));
        const check = (
          fit: typeof flow extends undefined ? never : NonNullable<typeof flow>['impact'],
          x: 'flow' | 'volume' | 'roots',
          y: 'change' | 'log',
        ): void => {
          const line = lineOf(expected.map((window) => [window[x], window[y]] as const));
          expect(fit.count).toBe(expected.length);
          if (line === undefined) return;
          expect(isClose(fit.slope, line.slope, 1e-7)).toBe(true);
          expect(isClose(fit.intercept, line.intercept, 1e-7)).toBe(true);
          if (line.rSquared !== undefined) expect(isClose(fit.rSquared, line.rSquared, 1e-6)).toBe(true);
        };
        check(flow!.impact, 'flow', 'change');
        check(flow!.kyle, 'volume', 'change');
        check(flow!.hasbrouck, 'roots', 'log');
        const total = quotesOf(events).reduce(
          (sum, quote, at, all) => (at === 0 ? 0 : sum + orderFlow(all[at - 1]!, quote)),
          0,
        );
        expect(market.orderFlow).toBe(total);
      }),
    );
  });

  test('Amihud’s illiquidity over bars of the mid', () => {
    fc.assert(
      fc.property(marketEvents, (events) => {
        const bars = windowsOf(events, 2500).filter(({ value }) => value > 0);
        const mean = bars.reduce((sum, { log, value }) => sum + Math.abs(Math.expm1(log)) / value, 0) / bars.length;
        const { amihud } = fed(events, { barLength: 2500 });
        expect(isClose(amihud.value, bars.length === 0 ? undefined : mean)).toBe(true);
      }),
    );
  });

  test('realized variance, bipower and semi-variances on the grid of the previous tick, whole or of the latest steps', () => {
    fc.assert(
      fc.property(marketEvents, fc.constantFrom(undefined, 3), (events, gridSteps) => {
        const quotes = quotesOf(events);
        const end = Math.max(
          0,
          ...events.map((event) => (event.kind === 'quote' ? event.quote.time : event.trade.time)),
        );
        const mids = quotes.length === 0 ? [] : [midOf(quotes[0]!)];
        for (let time = (quotes[0]?.time ?? Infinity) + 1000; time <= end; time += 1000) {
          mids.push(midOf(quotes.findLast((quote) => quote.time < time)!));
        }
        const returns = mids.slice(1).map((mid, at) => Math.log(mid / mids[at]!));
        const seen = returns.slice(-(gridSteps ?? returns.length));
        const { measures } = fed(events, { gridSteps }).grid;
        const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
        const variance = sum(seen.map((each) => each ** 2));
        const down = sum(seen.filter((each) => each < 0).map((each) => each ** 2));
        const neighbours = sum(seen.slice(1).map((each, at) => Math.abs(each * seen[at]!)));
        const bipower = (Math.PI / 2) * neighbours;
        expect(measures.count).toBe(seen.length);
        if (seen.length === 0) return;
        expect(isClose(measures.variance, variance)).toBe(true);
        expect(isClose(measures.downsideVariance, down)).toBe(true);
        expect(isClose(measures.upsideVariance, variance - down)).toBe(true);
        expect(isClose(measures.bipower, seen.length < 2 ? undefined : bipower)).toBe(true);
        const jumps = seen.length < 2 || variance === 0 ? undefined : Math.max(0, 1 - bipower / variance);
        expect(isClose(measures.jumpShare, jumps)).toBe(true);
      }),
    );
  });

  test('rates of trades and quotes, and quotes per trade', () => {
    fc.assert(
      fc.property(marketEvents, (events) => {
        const trades = events.flatMap((event) => (event.kind === 'trade' ? [event.trade] : []));
        const market = fed(events, { rateTimeConstant: 3000 });
        const now = (market.time ?? 0) + 500;
        const rate = trades.reduce((sum, { time }) => sum + Math.exp((time - now) / 3000) / 3000, 0);
        expect(isClose(market.tradeRate.at(now), trades.length === 0 ? undefined : rate)).toBe(true);
        const ratio = trades.length === 0 ? undefined : quotesOf(events).length / trades.length;
        expect(market.quoteToTradeRatio).toBe(ratio);
      }),
    );
  });

  test('sweeps: a spread that widens after a trade, and the time until it is back', () => {
    fc.assert(
      fc.property(marketEvents, (events) => {
        const found: number[] = [];
        fed(events, { sweepFactor: 2, sweepTimeout: 2000, onRecovery: (duration) => found.push(duration) });
        const expected: number[] = [];
        let at = 0;
        const isQuote = (place: number): boolean => events[place]?.kind === 'quote';
        const quoteAt = (place: number): TimedQuote => (events[place] as { quote: TimedQuote }).quote;
        const spreadAt = (place: number): number => quoteAt(place).ask - quoteAt(place).bid;
        while (at < events.length) {
          const before = events.slice(0, at).findLastIndex(({ kind }) => kind === 'quote');
          const swept = isQuote(at) && before >= 0 && before < at - 1 && spreadAt(before) > 0;
          if (!swept || spreadAt(at) < 2 * spreadAt(before)) {
            at++;
            continue;
          }
          const start = quoteAt(at).time;
          at++;
          while (
            at < events.length &&
            !(isQuote(at) && (quoteAt(at).time - start > 2000 || spreadAt(at) <= spreadAt(before)))
          )
            at++;
          if (at < events.length && quoteAt(at).time - start <= 2000) expected.push(quoteAt(at).time - start);
          at++;
        }
        expect(found).toEqual(expected);
      }),
    );
  });
});

describe('what a feed does wrong', () => {
  const quote = (changes: Partial<TimedQuote> = {}): TimedQuote => ({
    bid: 100,
    bidSize: 1,
    ask: 101,
    askSize: 3,
    time: 1000,
    ...changes,
  });

  test.each([Number.NaN, Infinity, -Infinity])('a quote or trade with %p is refused and changes nothing', (bad) => {
    const market = new MarketMicrostructure();
    for (const key of ['bid', 'bidSize', 'ask', 'askSize', 'time'] as const) {
      expect(market.onQuote(quote({ [key]: bad }))).toBe(false);
    }
    for (const key of ['price', 'quantity', 'time'] as const) {
      expect(market.onTrade({ price: 100, quantity: 1, time: 1, [key]: bad })).toBe(false);
    }
    expect([market.quotes.count, market.trades, market.time]).toEqual([0, 0, undefined]);
    market.advance(bad);
    expect(market.time).toBeUndefined();
  });

  test('prices and quantities of zero or less are refused, sizes of zero are not', () => {
    const market = new MarketMicrostructure();
    for (const bid of [0, -0, -1]) expect(market.onQuote(quote({ bid }))).toBe(false);
    for (const quantity of [0, -0, -1]) expect(market.onTrade({ price: 1, quantity, time: 1 })).toBe(false);
    expect(market.onQuote(quote({ bidSize: -1 }))).toBe(false);
    expect(market.onQuote(quote({ bidSize: 0, askSize: -0 }))).toBe(true);
    expect([market.quote.imbalance, market.quote.microprice, market.quotes.imbalanceMean]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(market.onQuote(quote({ bid: 5e-324, ask: 5e-324 }))).toBe(true);
  });

  test('says nothing before there is something to say', () => {
    const market = new MarketMicrostructure({ vpin: { bucketVolume: 1, bulkBarLength: 10 } });
    const { quotes, quote: last, grid, bars, roll, amihud, vpin, bulkVpin, tradeRate } = market;
    expect([
      quotes.spreadTimeWeighted,
      quotes.spreadMean,
      last.microprice,
      last.imbalance,
      grid.measures.variance,
      grid.measures.jumpShare,
      bars.parkinson,
      bars.garmanKlass,
      bars.yangZhang,
      roll.value,
      amihud.value,
      vpin?.value,
      bulkVpin?.value,
      tradeRate.at(0),
      market.quoteToTradeRatio,
      market.flows[0]?.last,
      market.flows[0]?.impact.slope,
      market.flows[0]?.kyle.rSquared,
    ]).toEqual(Array.from({ length: 18 }, () => undefined));
  });

  test('a late event counts at the latest time; a clock set back begins windows and grid anew', () => {
    const market = new MarketMicrostructure({ stepBack: 500 });
    market.onQuote(quote({ time: 10_000 }));
    market.onQuote(quote({ time: 9_600, ask: 103 }));
    expect([market.time, market.restarts]).toEqual([10_000, 0]);
    market.onQuote(quote({ time: 10_100 }));
    expect(market.quotes.spreadTimeWeighted).toBeCloseTo(3, 12);
    market.onQuote(quote({ time: 5_000 }));
    expect([market.time, market.restarts]).toEqual([5_000, 1]);
    market.onQuote(quote({ time: 6_000 }));
    // The windows of before and after are two; the time between was none.
    expect(market.flows[0]?.impact.count).toBe(1);
    expect(market.grid.measures.count).toBe(1);
    expect(market.quotes.spreadTimeWeighted).toBeCloseTo((3 * 100 + 1 * 1000) / 1100, 12);
  });

  test.each([1e300, Number.MAX_VALUE, 2 ** 53 + 1])('a jump to %p ends in no endless windows', (time) => {
    const market = new MarketMicrostructure({ flowWindows: [1], gridStep: 1 });
    market.onQuote(quote({ time: 0 }));
    market.onQuote(quote({ time: 5 }));
    expect(market.flows[0]?.impact.count).toBe(5);
    market.onQuote(quote({ time }));
    market.onTrade({ price: 100, quantity: 1, time });
    market.onQuote(quote({ time }));
    expect(market.flows[0]!.impact.count).toBeLessThanOrEqual(6);
    expect(market.grid.measures.count).toBeLessThanOrEqual(6);
  });

  test('an interruption bridges nothing', () => {
    const market = new MarketMicrostructure();
    market.onQuote(quote({ time: 0 }));
    market.onQuote(quote({ time: 500, bid: 90, ask: 91 }));
    market.interrupt();
    expect(market.quote.isKnown).toBe(false);
    market.advance(90_000);
    market.onQuote(quote({ time: 100_000, bid: 50, ask: 51 }));
    expect(market.quotes.spreadTimeWeighted).toBe(1);
    expect(market.flows[0]?.impact.count).toBe(0);
    expect(market.grid.measures.variance).toBeUndefined();
    expect(market.quote.orderFlow).toBe(0);
  });

  test('a trade without a side gets one by Lee and Ready, and says how many did', () => {
    const market = new MarketMicrostructure();
    market.onTrade({ price: 100, quantity: 1, time: 1 });
    expect([market.sign, market.classified]).toEqual([0, 0]);
    market.onQuote(quote({ time: 2 }));
    market.onTrade({ price: 101, quantity: 1, time: 3 });
    expect(market.sign).toBe(1);
    market.onTrade({ price: 100, quantity: 1, time: 3 });
    expect(market.sign).toBe(-1);
    market.onTrade({ price: 100, quantity: 1, time: 3, direction: 1 });
    expect([market.sign, market.classified]).toEqual([1, 2]);
  });

  test.each([
    [{ flowWindows: [0] }, 'a window of 0'],
    [{ gridStep: Number.NaN }, 'a grid step of NaN'],
    [{ barLength: Infinity }, 'a bar of Infinity'],
    [{ bars: 0 }, 'size is 0'],
    [{ gridSteps: 1.5 }, 'window is 1.5'],
    [{ timeConstant: 0 }, 'a time constant of 0'],
    [{ rateTimeConstant: Infinity }, 'a time constant of Infinity'],
    [{ flowHalfLife: -1 }, 'a half-life of -1'],
    [{ amihudHalfLife: 0 }, 'a half-life of 0'],
    [{ sweepFactor: 1 }, 'a sweep factor of 1'],
    [{ sweepTimeout: 0 }, 'a timeout of 0'],
    [{ vpin: { bucketVolume: 0 } }, 'bucketVolume is 0'],
    [{ vpin: { bucketVolume: 1, buckets: 0 } }, '0 buckets'],
    [{ vpin: { bucketVolume: 1, bulkBarLength: 0 } }, 'a bar of 0'],
  ] as const)('refuses the option %j', (options, message) => {
    expect(() => new MarketMicrostructure(options)).toThrow(message);
  });
});

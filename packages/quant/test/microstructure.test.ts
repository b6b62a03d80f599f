import { describe, expect, test } from '@jest/globals';
import {
  AmihudIlliquidity,
  type BookLevel,
  BookStatistics,
  BulkVpin,
  DecayedPairMoments,
  LeeReady,
  normalProbability,
  PairMoments,
  RangeBars,
  RealizedMeasures,
  Resilience,
  RollSpread,
  Vpin,
} from '@nanometer/quant';
import * as fc from 'fast-check';
import { isClose } from './market-events.ts';

const price = fc.double({ min: 50, max: 150, noNaN: true });

describe('VPIN', () => {
  const trade = fc.tuple(fc.double({ min: 0.001, max: 50, noNaN: true }), fc.boolean());

  test('buckets of volume lose nothing: their parts add up to what was traded', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
        let bought = 0;
        let sold = 0;
        const vpin = new Vpin(7, 3, ({ buy, sell }) => {
          bought += buy;
          sold += sell;
          expect(Math.abs(buy + sell - 7)).toBeLessThan(1e-9);
        });
        for (const [quantity, isBuy] of trades) vpin.add(quantity, isBuy);
        const total = trades.reduce((sum, [quantity]) => sum + quantity, 0);
        expect(total - bought - sold).toBeGreaterThan(-1e-9);
        expect(total - bought - sold).toBeLessThan(7 + 1e-9);
        const { value = 0 } = vpin;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
    expect(new Vpin(1).add(1e9, true)).toBe(false);
  });

  test('equals the buckets cut out of the whole record', () => {
    // Whole units: a unit of volume is bought or sold, and buckets are runs of units.
    const whole = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 40 }), (trades) => {
        const vpin = new Vpin(7, 3);
        for (const [quantity, isBuy] of trades) vpin.add(quantity, isBuy);
        const units = trades.flatMap(([quantity, isBuy]) => Array.from({ length: quantity }, () => (isBuy ? 1 : -1)));
        const full = Math.floor(units.length / 7);
        const imbalances = Array.from({ length: full }, (_, at) =>
          Math.abs(units.slice(7 * at, 7 * at + 7).reduce((sum: number, unit) => sum + unit, 0)),
        );
        const expected = full < 3 ? undefined : imbalances.slice(-3).reduce((sum, each) => sum + each, 0) / 21;
        expect(isClose(vpin.value, expected)).toBe(true);
        expect(vpin.fullBuckets).toBe(full);
      }),
    );
  });

  test('bulk classification gives a bar’s volume to buyers by how far its price went', () => {
    const prices = [100, 101, 100.5, 102, 101, 103, 102.5, 104, 103, 105, 104.5, 106, 107];
    const bulk = new BulkVpin(1000, 5, 1);
    const buckets: number[] = [];
    const watched = new BulkVpin(1000, 5, 1, ({ buy }) => buckets.push(buy));
    prices.forEach((each, at) => {
      for (const one of [bulk, watched]) {
        one.add(each - 0.1, 2, at * 1000 + 1);
        one.add(each, 3, at * 1000 + 999);
      }
    });
    const changes = prices.slice(1).map((each, at) => each - prices[at]!);
    // The tenth change is the first to count; the last bar is not over.
    const expected = [9, 10].map((at) => {
      const known = changes.slice(0, at + 1);
      const mean = known.reduce((sum, each) => sum + each, 0) / known.length;
      const variance = known.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (known.length - 1);
      return 5 * normalProbability(changes[at]! / Math.sqrt(variance));
    });
    expect(buckets).toEqual(expected.map((each) => expect.closeTo(each, 12)));
    expect(bulk.value).toBeCloseTo(Math.abs(2 * expected[1]! - 5) / 5, 12);
    for (const bad of [Number.NaN, Infinity, 0, -1]) {
      expect(bulk.add(bad, 1, 99_000)).toBe(false);
      expect(bulk.add(1, bad, 99_000)).toBe(false);
    }
    expect(bulk.add(1, 1, Number.NaN)).toBe(false);
  });
});

test('decayed moments are those of pairs that weigh by their age; without decay the ordinary ones', () => {
  const value = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value), { minLength: 4, maxLength: 30 }),
      fc.constantFrom(2, 7, Infinity),
      (pairs, halfLife) => {
        const moments = new DecayedPairMoments(halfLife);
        const plain = new PairMoments();
        for (const [x, y] of pairs) {
          moments.add(x, y);
          plain.add(x, y);
        }
        const weights = pairs.map((_, at) => 2 ** (-(pairs.length - 1 - at) / halfLife));
        const total = weights.reduce((sum, each) => sum + each, 0);
        const squares = weights.reduce((sum, each) => sum + each * each, 0);
        const meanX = pairs.reduce((sum, [x], at) => sum + weights[at]! * x, 0) / total;
        const meanY = pairs.reduce((sum, [, y], at) => sum + weights[at]! * y, 0) / total;
        const xx = pairs.reduce((sum, [x], at) => sum + weights[at]! * (x - meanX) ** 2, 0);
        const xy = pairs.reduce((sum, [x, y], at) => sum + weights[at]! * (x - meanX) * (y - meanY), 0);
        fc.pre(xx > 1e-3);
        expect(isClose(moments.slope, xy / xx)).toBe(true);
        expect(isClose(moments.intercept, meanY - (xy / xx) * meanX)).toBe(true);
        expect(isClose(moments.covariance, xy / (total - squares / total))).toBe(true);
        if (halfLife === Infinity) {
          expect([moments.slope, moments.covariance]).toEqual([plain.slope, expect.closeTo(plain.covariance!, 9)]);
          expect(isClose(moments.rSquared, plain.rSquared)).toBe(true);
        }
      },
    ),
  );
  const moments = new DecayedPairMoments();
  expect([moments.add(Number.NaN, 1), moments.add(1, Infinity), moments.count]).toEqual([false, false, 0]);
  moments.add(1, 1);
  expect([moments.slope, moments.covariance, moments.rSquared, moments.intercept]).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
});

test('Roll’s spread is absent where successive changes do not oppose each other', () => {
  const trending = new RollSpread();
  for (const each of [100, 101, 103, 106, 110]) trending.add(each);
  expect(trending.value).toBeUndefined();
  fc.assert(
    fc.property(fc.array(price, { minLength: 4, maxLength: 30 }), (prices) => {
      const roll = new RollSpread();
      for (const each of prices) roll.add(each);
      const changes = prices.slice(1).map((each, at) => each - prices[at]!);
      const pairs = changes.slice(1).map((change, at) => [changes[at]!, change] as const);
      const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / pairs.length;
      const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / pairs.length;
      const covariance = pairs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / (pairs.length - 1);
      fc.pre(Math.abs(covariance) > 1e-6);
      expect(isClose(roll.value, covariance < 0 ? 2 * Math.sqrt(-covariance) : undefined)).toBe(true);
    }),
  );
});

test('Amihud’s mean leans on the latest bars, and leaves bars without trading out', () => {
  const amihud = new AmihudIlliquidity(1);
  expect([amihud.add(0.01, 0), amihud.add(Number.NaN, 1), amihud.value]).toEqual([false, false, undefined]);
  amihud.add(-0.01, 1000);
  amihud.add(0.04, 1000);
  expect(amihud.value).toBeCloseTo((1e-5 * 0.5 + 4e-5) / 1.5, 15);
});

test('realized variance is the sum of squares of log returns, a jump is told from noise', () => {
  const measures = new RealizedMeasures();
  expect(measures.add(Number.NaN)).toBe(false);
  for (const each of [100, 101, 100, 101, 100, 120, 121]) measures.add(each);
  expect(measures.count).toBe(6);
  expect(measures.variance).toBeCloseTo(4 * Math.log(1.01) ** 2 + Math.log(1.2) ** 2 + Math.log(121 / 120) ** 2, 12);
  expect(measures.jumpShare!).toBeGreaterThan(0.5);
  expect(measures.upsideVariance! + measures.downsideVariance!).toBeCloseTo(measures.variance!, 15);
  measures.interrupt();
  measures.add(1);
  expect(measures.count).toBe(6);
});

describe('range estimators', () => {
  test('Parkinson, Garman-Klass and Yang-Zhang equal their formulas over the latest whole bars', () => {
    const trades = fc.array(fc.tuple(price, fc.integer({ min: 0, max: 2500 })), { maxLength: 60 });
    fc.assert(
      fc.property(trades, (steps) => {
        const bars = new RangeBars(1000, 4);
        const byBar = new Map<number, number[]>();
        let time = 0;
        for (const [each, gap] of steps) {
          time += gap;
          bars.add(each, time);
          const bar = Math.floor(time / 1000);
          byBar.set(bar, [...(byBar.get(bar) ?? []), each]);
        }
        const all = [...byBar.values()];
        const whole = all.slice(0, -1).map((prices, at) => ({
          o: prices[0]!,
          h: Math.max(...prices),
          l: Math.min(...prices),
          c: prices.at(-1)!,
          before: at === 0 ? undefined : all[at - 1]!.at(-1)!,
        }));
        const recent = whole.slice(-4);
        expect(bars.count).toBe(recent.length);
        const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
        const variance = (values: readonly number[]): number =>
          values.reduce((sum, each) => sum + (each - mean(values)) ** 2, 0) / (values.length - 1);
        const parkinson = mean(recent.map(({ h, l }) => Math.log(h / l) ** 2 / (4 * Math.LN2)));
        const garmanKlass = mean(
          recent.map(({ o, h, l, c }) => Math.log(h / l) ** 2 / 2 - (2 * Math.LN2 - 1) * Math.log(c / o) ** 2),
        );
        expect(isClose(bars.parkinson, recent.length === 0 ? undefined : parkinson)).toBe(true);
        expect(isClose(bars.garmanKlass, recent.length === 0 ? undefined : garmanKlass)).toBe(true);
        const linked = recent.filter(({ before }) => before !== undefined);
        const n = linked.length;
        const k = 0.34 / (1.34 + (n + 1) / (n - 1));
        const yangZhang =
          variance(linked.map(({ o, before }) => Math.log(o / before!))) +
          k * variance(linked.map(({ o, c }) => Math.log(c / o))) +
          (1 - k) *
            mean(linked.map(({ o, h, l, c }) => Math.log(h / c) * Math.log(h / o) + Math.log(l / c) * Math.log(l / o)));
        expect(isClose(bars.yangZhang, n < 2 ? undefined : yangZhang)).toBe(true);
      }),
    );
  });

  test('a bar ends when its time is over, and prices that make no sense are refused', () => {
    const bars = new RangeBars(1000, 2);
    for (const bad of [Number.NaN, 0, -1, Infinity]) expect(bars.add(bad, 0)).toBe(false);
    expect(bars.add(1, Number.NaN)).toBe(false);
    bars.add(100, 10);
    bars.advance(999);
    expect(bars.count).toBe(0);
    bars.advance(1000);
    expect([bars.count, bars.parkinson]).toEqual([1, 0]);
    bars.advance(9000);
    expect(bars.count).toBe(1);
  });
});

describe('books', () => {
  const side = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 50 })), {
    minLength: 1,
    maxLength: 8,
  });

  test('imbalance over levels, depth within a distance, and slope equal their definitions', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 6 }), (bidSteps, askSteps, levels) => {
        const stack = (steps: readonly (readonly [number, number])[], sign: number): BookLevel[] => {
          let ticks = 0;
          return steps.map(([gap, size]) => [1000 + sign * (ticks += gap) * 0.25, size] as const);
        };
        const bids = stack(bidSteps, -1);
        const asks = stack(askSteps, 1);
        const book = new BookStatistics(levels, 10);
        expect(book.add(bids, asks)).toBe(true);
        const sum = (list: readonly BookLevel[]): number => list.reduce((total, [, size]) => total + size, 0);
        const top = sum(bids.slice(0, levels)) + sum(asks.slice(0, levels));
        const imbalance = top === 0 ? undefined : (sum(bids.slice(0, levels)) - sum(asks.slice(0, levels))) / top;
        expect(isClose(book.imbalance, imbalance)).toBe(true);
        const mid = (bids[0]![0] + asks[0]![0]) / 2;
        const distance = (level: BookLevel): number => (Math.abs(mid - level[0]) / mid) * 1e4;
        const near = (list: readonly BookLevel[]): BookLevel[] => list.filter((level) => distance(level) <= 10);
        expect([book.bidDepth, book.askDepth]).toEqual([sum(near(bids)), sum(near(asks))]);
        const points = [near(bids), near(asks)].flatMap((list) =>
          list.map((level, at) => [distance(level), sum(list.slice(0, at + 1))] as const),
        );
        const squares = points.reduce((total, [d]) => total + d * d, 0);
        const slope = points.reduce((total, [d, s]) => total + d * s, 0) / squares;
        expect(isClose(book.slope, points.length === 0 ? undefined : slope, 1e-6)).toBe(true);
      }),
    );
  });

  test.each<[string, BookLevel[], BookLevel[]]>([
    ['an empty side', [], [[101, 1]]],
    ['a price that is no number', [[Number.NaN, 1]], [[101, 1]]],
    [
      'a price of zero',
      [
        [100, 1],
        [0, 1],
      ],
      [[101, 1]],
    ],
    ['a negative size', [[100, -1]], [[101, 1]]],
    ['an infinite size', [[100, 1]], [[101, Infinity]]],
    [
      'levels out of order',
      [
        [100, 1],
        [100.5, 1],
      ],
      [[101, 1]],
    ],
    [
      'a level twice',
      [[100, 1]],
      [
        [101, 1],
        [101, 2],
      ],
    ],
  ])('refuses %s', (_, bids, asks) => {
    const book = new BookStatistics();
    expect(book.add(bids, asks)).toBe(false);
    expect([book.imbalance, book.bidDepth, book.askDepth, book.slope]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(() => new BookStatistics(0)).toThrow('levels is 0');
    expect(() => new BookStatistics(5, Number.NaN)).toThrow('withinBps is NaN');
  });
});

test('Lee and Ready: above the mid a buy, below it a sell, at it by the last price that differed', () => {
  const classifier = new LeeReady();
  const cases: [price: number, mid: number, sign: number][] = [
    [100, Number.NaN, 0],
    [100, 100, 0],
    [101, 102, -1],
    [101, 101, 1],
    [100, 100, -1],
    [100, 100, -1],
    [100, 99.5, 1],
    [100, Number.NaN, -1],
  ];
  for (const [each, mid, sign] of cases) expect(classifier.sign(each, mid)).toBe(sign);
});

test('a sweep that is not absorbed in time is given up, and an interruption forgets it', () => {
  const durations: number[] = [];
  const resilience = new Resilience(2, 100, (duration) => durations.push(duration));
  resilience.quote({ spread: 1, time: 0 });
  resilience.quote({ spread: 5, time: 1 });
  resilience.quote({ spread: 1, time: 2 });
  expect([durations, resilience.abandoned]).toEqual([[], 0]);
  resilience.trade();
  resilience.quote({ spread: 2, time: 10 });
  resilience.quote({ spread: 1.5, time: 20 });
  resilience.quote({ spread: 1, time: 30 });
  expect(durations).toEqual([20]);
  resilience.trade();
  resilience.quote({ spread: 2, time: 40 });
  resilience.quote({ spread: 2, time: 141 });
  expect([resilience.recovered, resilience.abandoned]).toEqual([1, 1]);
  resilience.trade();
  resilience.quote({ spread: 4, time: 150 });
  resilience.interrupt();
  resilience.quote({ spread: 1, time: 160 });
  expect(resilience.recovered).toBe(1);
});

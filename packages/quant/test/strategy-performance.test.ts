import { describe, expect, test } from '@jest/globals';
import {
  normalProbability,
  PairedDifference,
  PerformanceBook,
  type PerformanceBookOptions,
  type PerformanceRun,
  PeriodClock,
  StrategyPerformance,
} from '@nanometer/quant';
import * as fc from 'fast-check';
import { type NaiveTerms, naivePerformance } from './naive-performance.ts';

const TERMS: NaiveTerms = { periodsPerYear: 365, riskless: 0.0001, target: 0.0002, maxLag: 3, tail: 0.1 };
const OPTIONS = {
  periodsPerYear: 365,
  risklessReturn: 0.0001,
  targetReturn: 0.0002,
  maxLag: 3,
  tail: 0.1,
  minimumCount: 3,
};
const CAPITAL = 1000;

/** Everything a run says, by name. */
function saidBy(run: PerformanceRun): Readonly<Record<string, number | undefined>> {
  const { ratios, depths, benchmark } = run;
  return {
    volatility: ratios?.volatility,
    sharpe: ratios?.sharpe,
    sharpeError: run.sharpeError,
    psr: ratios?.probabilisticSharpe(),
    sharpeCorrected: run.sharpeCorrected,
    sortino: ratios?.sortino,
    calmar: ratios?.calmar,
    omega: ratios?.omega,
    maxDrawdown: run.maxDrawdown,
    maxMoneyDrawdown: run.maxMoneyDrawdown,
    ulcer: depths?.ulcer,
    pain: depths?.pain,
    conditionalDrawdown: run.conditionalDrawdown,
    tailRatio: run.tailRatio,
    beta: benchmark?.beta,
    alpha: benchmark?.alphaAnnual,
    informationRatio: benchmark?.informationRatio,
    pnlSharpe: run.pnlSharpe,
  };
}

const earned = fc.integer({ min: -4000, max: 4000 }).map((cents) => cents / 100);
const benchmarkReturn = fc.integer({ min: -500, max: 500 }).map((tenths) => tenths / 10_000);
const periods = fc.array(fc.tuple(earned, benchmarkReturn), { minLength: 1, maxLength: 60 });

function closed(list: readonly (readonly [number, number])[], window?: number): StrategyPerformance {
  const performance = new StrategyPerformance({ ...OPTIONS, ...(window === undefined ? {} : { window }) }, CAPITAL);
  let pnl = 0;
  for (const [each, benchmark] of list) performance.close((pnl += each), benchmark);
  return performance;
}

function expectSame(
  actual: Readonly<Record<string, number | undefined>>,
  expected: Readonly<Record<string, number | undefined>>,
): void {
  for (const [name, value] of Object.entries(expected)) {
    const ours = actual[name];
    if (value === undefined || ours === undefined) expect([name, ours]).toEqual([name, value]);
    else expect([name, Math.abs(ours - value) <= 1e-7 * Math.max(1, Math.abs(value))]).toEqual([name, true]);
  }
}

describe('a strategy on a regular clock', () => {
  test('every figure since the start equals a recomputation after any number of periods', () => {
    fc.assert(
      fc.property(periods, (list) => {
        const { total } = closed(list);
        expectSame(saidBy(total), naivePerformance(list, CAPITAL, TERMS, OPTIONS.minimumCount));
      }),
    );
  });

  test('every figure of the rolling window equals a recomputation of its periods alone', () => {
    fc.assert(
      fc.property(periods, fc.integer({ min: 3, max: 20 }), (list, window) => {
        const { rolling } = closed(list, window);
        if (list.length < window) {
          expect(rolling).toBeUndefined();
          return;
        }
        // Equity at the beginning of the window is what the earlier periods left.
        const before = list.slice(0, -window).reduce((sum, [each]) => sum + each, CAPITAL);
        expectSame(saidBy(rolling!), naivePerformance(list.slice(-window), before, TERMS, OPTIONS.minimumCount));
      }),
    );
  });

  test('a resumed strategy says the same to the last bit, at once and later', () => {
    fc.assert(
      fc.property(periods, periods, (before, after) => {
        const lasting = closed(before, 7);
        const resumed = new StrategyPerformance({ ...OPTIONS, window: 7 }, CAPITAL);
        resumed.restore(JSON.parse(JSON.stringify(lasting.snapshot())));
        let pnl = before.reduce((sum, [each]) => sum + each, 0);
        for (const [each, benchmark] of after) {
          pnl += each;
          lasting.close(pnl, benchmark);
          resumed.close(pnl, benchmark);
        }
        expect(saidBy(resumed.total)).toEqual(saidBy(lasting.total));
        expect(resumed.rolling && saidBy(resumed.rolling)).toEqual(lasting.rolling && saidBy(lasting.rolling));
        expect(resumed.snapshot()).toEqual(lasting.snapshot());
      }),
    );
  });

  test('without capital there are P&L figures and no returns', () => {
    const performance = new StrategyPerformance(OPTIONS);
    for (const pnl of [1, 3, 2, 5]) performance.close(pnl, 0.01);
    const said = saidBy(performance.total);
    expect(said['pnlSharpe']).toBeGreaterThan(0);
    expect(said['maxMoneyDrawdown']).toBe(1);
    for (const name of ['volatility', 'sharpe', 'psr', 'sortino', 'calmar', 'omega', 'maxDrawdown', 'ulcer', 'beta']) {
      expect([name, said[name]]).toEqual([name, undefined]);
    }
  });

  test('no ratio has a value below the minimum of periods', () => {
    const performance = new StrategyPerformance({ periodsPerYear: 365 }, CAPITAL);
    let earned = 0;
    const pnl = Array.from({ length: 31 }, (_, day) => (earned += ((day * day * 7919) % 101) - 45));
    for (let day = 1; day < 30; day++) performance.close(pnl[day]!, 0.01 * Math.sin(day));
    const few = saidBy(performance.total);
    for (const name of Object.keys(few)) {
      if (!['maxDrawdown', 'maxMoneyDrawdown', 'ulcer', 'pain'].includes(name))
        expect([name, few[name]]).toEqual([name, undefined]);
    }
    performance.close(pnl[30]!, 0);
    expect(Object.values(saidBy(performance.total))).not.toContain(undefined);
  });

  test('constant gains have no ratio to their deviation, whatever rounding says', () => {
    const performance = new StrategyPerformance(OPTIONS);
    let pnl = 0;
    for (let at = 0; at < 1000; at++) performance.close((pnl += 0.1));
    expect(performance.total.pnlSharpe).toBeUndefined();
  });

  test('money paid in is no gain, and counts as capital from the next period on', () => {
    const performance = new StrategyPerformance(OPTIONS, 100);
    performance.close(10, Number.NaN, 110);
    expect([performance.latestReturn, performance.equity]).toEqual([0.1, 220]);
    performance.close(32);
    expect(performance.latestReturn).toBeCloseTo(0.1, 12);
  });

  test('a ruined strategy has no further returns', () => {
    const performance = new StrategyPerformance(OPTIONS, 100);
    performance.close(-150);
    performance.close(-140);
    expect([performance.equity, performance.latestReturn]).toEqual([-40, undefined]);
    expect(performance.total.maxDrawdown).toBe(1.5);
  });

  test.each([Number.NaN, Infinity, -Infinity])('ignores a P&L of %p', (hostile) => {
    const performance = new StrategyPerformance(OPTIONS, 100);
    expect(performance.close(hostile)).toBe(false);
    expect(performance.count).toBe(0);
  });

  test.each([
    [{ periodsPerYear: 0 }, 'periodsPerYear is 0'],
    [{ periodsPerYear: 365, window: 1 }, 'window is 1'],
    [{ periodsPerYear: 365, tail: 0.5 }, 'tail is 0.5'],
    [{ periodsPerYear: 365, minimumCount: 1.5 }, 'minimumCount is 1.5'],
    [{ periodsPerYear: 365, risklessReturn: Number.NaN }, 'risklessReturn NaN'],
  ])('refuses %p', (options, message) => {
    expect(() => new StrategyPerformance(options)).toThrow(message);
  });

  test.each([0, -1, Number.NaN, Infinity])('refuses a capital of %p', (capital) => {
    expect(() => new StrategyPerformance(OPTIONS, capital)).toThrow(`capital is ${capital}`);
  });
});

describe('the clock', () => {
  test('closes what event times pass, and never goes back', () => {
    const clock = new PeriodClock({ periodMs: 1000 });
    expect([clock.advance(500), clock.advance(999), clock.advance(1000), clock.advance(1500)]).toEqual([0, 0, 1, 0]);
    expect([clock.advance(4100), clock.advance(2000), clock.advance(Number.NaN), clock.advance(Infinity)]).toEqual([
      3, 0, 0, 0,
    ]);
    expect([clock.closed, clock.nextMs, clock.jumps]).toEqual([4, 5000, 0]);
  });

  test('a jump beyond its limit starts the grid anew instead of filling it', () => {
    const clock = new PeriodClock({ periodMs: 1000, gapLimit: 10 });
    clock.advance(0);
    expect([clock.advance(1e12), clock.jumps, clock.advance(1e12 + 1000)]).toEqual([0, 1, 1]);
    // Back again, as when the first jump was the fault: the clock does not wait until then.
    expect([clock.advance(5000), clock.jumps, clock.advance(7000), clock.closed]).toEqual([0, 2, 2, 3]);
    expect([clock.advance(2000), clock.advance(7500), clock.advance(8000)]).toEqual([0, 0, 1]);
  });

  test('counts as many periods as lie between first and last time, however the times fall', () => {
    const times = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: -5000, max: 5000 }),
        (list, periodMs, offsetMs) => {
          const clock = new PeriodClock({ periodMs, offsetMs, gapLimit: 1_000_000 });
          let passed = 0;
          for (const time of list) passed += clock.advance(time);
          const period = (time: number): number => Math.floor((time - offsetMs) / periodMs);
          expect(passed).toBe(Math.max(...list.map((time) => period(time))) - period(list[0]!));
        },
      ),
    );
  });

  test.each([
    [{ periodMs: 0 }, 'periodMs is 0'],
    [{ periodMs: 1, offsetMs: Infinity }, 'offsetMs is Infinity'],
    [{ periodMs: 1, gapLimit: 0 }, 'gapLimit is 0'],
  ])('refuses %p', (options, message) => {
    expect(() => new PeriodClock(options)).toThrow(message);
  });
});

describe('a book of strategies', () => {
  const DAY: PerformanceBookOptions = { ...OPTIONS, periodMs: 1000, capital: CAPITAL, pairs: [['a', 'b']] };

  test('closes quiet periods with nothing earned', () => {
    const book = new PerformanceBook(DAY);
    book.advance(0);
    book.setPnl('a', 10);
    expect(book.advance(3500)).toBe(3);
    expect(book.get('a')!.count).toBe(3);
    expect(book.get('a')!.total.earned).toBe(10);
    expect(book.get('a')!.earned).toBe(0);
  });

  test('says the same when quiet periods are closed one by one or all at once', () => {
    const one = new PerformanceBook(DAY);
    const two = new PerformanceBook(DAY);
    for (const book of [one, two]) {
      book.advance(0);
      book.setBenchmark(100);
      book.setPnl('a', 10);
      book.setPnl('b', -3);
    }
    for (let time = 0; time <= 9000; time += 250) one.advance(time);
    two.advance(9000);
    expect(two.snapshot()).toEqual(one.snapshot());
  });

  test('the difference of a pair is that of the same periods', () => {
    const book = new PerformanceBook(DAY);
    const differences = new PairedDifference(OPTIONS.minimumCount);
    const a = new StrategyPerformance(OPTIONS, CAPITAL);
    const b = new StrategyPerformance(OPTIONS, CAPITAL);
    book.advance(0);
    for (let period = 1; period <= 40; period++) {
      const pnl = [Math.sin(period) * 30 + period, Math.cos(3 * period) * 20] as const;
      book.setPnl('a', pnl[0]);
      book.setPnl('b', pnl[1]);
      book.advance(period * 1000);
      a.close(pnl[0]);
      b.close(pnl[1]);
      differences.add(a.latestReturn!, b.latestReturn!);
    }
    const [, compared] = book.comparisons[0]!;
    expect([compared.count, compared.mean, compared.error]).toEqual([40, differences.mean, differences.error]);
    expect(compared.probability).toBeGreaterThan(0.5);
  });

  test('a difference of normal values is as probable as its t-value says', () => {
    const differences = new PairedDifference(2);
    // Two points have no skewness and a kurtosis of 1: the error is exactly 1/sqrt(n - 1).
    for (const each of [3, -1, 3, -1, 3]) differences.add(each, 0);
    const { mean, count } = { mean: differences.mean!, count: differences.count };
    expect(mean).toBeCloseTo(1.4, 12);
    expect(differences.error! * Math.sqrt(count)).toBeCloseTo(Math.sqrt(4.8), 12);
    expect(differences.probability!).toBeGreaterThan(normalProbability(1));
  });

  test('the deflated ratio falls as more strategies were tried', () => {
    const run = (trials?: number): number | undefined => {
      const book = new PerformanceBook({ ...DAY, trials });
      book.advance(0);
      for (let period = 1; period <= 50; period++) {
        for (const [at, name] of ['a', 'b', 'c'].entries()) {
          book.setPnl(name, period * (at + 1) + 20 * Math.sin(period * (at + 2)));
        }
        book.advance(period * 1000);
      }
      return book.deflatedSharpe('c');
    };
    expect(run(1000)!).toBeLessThan(run(10)!);
    expect(run(10)!).toBeLessThan(run()!);
    expect(run()!).toBeLessThan(1);
  });

  test('has no deflated ratio of a single strategy', () => {
    const book = new PerformanceBook(DAY);
    book.advance(0);
    for (let period = 1; period <= 40; period++) {
      book.setPnl('a', period + Math.sin(period));
      book.advance(period * 1000);
    }
    expect(book.get('a')!.total.ratios).toBeDefined();
    expect([book.deflatedSharpe('a'), book.deflatedSharpe('none')]).toEqual([undefined, undefined]);
  });

  test('compares by money when one of a pair has no capital', () => {
    const book = new PerformanceBook({ ...DAY, capital: { a: 100 } });
    book.advance(0);
    for (let period = 1; period <= 5; period++) {
      book.setPnl('a', 3 * period);
      book.setPnl('b', period);
      book.advance(period * 1000);
    }
    expect(book.comparisons[0]![1].mean).toBe(2);
  });

  test('keeps to its limit of strategies, and refuses what is no number', () => {
    const book = new PerformanceBook({ ...DAY, strategyLimit: 1 });
    expect([book.setPnl('a', 1), book.setPnl('b', 1), book.setPnl('a', Number.NaN)]).toEqual([true, false, false]);
    expect([book.pay('a', Infinity), book.setBenchmark(0), book.setBenchmark(-1)]).toEqual([false, false, false]);
  });

  test('a resumed book goes on as one that was never stopped', () => {
    const step = (book: PerformanceBook, period: number): void => {
      book.setBenchmark(100 + Math.sin(period));
      book.setPnl('a', Math.sin(2 * period) * 30 + period);
      book.setPnl('b', Math.cos(period) * 20);
      if (period % 5 === 0) book.pay('a', 50);
      book.advance(period * 1000);
    };
    const options = { ...DAY, window: 10 };
    const lasting = new PerformanceBook(options);
    for (let period = 0; period < 20; period++) step(lasting, period);
    lasting.pay('b', 7);
    const resumed = new PerformanceBook(options);
    resumed.restore(JSON.parse(JSON.stringify(lasting.snapshot())));
    for (let period = 20; period < 45; period++) {
      step(lasting, period);
      step(resumed, period);
    }
    expect(resumed.snapshot()).toEqual(lasting.snapshot());
    expect(saidBy(resumed.get('a')!.rolling!)).toEqual(saidBy(lasting.get('a')!.rolling!));
  });

  test('refuses options and snapshots that do not fit', () => {
    expect(() => new PerformanceBook({ ...DAY, pairs: [['a', 'a']] })).toThrow('compared with itself');
    expect(() => new PerformanceBook({ ...DAY, trials: 1 })).toThrow('trials is 1');
    expect(() => new PerformanceBook({ ...DAY, capital: { a: 0 } })).toThrow('capital is 0');
    const snapshot = new PerformanceBook(DAY).snapshot();
    expect(() => new PerformanceBook({ ...DAY, pairs: [] }).restore(snapshot)).toThrow('1 pairs');
    expect(() => new PerformanceBook(DAY).restore({ ...snapshot, clock: [1] })).toThrow('3 numbers');
  });
});

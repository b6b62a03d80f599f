import { describe, expect, test } from '@jest/globals';
import { Drawdown, NeumaierSum, RateBook, TradeStatistics } from '@nanometer/quant';
import * as fc from 'fast-check';
import { RecentIds } from '../src/ledger/recent-ids.ts';
import { HOSTILE_AMOUNTS } from './events.ts';

describe('compensated sum', () => {
  test('keeps what a plain sum loses', () => {
    const sum = new NeumaierSum();
    for (const value of [1, 1e100, 1, -1e100]) sum.add(value);
    expect(sum.value).toBe(2);
  });

  test('adding values and taking them away again, in any order, leaves what was there', () => {
    const values = fc.array(fc.double({ min: -1e15, max: 1e15, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(values, values, (kept, passing) => {
        const sum = new NeumaierSum();
        for (const value of [...kept, ...passing]) sum.add(value);
        for (const value of passing) sum.add(-value);
        const alone = new NeumaierSum();
        for (const value of kept) alone.add(value);
        const scale = [...kept, ...passing].reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
        expect(Math.abs(sum.value - alone.value)).toBeLessThanOrEqual(1e-13 * Math.abs(alone.value) + 1e-26 * scale);
      }),
    );
  });

  test('starts at zero and can be reset', () => {
    const sum = new NeumaierSum();
    expect(sum.value).toBe(0);
    sum.add(0.1);
    sum.reset(7);
    expect(sum.value).toBe(7);
  });
});

describe('recent ids', () => {
  test('behave like a list of the latest pairs, whatever collides', () => {
    const pair = fc.tuple(fc.nat({ max: 3 }), fc.string({ maxLength: 2 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(pair, { maxLength: 300 }), (limit, pairs) => {
        const ids = new RecentIds(limit);
        const latest: string[] = [];
        for (const [scope, id] of pairs) {
          const key = `${scope}/${id}`;
          const known = latest.includes(key);
          expect(ids.has(scope, id)).toBe(known);
          if (!known) {
            ids.add(scope, id);
            latest.push(key);
          }
          if (latest.length > limit) latest.shift();
          expect(ids.size).toBe(latest.length);
        }
      }),
    );
  });
});

describe('trade statistics', () => {
  test('have no values where there is nothing to say', () => {
    const statistics = new TradeStatistics();
    expect(statistics).toMatchObject({ count: 0, grossProfit: 0, grossLoss: 0 });
    for (const key of [
      'winRate',
      'profitFactor',
      'expectancy',
      'expectancyRatio',
      'payoff',
      'systemQuality',
    ] as const) {
      expect(statistics[key]).toBeUndefined();
    }
    statistics.add(5);
    expect(statistics.profitFactor).toBeUndefined();
    expect(statistics.winRate).toBe(1);
    statistics.add(5);
    expect(statistics.systemQuality).toBeUndefined();
  });

  test('count breakeven apart and keep it out of the win rate', () => {
    const statistics = new TradeStatistics();
    for (const net of [10, -5, 0, 1e-9, -1e-9]) statistics.add(net, 1e-6);
    expect(statistics).toMatchObject({ wins: 1, losses: 1, breakevens: 3, winRate: 0.5, profitFactor: 2, payoff: 2 });
    expect(statistics.expectancy).toBe(1);
  });

  test('ignore results that are not numbers', () => {
    const statistics = new TradeStatistics();
    for (const net of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(statistics.add(net)).toBeUndefined();
    }
    expect(statistics.count).toBe(0);
  });

  test('system quality is sqrt(n) mean / sample deviation', () => {
    const statistics = new TradeStatistics();
    for (const net of [10, -5, 15, -10]) statistics.add(net);
    const deviation = Math.sqrt([7.5, -7.5, 12.5, -12.5].reduce((sum, value) => sum + value * value, 0) / 3);
    expect(statistics.systemQuality).toBeCloseTo((2 * 2.5) / deviation, 12);
  });
});

describe('drawdown', () => {
  test('starts its peak at the initial equity', () => {
    const drawdown = new Drawdown(1000);
    expect(drawdown).toMatchObject({ peak: 1000, money: 0, ratio: 0, max: 0, maxRatio: 0 });
    drawdown.update(900);
    expect(drawdown).toMatchObject({ money: 100, ratio: 0.1, max: 100, maxRatio: 0.1 });
    drawdown.update(1100);
    expect(drawdown).toMatchObject({ peak: 1100, money: 0, ratio: 0, max: 100, maxRatio: 0.1 });
  });

  test('has no ratio until the peak is positive, and one above 1 when equity is negative', () => {
    const drawdown = new Drawdown(0);
    drawdown.update(-5);
    expect(drawdown).toMatchObject({ money: 5, ratio: undefined, maxRatio: undefined, max: 5 });
    drawdown.update(10);
    drawdown.update(-10);
    expect(drawdown).toMatchObject({ money: 20, ratio: 2, maxRatio: 2 });
  });

  test('ignores what is not a finite number', () => {
    const drawdown = new Drawdown(10);
    for (const equity of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(drawdown.update(equity)).toBe(false);
    }
    expect(drawdown).toMatchObject({ peak: 10, equity: 10, max: 0 });
    expect(() => new Drawdown(Number.NaN)).toThrow(/initialEquity is NaN/);
  });

  test('is the largest fall between any two points in time order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 }), (changes) => {
        const curve = [5000];
        for (const change of changes) curve.push((curve.at(-1) as number) + change);
        const drawdown = new Drawdown(5000);
        for (const equity of curve) drawdown.update(equity);
        const falls = curve.flatMap((from, at) => curve.slice(at).map((to) => from - to));
        expect(drawdown.max).toBe(Math.max(...falls));
      }),
    );
  });
});

describe('rates', () => {
  test('the reporting currency is worth one, others what was last said of them', () => {
    const rates = new RateBook('USD');
    expect(rates.rate('USD')).toBe(1);
    expect(rates.rate('BTC')).toBeNaN();
    expect(rates.rateTimeMs('BTC')).toBeUndefined();
    expect(rates.applyRate({ currency: 'BTC', rate: 60_000, timeMs: 5 })).toBe('applied');
    expect(rates.rate('BTC')).toBe(60_000);
    expect(rates.rateTimeMs('BTC')).toBe(5);
    expect(rates.rateTimeMs('USD')).toBeUndefined();
  });

  test('options that cannot be used are errors', () => {
    expect(() => new RateBook('')).toThrow(/reportingCurrency must name/);
    expect(() => new RateBook('USD', { currencyLimit: 0 })).toThrow(/currencyLimit is 0/);
    expect(() => new RateBook('USD', { reorderWindowMs: Number.NaN })).toThrow(/reorderWindowMs is NaN/);
  });

  test('what cannot be a rate is refused and changes nothing', () => {
    const rates = new RateBook('USD', { currencyLimit: 2 });
    rates.applyRate({ currency: 'BTC', rate: 60_000, timeMs: 100_000 });
    for (const rate of HOSTILE_AMOUNTS) {
      expect(rates.applyRate({ currency: 'BTC', rate: rate as number, timeMs: 200_000 })).toBe('invalid_rate');
    }
    expect(rates.applyRate({ currency: '', rate: 1, timeMs: 1 })).toBe('invalid_currency');
    expect(rates.applyRate({ currency: 'BTC', rate: 1, timeMs: Number.NaN })).toBe('invalid_time');
    expect(rates.applyRate({ currency: 'USD', rate: 2, timeMs: 1 })).toBe('invalid_rate');
    expect(rates.applyRate({ currency: 'BTC', rate: 1, timeMs: 99_999 })).toBe('out_of_order');
    expect(rates.applyRate({ currency: 'ETH', rate: 1, timeMs: 1 })).toBe('currency_limit');
    expect(rates.applyRate(undefined as never)).toBe('invalid_event');
    expect(rates.rate('BTC')).toBe(60_000);
  });
});

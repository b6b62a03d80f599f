import { describe, expect, test } from '@jest/globals';
import { StrategyPerformance } from '@nanometer/quant';
import { SDKS } from '@nanometer/testing';
import type { AnalyticsOptions, PerformanceOptions } from '@nanometer/trading';
import { desk, type Desk } from './desk.ts';
import { fill, mark } from './events.ts';

const SECOND: PerformanceOptions = {
  periodMs: 1000,
  periodsPerYear: 365,
  minimumCount: 3,
  window: 4,
  capital: 1000,
  pairs: [['maker', 'taker']],
  benchmark: { exchange: 'venue', symbol: 'BTCUSDT' },
};

const EXPERIMENT = { name: 'm-vs-t', a: 'maker', b: 'taker', effect: 1, burnIn: 2 };

function deskOf(performance: PerformanceOptions = SECOND, Provider = SDKS[0]?.[1]): Desk {
  return desk({ reportingCurrency: 'USDT', analytics: { performance, experiments: [EXPERIMENT] } }, Provider);
}

/** Prices of one market, second by second. */
const PRICES = [100, 103, 101, 106, 104, 110, 107, 108];

/** Maker is long 2, taker short 1 with a fee of 1, both from the first second on. */
function trade({ trading }: Desk, from = 0, to = PRICES.length): void {
  for (let second = from; second < to; second++) {
    if (second === 0) {
      trading.onFill(fill(2, PRICES[0]!, { timeMs: 10 }));
      trading.onFill(fill(-1, PRICES[0]!, { timeMs: 20, strategy: 'taker', fee: 1, liquidity: 'taker' }));
    }
    trading.onMark(mark(PRICES[second]!, second * 1000 + 500));
  }
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('strategies of a desk become figures on a regular clock', async () => {
    const made = deskOf(SECOND, Provider);
    trade(made);
    const own = new StrategyPerformance(SECOND, 1000);
    PRICES.slice(0, -1).forEach((price, second) => {
      // The benchmark has no return before it has two prices at period ends.
      own.close(2 * (price - 100), second === 0 ? Number.NaN : price / PRICES[second - 1]! - 1);
    });
    const series = await made.recording.series('trading.strategy.', 'trading.comparison.');
    const { total, rolling } = own;
    expect(series).toMatchObject({
      'trading.strategy.period.count{since_start,maker}': 7,
      'trading.strategy.period.count{rolling,maker}': 4,
      'trading.strategy.pnl.net{USDT,maker}': 14,
      'trading.strategy.pnl.net{USDT,taker}': -8,
      'trading.strategy.sharpe{since_start,maker}': expect.closeTo(total.ratios!.sharpe!, 9),
      'trading.strategy.sharpe{rolling,maker}': expect.closeTo(rolling!.ratios!.sharpe!, 9),
      'trading.strategy.sharpe.error{since_start,maker}': expect.closeTo(total.sharpeError!, 9),
      'trading.strategy.sharpe.probability{since_start,maker}': expect.closeTo(total.ratios!.probabilisticSharpe()!, 9),
      'trading.strategy.pnl.sharpe{since_start,maker}': expect.closeTo(total.pnlSharpe!, 9),
      'trading.strategy.sortino{since_start,maker}': expect.closeTo(total.ratios!.sortino!, 9),
      'trading.strategy.drawdown.money.max{USDT,since_start,maker}': 6,
      'trading.strategy.drawdown.share.max{since_start,maker}': expect.closeTo(total.maxDrawdown!, 12),
      'trading.strategy.beta{since_start,maker}': expect.closeTo(total.benchmark!.beta!, 9),
      'trading.strategy.information.ratio{since_start,maker}': expect.closeTo(total.benchmark!.informationRatio!, 9),
    });
    // 1.4 per period for two longs less the short's loss: the difference of returns is three times the price's.
    const difference = series['trading.comparison.difference{taker,maker}'] as number;
    expect(difference).toBeCloseTo((14 + 8) / 1000 / 7, 3);
    expect(series['trading.strategy.sharpe.deflated{maker}']).toBeGreaterThan(0);
  });

  test('an experiment says plainly that it is undecided, and by how much its arms differ', async () => {
    const made = deskOf(SECOND, Provider);
    trade(made);
    const series = await made.recording.series('trading.experiment.');
    expect(series).toMatchObject({
      'trading.experiment.state{m-vs-t,undecided}': 1,
      'trading.experiment.state{m-vs-t,a_better}': 0,
      'trading.experiment.state{m-vs-t,b_better}': 0,
      'trading.experiment.batch.count{m-vs-t}': 5,
    });
    // Differences of the periods after the burn-in of two: three times the change of the price.
    const changes = PRICES.slice(2, 7).map((price, at) => 3 * (price - PRICES[at + 1]!));
    const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
    expect(series['trading.experiment.effect{m-vs-t}']).toBeCloseTo(mean, 9);
    expect(series['trading.experiment.effect.low{m-vs-t}']).toBeLessThan(mean);
    expect(series['trading.experiment.effect.high{m-vs-t}']).toBeGreaterThan(mean);
  });

  test('without capital there is a P&L ratio under its own name, and no Sharpe ratio', async () => {
    const { capital: _capital, ...options } = SECOND;
    const made = deskOf(options, Provider);
    trade(made);
    const series = await made.recording.series('trading.strategy.');
    expect(series['trading.strategy.pnl.sharpe{since_start,maker}']).toBeGreaterThan(0);
    const names = Object.keys(series).map((key) => key.slice(0, key.indexOf('{')));
    expect(names).not.toContain('trading.strategy.sharpe');
    expect(names).not.toContain('trading.strategy.volatility');
    expect(names).not.toContain('trading.strategy.drawdown.share');
  });
});

test('below the minimum of periods there is no ratio', async () => {
  const made = deskOf({ ...SECOND, minimumCount: 30 });
  trade(made);
  const series = await made.recording.series('trading.strategy.');
  const names = new Set(Object.keys(series).map((key) => key.slice(0, key.indexOf('{'))));
  expect([...names].sort()).toEqual([
    'trading.strategy.drawdown.longest',
    'trading.strategy.drawdown.money',
    'trading.strategy.drawdown.money.max',
    'trading.strategy.drawdown.share',
    'trading.strategy.drawdown.share.max',
    'trading.strategy.period.count',
    'trading.strategy.pnl.net',
  ]);
});

test('without the option there is nothing to see', async () => {
  const made = desk();
  trade(made);
  expect(await made.recording.series('trading.strategy.', 'trading.experiment.', 'trading.cost.')).toEqual({});
  expect(made.trading.analytics.performance).toBeUndefined();
});

test('quiet periods are closed by closePeriod as by an event', () => {
  const one = deskOf();
  const two = deskOf();
  trade(one, 0, 2);
  trade(two, 0, 2);
  one.trading.closePeriod(60_000);
  for (let time = 2000; time <= 60_000; time += 1000) two.trading.closePeriod(time);
  expect(one.trading.snapshotAnalytics()).toEqual(two.trading.snapshotAnalytics());
  expect(one.trading.analytics.performance!.get('maker')!.count).toBe(60);
});

test('a position without a rate is in no P&L and is counted', async () => {
  const made = desk({ reportingCurrency: 'USD', analytics: { performance: SECOND } });
  // Nothing earned needs no rate: the first period is known to have brought 0.
  trade(made, 0, 3);
  expect(made.trading.analytics.performance!.get('maker')!.total.earned).toBe(0);
  expect(await made.recording.series('trading.event.dropped')).toMatchObject({
    'trading.event.dropped{missing_pnl_rate}': expect.any(Number),
  });
  made.trading.onRate({ currency: 'USDT', rate: 0.5, timeMs: 2600 });
  made.trading.closePeriod(3000);
  expect(made.trading.analytics.performance!.get('maker')!.total.earned).toBe(1);
});

test('P&L of a strategy is the ledger’s net P&L: every fee, funding and borrow is off', async () => {
  const analytics: AnalyticsOptions = { performance: SECOND };
  const made = desk({ reportingCurrency: 'USDT', analytics });
  made.trading.onRate({ currency: 'BNB', rate: 500, timeMs: 1 });
  made.trading.onFill(fill(2, 100, { timeMs: 10, fee: 1 }));
  made.trading.onFill(fill(-1, 110, { timeMs: 20, fee: 0.01, feeCurrency: 'BNB' }));
  const payment = { strategy: 'maker', exchange: 'venue', symbol: 'BTCUSDT', currency: 'USDT', timeMs: 30 };
  made.trading.onFunding({ ...payment, paymentId: 'f1', amount: 2 });
  made.trading.onBorrow({ ...payment, paymentId: 'b1', amount: 0.5 });
  made.trading.onMark(mark(120, 40));
  made.trading.closePeriod(5000);
  const [position] = [...made.trading.ledger.positions()];
  // 10 realized, 20 unrealized, fees of 1 and 5, 2 of funding, 0.5 of borrow.
  expect(position!.netPnl).toBe(21.5);
  expect(await made.recording.series('trading.strategy.pnl.net')).toEqual({
    'trading.strategy.pnl.net{USDT,maker}': 21.5,
  });
});

test('a desk that was resumed goes on with its figures', async () => {
  const lasting = deskOf();
  const resumed = deskOf();
  trade(lasting, 0, 5);
  // The ledger is brought back by its own means; here by its fills.
  resumed.trading.restoreAnalytics(JSON.parse(JSON.stringify(lasting.trading.snapshotAnalytics())));
  resumed.trading.onFill(fill(2, PRICES[0]!, { timeMs: 4500 }));
  resumed.trading.onFill(fill(-1, PRICES[0]!, { timeMs: 4500, strategy: 'taker', fee: 1, liquidity: 'taker' }));
  resumed.trading.onMark(mark(PRICES[4]!, 4500));
  trade(lasting, 5);
  trade(resumed, 5);
  const prefixes = ['trading.strategy.', 'trading.comparison.', 'trading.experiment.'];
  expect(await resumed.recording.series(...prefixes)).toEqual(await lasting.recording.series(...prefixes));
});

test.each([
  [{ performance: { ...SECOND, periodMs: 0 } }, 'periodMs is 0'],
  [{ experiments: [EXPERIMENT] }, 'clock of `performance`'],
  [{ performance: SECOND, experiments: [EXPERIMENT, EXPERIMENT] }, 'names of their own'],
  [{ performance: SECOND, experiments: [{ ...EXPERIMENT, effect: 0 }] }, 'effect is 0'],
])('refuses analytics of %p', (analytics, message) => {
  expect(() => desk({ analytics })).toThrow(message);
});

test.each([null, undefined, 7])('an event that is %p closes no period and throws nothing', (hostile) => {
  const { trading } = deskOf();
  expect(trading.onMark(hostile as never)).toBe('invalid_event');
  expect(trading.onFill(hostile as never)).toBe('invalid_event');
  trading.closePeriod(Number.NaN);
  expect(trading.analytics.performance!.closed).toBe(0);
});

test('a closed desk reports no figures', async () => {
  const made = deskOf();
  trade(made);
  made.trading.close();
  made.trading.close();
  expect(await made.recording.series('trading.strategy.', 'trading.experiment.')).toEqual({});
});

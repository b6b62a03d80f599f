import { describe, expect, test } from '@jest/globals';
import { SDKS } from '@nanometer/testing';
import type { RegimeOptions } from '@nanometer/trading';
import { desk, type Desk } from './desk.ts';
import { fill, mark } from './events.ts';

const OPTIONS: RegimeOptions = {
  periodMs: 1000,
  rule: { window: 100, minimumCount: 5, trendLength: 4 },
  tracker: { confirmations: 2, minimumDwell: 3 },
  models: [
    {
      name: 'hmm',
      exchange: 'venue',
      symbol: 'BTCUSDT',
      regimes: [
        { name: 'calm', mean: 0, variance: 1e-6 },
        { name: 'wild', mean: 0, variance: 1e-2 },
      ],
      transitions: [
        [0.95, 0.05],
        [0.05, 0.95],
      ],
    },
  ],
};

/** Walks the price of the market up and down by `size` for `seconds` bars, and returns the next second. */
function walk({ trading }: Desk, from: number, seconds: number, size: number): number {
  for (let second = from; second < from + seconds; second++) {
    trading.onMark(mark(100 * (1 + (second % 2 === 0 ? size : 0)), second * 1000));
  }
  return from + seconds;
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('results of trades go to the regime at their entry', async () => {
    const made = desk({ analytics: { regimes: OPTIONS } }, Provider);
    const { trading, recording } = made;
    let second = walk(made, 0, 20, 0.0001);
    expect(trading.analytics.regimeOf('venue', 'BTCUSDT', 'hmm')).toBe('calm');
    trading.onFill(fill(1, 100, { timeMs: second * 1000 }));
    second = walk(made, second, 20, 0.2);
    expect(trading.analytics.regimeOf('venue', 'BTCUSDT', 'hmm')).toBe('wild');
    // Closes the long of the calm time and goes short in the wild one.
    trading.onFill(fill(-2, 110, { timeMs: second * 1000 }));
    trading.onFill(fill(1, 115, { timeMs: second * 1000 }));
    const series = await recording.series('trading.regime.pnl', 'trading.regime.trade');
    expect(series).toMatchObject({
      'trading.regime.pnl{USDT,hmm,calm,maker}': 10,
      'trading.regime.pnl{USDT,hmm,wild,maker}': -5,
      'trading.regime.trade.count{hmm,calm,maker,win}': 1,
      'trading.regime.trade.count{hmm,wild,maker,loss}': 1,
    });
    const byRule = Object.entries(series).filter(([key]) => key.startsWith('trading.regime.pnl{USDT,rule,'));
    expect(byRule.reduce((sum, [, value]) => sum + (value as number), 0)).toBe(5);
  });

  test('a market has one regime in force per model, with its probability and age', async () => {
    const made = desk({ analytics: { regimes: OPTIONS } }, Provider);
    walk(made, walk(made, 0, 40, 0.0001), 40, 0.2);
    const series = await made.recording.series('trading.regime.');
    expect(series).toMatchObject({
      'trading.regime.active{venue,hmm,calm,BTCUSDT}': 0,
      'trading.regime.active{venue,hmm,wild,BTCUSDT}': 1,
      'trading.regime.probability{venue,hmm,wild,BTCUSDT}': expect.closeTo(1, 3),
      'trading.regime.transition{venue,hmm,BTCUSDT}': 1,
      'trading.regime.dwell{venue,hmm,BTCUSDT}': expect.any(Number),
    });
    const byRule = Object.entries(series).filter(([key]) => key.startsWith('trading.regime.active{venue,rule,'));
    expect(byRule.length).toBe(9);
    expect(byRule.reduce((sum, [, value]) => sum + (value as number), 0)).toBe(1);
    expect(series['trading.regime.volatility{venue,BTCUSDT}']).toBeGreaterThan(0.01);
    expect(series['trading.regime.change.alarm{venue,bayesian,BTCUSDT}']).toBeGreaterThanOrEqual(1);
  });
});

test('before a regime can be told, entries are of an unknown one', async () => {
  const { trading, recording } = desk({ analytics: { regimes: OPTIONS } });
  trading.onFill(fill(1, 100));
  trading.onFill(fill(-1, 101));
  expect(await recording.series('trading.regime.pnl')).toEqual({ 'trading.regime.pnl{USDT,rule,unknown,maker}': 1 });
});

test('a resumed desk is in the same regimes', async () => {
  const one = desk({ analytics: { regimes: OPTIONS } });
  const two = desk({ analytics: { regimes: OPTIONS } });
  const second = walk(one, 0, 50, 0.001);
  two.trading.restoreAnalytics(JSON.parse(JSON.stringify(one.trading.snapshotAnalytics())));
  for (const made of [one, two]) walk(made, second, 30, 0.1);
  const prefixes = ['trading.regime.active', 'trading.regime.probability', 'trading.regime.change.probability'];
  expect(await two.recording.series(...prefixes)).toEqual(await one.recording.series(...prefixes));
});

test.each([
  [{ ...OPTIONS, periodMs: 0 }, 'periodMs is 0'],
  [{ ...OPTIONS, tracker: { confirmations: 0 } }, 'confirmations is 0'],
  [{ ...OPTIONS, models: [{ ...OPTIONS.models![0]!, name: 'rule' }] }, 'names of their own'],
  [{ ...OPTIONS, models: [{ ...OPTIONS.models![0]!, confidence: 0.4 }] }, 'confidence of 0.4'],
  [{ ...OPTIONS, models: [{ ...OPTIONS.models![0]!, transitions: [[1]] }] }, 'transition probabilities'],
  [{ ...OPTIONS, changePoint: { threshold: 2 } }, 'threshold is 2'],
])('refuses regimes of %p', (regimes, message) => {
  expect(() => desk({ analytics: { regimes } })).toThrow(message);
});

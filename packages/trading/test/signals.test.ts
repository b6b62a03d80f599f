import { describe, expect, test } from '@jest/globals';
import { SDKS } from '@nanometer/testing';
import type { SignalEvent } from '@nanometer/trading';
import { desk } from './desk.ts';
import { fill, mark, order } from './events.ts';

function signal(value: number, timeMs: number, rest: Partial<SignalEvent> = {}): SignalEvent {
  return { strategy: 'maker', exchange: 'venue', symbol: 'BTCUSDT', signal: 'momentum', value, timeMs, ...rest };
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('signals become counts, values, outcomes and latencies', async () => {
    const { trading, recording } = desk({ analytics: { signals: { horizonsMs: [1000], minimumCount: 3 } } }, Provider);
    trading.onMark(mark(100, 0));
    expect(trading.onSignal(signal(0.5, 10))).toBe('applied');
    trading.onOrder(order('1', { timeMs: 12 }));
    trading.onOrder(order('2', { timeMs: 20 }));
    trading.onMark(mark(101, 900));
    trading.onSignal(signal(-0.25, 950, { strength: 0.9 }));
    trading.onMark(mark(99, 1500));
    trading.onSignal(signal(0, 1600));
    trading.onMark(mark(105, 5000));
    trading.onSignal(signal(1, 5001));

    const series = await recording.series('trading.signal.');
    expect(series).toEqual({
      'trading.signal.count{venue,long,momentum,maker,BTCUSDT}': 2,
      'trading.signal.count{venue,short,momentum,maker,BTCUSDT}': 1,
      'trading.signal.count{venue,neutral,momentum,maker,BTCUSDT}': 1,
      'trading.signal.value{venue,momentum,maker,BTCUSDT}': 1,
      'trading.signal.strength{momentum,maker}': [4, expect.closeTo(0.5 + 0.9 + 0 + 1)],
      'trading.signal.turnover{venue,momentum,maker,BTCUSDT}': 0.75 + 0.25 + 1,
      // 100 to 101 after the first, 101 to 99 after the second.
      'trading.signal.outcome.count{1,momentum,hit,maker}': 2,
      'trading.signal.outcome.count{1,momentum,flat,maker}': 1,
      'trading.signal.order.duration{momentum,maker}': [1, expect.closeTo(0.002)],
      'trading.signal.information_coefficient{1,momentum,maker}': expect.any(Number),
      'trading.signal.pending{}': 1,
    });
    expect(trading.dropped).toBe(0);
  });

  test('a signal that foresees the market has a hit rate and a coefficient of 1', async () => {
    const { trading, recording } = desk({ analytics: { signals: { horizonsMs: [500] } } }, Provider);
    let price = 100;
    trading.onMark(mark(price, 0));
    for (let step = 1; step <= 40; step++) {
      const change = Math.sin(step * step) / 50;
      trading.onSignal(signal(change, step * 1000));
      price *= 1 + change;
      trading.onMark(mark(price, step * 1000 + 100));
    }
    trading.onMark(mark(price, 100_000));
    expect(await recording.series('trading.signal.hit', 'trading.signal.information')).toEqual({
      'trading.signal.hit.rate{0.5,momentum,maker}': 1,
      'trading.signal.information_coefficient{0.5,momentum,maker}': expect.closeTo(1, 12),
    });
  });

  test('indicators of a market follow its bars', async () => {
    const analytics = { indicators: { periodMs: 1000, indicators: [['sma', 2], 'macd'] as const } };
    const { trading, recording } = desk({ analytics }, Provider);
    for (const [price, time] of [
      [100, 0],
      [104, 900],
      [106, 1500],
      [1, 2100],
    ] as const)
      trading.onMark(mark(price, time));
    expect(await recording.series('trading.indicator.')).toEqual({
      'trading.indicator.value{venue,sma_2,value,BTCUSDT}': 105,
    });
  });
});

test.each([
  [null, 'invalid_event'],
  [signal(Number.NaN, 1), 'invalid_value'],
  [signal(Infinity, 1), 'invalid_value'],
  [signal(1, 1, { strength: -1 }), 'invalid_value'],
  [signal(1, 1, { strength: Number.NaN }), 'invalid_value'],
  [signal(1, Number.NaN), 'invalid_time'],
  [signal(1, 1, { strategy: '' }), 'invalid_strategy'],
  [signal(1, 1, { exchange: 'x'.repeat(256) }), 'invalid_exchange'],
  [signal(1, 1, { symbol: 5 as never }), 'invalid_symbol'],
  [signal(1, 1, { signal: '' }), 'invalid_signal'],
])('refuses %p as %s', (event, reason) => {
  const { trading } = desk();
  expect(trading.onSignal(event as SignalEvent)).toBe(reason);
  expect(trading.dropped).toBe(1);
});

test('a signal before any price counts, but is scored by nothing', async () => {
  const { trading, recording } = desk();
  expect(trading.onSignal(signal(1, 1))).toBe('applied');
  expect(await recording.series('trading.signal.count', 'trading.event.dropped')).toEqual({
    'trading.signal.count{venue,long,momentum,maker,BTCUSDT}': 1,
    'trading.event.dropped{signal_unscored}': 1,
  });
});

test('signals keep to their limit of series', () => {
  const { trading } = desk({ analytics: { signals: { seriesLimit: 2 } } });
  const results = Array.from({ length: 4 }, (_, at) => trading.onSignal(signal(1, at, { signal: `s${at}` })));
  expect(results).toEqual(['applied', 'applied', 'series_limit', 'series_limit']);
});

test('indicators keep to their limit of markets', () => {
  const analytics = { indicators: { periodMs: 1000, indicators: ['ema'] as const, marketLimit: 1 } };
  const { trading } = desk({ analytics });
  trading.onMark(mark(100, 0));
  trading.onFill(fill(1, 100));
  trading.onMark({ exchange: 'venue', symbol: 'BTCUSD', price: 100, timeMs: 0 });
  expect(trading.dropped).toBe(1);
});

test('a resumed desk scores the signals that were waiting', async () => {
  const analytics = { signals: { horizonsMs: [1000, 5000], minimumCount: 2, window: 50 } };
  const one = desk({ analytics });
  const two = desk({ analytics });
  for (let step = 0; step < 20; step++) {
    one.trading.onMark(mark(100 + Math.sin(step) * 5, step * 700));
    one.trading.onSignal(signal(Math.cos(step), step * 700 + 10));
  }
  two.trading.restoreAnalytics(JSON.parse(JSON.stringify(one.trading.snapshotAnalytics())));
  for (const { trading } of [one, two]) trading.onMark(mark(90, 60_000));
  const prefixes = ['trading.signal.hit', 'trading.signal.information', 'trading.signal.pending'];
  const series = await one.recording.series(...prefixes);
  expect(await two.recording.series(...prefixes)).toEqual(series);
  expect(Object.keys(series).length).toBe(5);
});

test.each([
  [{ signals: { horizonsMs: [0] } }, 'a horizon of 0'],
  [{ signals: { window: 1 } }, 'a window of 1'],
  [{ signals: { pendingLimit: 0 } }, 'limit is 0'],
  [{ indicators: { periodMs: 0, indicators: [] } }, 'periodMs is 0'],
  [{ indicators: { periodMs: 1, indicators: [['ema', -1]] as const } }, 'takes 1 above 0'],
])('refuses analytics of %p', (analytics, message) => {
  expect(() => desk({ analytics: analytics as never })).toThrow(message);
});

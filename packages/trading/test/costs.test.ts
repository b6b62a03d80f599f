import { describe, expect, test } from '@jest/globals';
import { SDKS } from '@nanometer/testing';
import type { BillEvent, CostOptions } from '@nanometer/trading';
import * as fc from 'fast-check';
import { desk, type Desk } from './desk.ts';
import { fill } from './events.ts';

const COSTS: CostOptions = {
  schedules: {
    venue: [
      { volume: 0, maker: 0.001, taker: 0.002 },
      { volume: 1000, maker: 0.0005, taker: 0.001 },
    ],
  },
  makerFillProbability: 0.25,
};

function deskOf(costs: CostOptions = COSTS, Provider = SDKS[0]?.[1]): Desk {
  return desk({ reportingCurrency: 'USDT', analytics: { costs } }, Provider);
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('fills become effective fees, volume and the way to the next tier', async () => {
    const { trading, recording } = deskOf(COSTS, Provider);
    trading.onFill(fill(3, 100, { fee: 0.3, timeMs: 1000 }));
    trading.onFill(fill(-1, 100, { fee: 0.2, liquidity: 'taker', timeMs: 2000 }));
    const series = await recording.series('trading.cost.');
    expect(series).toMatchObject({
      'trading.cost.notional{venue,USDT,maker}': 300,
      'trading.cost.notional{venue,USDT,taker}': 100,
      'trading.cost.fee{venue,USDT,maker}': 0.3,
      'trading.cost.fee{venue,USDT,taker}': 0.2,
      'trading.cost.fee.effective{venue,maker}': expect.closeTo(10, 9),
      'trading.cost.fee.effective{venue,taker}': expect.closeTo(20, 9),
      'trading.cost.maker.ratio{venue}': 0.75,
      'trading.cost.volume{venue,USDT}': 400,
      'trading.cost.tier{venue}': 0,
      'trading.cost.tier.distance{venue,USDT}': 600,
      'trading.cost.tier.saving{venue,USDT}': expect.closeTo(300 * 0.0005 + 100 * 0.001, 12),
      'trading.cost.maker.saving{venue,USDT}': expect.closeTo(100 * 0.001 * 0.25, 12),
    });
  });

  test('net per trade is after fees and infrastructure', async () => {
    const { trading, recording } = deskOf(COSTS, Provider);
    trading.onFill(fill(1, 100, { fee: 1 }));
    trading.onFill(fill(-1, 110, { fee: 1 }));
    trading.onFill(fill(1, 100, { fee: 1 }));
    trading.onFill(fill(-1, 98, { fee: 1 }));
    trading.onBill({ amount: 6, usage: { maker: 1, idle: 2 } });
    expect(await recording.series('trading.cost.trade', 'trading.cost.million')).toMatchObject({
      'trading.cost.trade.net{USDT,maker}': (8 - 4 - 2) / 2,
      'trading.cost.trade.cost{USDT,maker}': (4 + 2) / 2,
      'trading.cost.million{USDT,maker}': expect.closeTo((6 / 408) * 1e6, 6),
    });
  });
});

test('at the top tier there is no way to a next one', async () => {
  const { trading, recording } = deskOf();
  trading.onFill(fill(10, 100));
  expect(await recording.series('trading.cost.tier')).toEqual({ 'trading.cost.tier{venue}': 1 });
});

test('shares of all bills and the rest add up to the bills', async () => {
  const amount = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => cents / 100);
  const usage = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: -5, max: 1000 }));
  const bill: fc.Arbitrary<BillEvent> = fc.record({
    amount,
    usage,
    capacity: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(bill, { minLength: 1, maxLength: 20 }), async (bills) => {
      const { trading, recording } = deskOf();
      for (const each of bills) expect(trading.onBill(each)).toBe('applied');
      const series = await recording.series('trading.cost.infrastructure');
      const total = Object.values(series).reduce<number>((sum, value) => sum + (value as number), 0);
      const billed = bills.reduce((sum, each) => sum + each.amount, 0);
      expect(Math.abs(total - billed)).toBeLessThanOrEqual(1e-11 * Math.max(1, billed));
    }),
    { numRuns: 25 },
  );
});

test('a fill without a rate is in no cost and is counted', async () => {
  const { trading, recording } = desk({ reportingCurrency: 'USD', analytics: { costs: {} } });
  trading.onFill(fill(1, 100, { fee: 1 }));
  const series = await recording.series('trading.cost.', 'trading.event.dropped');
  expect(series).toEqual({ 'trading.event.dropped{missing_cost_rate}': 1 });
});

test.each([
  [null, 'invalid_event'],
  [{ amount: -1, usage: {} }, 'invalid_amount'],
  [{ amount: Number.NaN, usage: {} }, 'invalid_amount'],
  [{ amount: 1, usage: null }, 'invalid_event'],
  [{ amount: 1, usage: { '': 1 } }, 'invalid_strategy'],
])('refuses a bill of %p as %s', (event, reason) => {
  const { trading } = deskOf();
  expect(trading.onBill(event as BillEvent)).toBe(reason);
  expect(trading.dropped).toBe(1);
});

test('bills keep to the limit of strategies, and need the option', () => {
  expect(deskOf({ limit: 1 }).trading.onBill({ amount: 1, usage: { a: 1, b: 1 } })).toBe('strategy_limit');
  expect(desk().trading.onBill({ amount: 1, usage: {} })).toBe('costs_disabled');
});

test('a resumed desk knows its volume, tier and costs', async () => {
  const one = deskOf();
  const two = deskOf();
  one.trading.onFill(fill(3, 100, { fee: 0.3 }));
  one.trading.onFill(fill(-3, 101, { fee: 0.3, liquidity: 'taker' }));
  one.trading.onBill({ amount: 5, usage: { maker: 1 } });
  two.trading.restoreAnalytics(JSON.parse(JSON.stringify(one.trading.snapshotAnalytics())));
  const gauges = [
    'trading.cost.tier',
    'trading.cost.volume',
    'trading.cost.fee.e',
    'trading.cost.trade',
    'trading.cost.maker',
  ];
  expect(await two.recording.series(...gauges)).toEqual(await one.recording.series(...gauges));
});

test.each([
  [{ schedules: { venue: [] } }, 'at least one tier'],
  [{ makerFillProbability: 2 }, 'makerFillProbability is 2'],
  [{ schedules: { venue: [{ volume: 0, maker: 0, taker: 0 }] }, volumeDays: 0 }, '0 days'],
])('refuses costs of %p', (costs, message) => {
  expect(() => deskOf(costs)).toThrow(message);
});

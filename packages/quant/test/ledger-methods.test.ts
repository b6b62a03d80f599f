import { describe, expect, test } from '@jest/globals';
import { type Fill, type Position, PositionLedger, type PositionLedgerOptions } from '@nanometer/quant';
import * as fc from 'fast-check';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';

const KEY = { strategy: 'maker', exchange: LINEAR.exchange, symbol: LINEAR.symbol };
const INVERSE_KEY = { strategy: 'maker', exchange: INVERSE.exchange, symbol: INVERSE.symbol };

function ledgerOf(options: PositionLedgerOptions, ...fills: readonly Fill[]): PositionLedger {
  const ledger = new PositionLedger({ fillIdLimit: 1000, ...options });
  ledger.defineContract(LINEAR);
  ledger.defineContract(INVERSE);
  for (const one of fills) expect(ledger.applyFill(one)).toBe('applied');
  return ledger;
}

function only(ledger: PositionLedger): Position {
  const position = ledger.positionAt(0);
  if (position === undefined) throw new Error('no position');
  return position;
}

describe('the cost method', () => {
  const buys = (): Fill[] => [fill(1, 100), fill(1, 110), fill(1, 120), fill(-1.5, 130)];

  test.each([
    ['average', 30, 110],
    ['fifo', 30 + 10, 350 / 3],
    ['lifo', 10 + 10, 310 / 3],
  ] as const)('%s: half of three lots realizes %d and leaves %d', (costMethod, realized, average) => {
    const position = only(ledgerOf({ costMethod }, ...buys()));
    expect(position.realizedPnl).toBeCloseTo(realized, 12);
    expect(position.averagePrice).toBeCloseTo(average, 12);
  });

  test('fifo leaves the newest lots open, lifo the oldest', () => {
    const lots = (costMethod: 'fifo' | 'lifo'): unknown =>
      only(ledgerOf({ costMethod }, ...buys()))
        .lots()
        .map(({ quantity, price }) => [quantity, price]);
    expect(lots('fifo')).toEqual([
      [0.5, 110],
      [1, 120],
    ]);
    expect(lots('lifo')).toEqual([
      [1, 100],
      [0.5, 110],
    ]);
    expect(only(ledgerOf({}, ...buys())).lots()).toEqual([]);
  });

  test('makes no difference once the position is flat', () => {
    const realized = (['average', 'fifo', 'lifo'] as const).map(
      (costMethod) => only(ledgerOf({ costMethod }, ...buys(), fill(-1.5, 90))).realizedPnl,
    );
    expect(realized[1]).toBeCloseTo(realized[0] ?? Number.NaN, 12);
    expect(realized[2]).toBeCloseTo(realized[0] ?? Number.NaN, 12);
  });

  test.each(['fifo', 'lifo'] as const)('%s of an inverse contract realizes each lot in coin', (costMethod) => {
    const ledger = ledgerOf({ costMethod }, inverseFill(10, 20_000), inverseFill(10, 25_000), inverseFill(-10, 40_000));
    const entry = costMethod === 'fifo' ? 20_000 : 25_000;
    expect(only(ledger).realizedPnl).toBeCloseTo(1000 * (1 / entry - 1 / 40_000), 15);
    expect(only(ledger).averagePrice).toBe(costMethod === 'fifo' ? 25_000 : 20_000);
  });

  test('a flip takes all lots and opens one of the rest', () => {
    const ledger = ledgerOf({ costMethod: 'fifo' }, fill(1, 100), fill(2, 101), fill(-5, 102, { timeMs: 7 }));
    expect(only(ledger).realizedPnl).toBe(4);
    expect(only(ledger).lots()).toEqual([{ quantity: 2, price: 102, timeMs: 7 }]);
  });

  test.each(['fifo', 'lifo'] as const)(
    '%s: lots beyond the limit are merged, counted, and lose no money',
    (costMethod) => {
      const amount = fc.record({
        lots: fc.integer({ min: -3, max: 4 }),
        cents: fc.integer({ min: 9000, max: 11_000 }),
      });
      fc.assert(
        fc.property(fc.array(amount, { maxLength: 60 }), (day) => {
          const bounded = ledgerOf({ costMethod, lotLimit: 3 });
          const free = ledgerOf({ costMethod });
          let changed = false;
          for (const { lots, cents } of day) {
            if (lots === 0) continue;
            const one = fill(lots, cents / 100);
            bounded.applyFill(one);
            free.applyFill(one);
            const here = bounded.positionAt(0) as Position;
            const there = free.positionAt(0) as Position;
            expect(here.quantity).toBeCloseTo(there.quantity, 9);
            changed ||= there.lots().length > 2;
            if (here.quantity === 0) expect(here.realizedPnl).toBeCloseTo(there.realizedPnl, 8);
            expect(bounded.cashIdentityError()).toBeLessThan(1e-13);
          }
          // Settled and live lots share the limit, so some merging starts below it.
          if (bounded.mergedLots > 0) expect(changed).toBe(true);
          expect(free.mergedLots).toBe(0);
        }),
      );
      const ledger = ledgerOf({ costMethod, lotLimit: 2 }, fill(1, 100), fill(1, 102), fill(1, 104));
      expect(ledger.mergedLots).toBe(1);
      expect(only(ledger).lots()).toMatchObject(
        costMethod === 'fifo'
          ? [{ price: 100 }, { price: 103, quantity: 2 }]
          : [{ price: 101, quantity: 2 }, { price: 104 }],
      );
    },
  );

  test.each([
    [{ costMethod: 'hifo' }, /costMethod is "hifo"; it must be one of average, fifo, lifo/],
    [{ tradeGrouping: 'daily' }, /tradeGrouping is "daily"/],
    [{ lotLimit: 0 }, /lotLimit is 0/],
    [{ markAgeLimitMs: -1 }, /markAgeLimitMs is -1/],
    [{ markAgeLimitMs: Number.NaN }, /markAgeLimitMs is NaN/],
  ])('an option that is none is an error: %p', (options, message) => {
    expect(() => new PositionLedger(options as PositionLedgerOptions)).toThrow(message);
  });
});

describe('trades', () => {
  const day = (): Fill[] => [
    fill(2, 100, { fee: 0.4, timeMs: 1000 }),
    fill(2, 102, { fee: 0.8, timeMs: 2000 }),
    fill(-3, 104, { fee: 0.3, timeMs: 4000 }),
    fill(-1, 99, { fee: 0.1, timeMs: 9000 }),
  ];
  const tradesOf = (tradeGrouping: NonNullable<PositionLedgerOptions['tradeGrouping']>): [number, number][] => {
    const ledger = ledgerOf({ tradeGrouping });
    return day().flatMap((one) => {
      ledger.applyFill(one);
      const { closedTrades } = ledger.effect;
      return Array.from({ length: closedTrades.count }, (_, at): [number, number] => [
        Math.round(closedTrades.netPnl(at) * 1e6) / 1e6,
        closedTrades.durationMs(at),
      ]);
    });
  };

  test('flat to flat: one, from the first fill to the last', () => {
    expect(tradesOf('flat-to-flat')).toEqual([[9 - 2 - 1.6, 8000]]);
  });

  test('flat to reduced: one per reducing fill, with its share of the costs so far', () => {
    expect(tradesOf('flat-to-reduced')).toEqual([
      [9 - 0.9 - 0.3, 3000],
      [-2 - 0.3 - 0.1, 8000],
    ]);
  });

  test('fill to fill: one per lot that is matched', () => {
    expect(tradesOf('fill-to-fill')).toEqual([
      [7.4, 3000],
      [1.5, 2000],
      [-3.5, 7000],
    ]);
  });

  test('excursions are the extremes of unrealized P&L at marks and fills while the trade was open', () => {
    const ledger = ledgerOf({}, fill(2, 100));
    const mark = (price: number, timeMs: number): void => void ledger.applyMark({ ...KEY, price, timeMs });
    mark(97, 1);
    mark(108, 2);
    ledger.applyFill(fill(-1, 110));
    mark(80, 3);
    expect(only(ledger)).toMatchObject({ adverseExcursion: 20, favorableExcursion: 20 });
    ledger.applyFill(fill(-1, 95));
    expect(ledger.effect.closedTrades.adverseExcursion(0)).toBe(20);
    expect(ledger.effect.closedTrades.favorableExcursion(0)).toBe(20);
    expect(ledger.effect.closedTrades.entryCost(0)).toBe(200);
    expect(only(ledger).adverseExcursion).toBeUndefined();
    ledger.applyFill(fill(1, 100));
    expect(only(ledger)).toMatchObject({ adverseExcursion: 0, favorableExcursion: 0 });
  });

  test('excursions equal a walk over all prices', () => {
    const price = fc.integer({ min: 5000, max: 15_000 }).map((cents) => cents / 100);
    const size = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(size, price), { maxLength: 40 }), fc.boolean(), (day, inverse) => {
        const ledger = ledgerOf({});
        const key = inverse ? INVERSE_KEY : KEY;
        let seen: number[] = [];
        for (const [at, [lots, cents]] of day.entries()) {
          const position = ledger.positionAt(0);
          const open = position !== undefined && position.quantity !== 0;
          const sign = Math.sign(position?.quantity ?? 0);
          if (open) seen.push(position.unrealizedPnlAt(cents));
          if (lots === 0) ledger.applyMark({ ...key, price: cents, timeMs: at });
          else ledger.applyFill((inverse ? inverseFill : fill)(lots, cents));
          const after = ledger.positionAt(0);
          const { closedTrades } = ledger.effect;
          if (lots !== 0 && closedTrades.count === 1) {
            expect(closedTrades.adverseExcursion(0)).toBeCloseTo(-Math.min(0, ...seen), 9);
            expect(closedTrades.favorableExcursion(0)).toBeCloseTo(Math.max(0, ...seen), 9);
          }
          if (Math.sign(after?.quantity ?? 0) !== sign) seen = [];
          if (after !== undefined && after.quantity !== 0) {
            expect(after.adverseExcursion).toBeCloseTo(-Math.min(0, ...seen), 9);
          }
        }
      }),
    );
  });

  test('holding time weighted by cost: what was held longer and was dearer counts more', () => {
    const ledger = ledgerOf({}, fill(1, 100, { timeMs: 0 }), fill(3, 100, { timeMs: 6000 }));
    ledger.applyFill(fill(-2, 100, { timeMs: 8000 }));
    ledger.applyFill(fill(-2, 120, { timeMs: 10_000 }));
    const { heldCostSeconds, closedCost } = only(ledger);
    expect(closedCost).toBe(400);
    expect(heldCostSeconds / closedCost).toBeCloseTo((100 * 6 + 400 * 2 + 200 * 2) / 400, 12);
  });

  test('statistics of several positions are those of all their trades', () => {
    const net = fc.integer({ min: -1000, max: 1000 }).map((cents) => cents / 100);
    fc.assert(
      fc.property(fc.array(fc.tuple(net, fc.constantFrom('a', 'b', 'c')), { maxLength: 40 }), (results) => {
        const ledger = ledgerOf({});
        const whole = ledgerOf({});
        for (const [result, strategy] of results) {
          for (const [target, name] of [
            [ledger, strategy],
            [whole, 'all'],
          ] as const) {
            target.applyFill(fill(1, 100, { strategy: name }));
            target.applyFill(fill(-1, 100 + result, { strategy: name }));
          }
        }
        const merged = ledger.tradeStatistics(() => true);
        const plain = whole.tradeStatistics(() => true);
        for (const key of ['count', 'wins', 'losses', 'breakevens'] as const) expect(merged[key]).toBe(plain[key]);
        for (const key of ['profitFactor', 'expectancy', 'payoff', 'systemQuality', 'winRate'] as const) {
          if (plain[key] === undefined) expect(merged[key]).toBeUndefined();
          else expect(merged[key]).toBeCloseTo(plain[key], 9);
        }
      }),
    );
  });
});

test('how fills are split over strategies changes neither the totals nor the cash of a currency', () => {
  const one = fc.record({
    lots: fc.integer({ min: -4, max: 4 }).filter((lots) => lots !== 0),
    cents: fc.integer({ min: 5000, max: 15_000 }),
    fee: fc.integer({ min: -10, max: 50 }).map((mills) => mills / 1000),
    strategy: fc.constantFrom('a', 'b', 'c'),
    inverse: fc.boolean(),
  });
  const method = fc.constantFrom('average', 'fifo', 'lifo');
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 60 }), method, (day, costMethod) => {
      const split = ledgerOf({ costMethod });
      const whole = ledgerOf({ costMethod });
      let turnover = 1;
      for (const { lots, cents, fee, strategy, inverse } of day) {
        const make = inverse ? inverseFill : fill;
        split.applyFill(make(lots, cents / 100, { fee, strategy }));
        whole.applyFill(make(lots, cents / 100, { fee, strategy: 'all' }));
        turnover += Math.abs(lots) * cents;
      }
      for (const ledger of [split, whole]) {
        ledger.applyMark({ ...KEY, price: 77, timeMs: 1 });
        ledger.applyMark({ ...INVERSE_KEY, price: 77, timeMs: 1 });
        expect(ledger.cashIdentityError()).toBeLessThan(1e-11);
      }
      for (const [currency, totals] of whole.totals()) {
        const other = split.totals().get(currency);
        for (const key of ['netPnl', 'cash', 'fees', 'feeCost'] as const) {
          expect(Math.abs((other?.[key] ?? Number.NaN) - totals[key])).toBeLessThan(1e-11 * turnover);
        }
      }
      const quantity = split.positions().reduce((sum, position) => sum + position.quantity, 0);
      const expected = whole.positions().reduce((sum, position) => sum + position.quantity, 0);
      expect(quantity).toBeCloseTo(expected, 9);
    }),
  );
});

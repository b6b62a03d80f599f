import { describe, expect, test } from '@jest/globals';
import { type Fill, PositionLedger, unitValue } from '@nanometer/quant';
import * as fc from 'fast-check';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';
import { stateOf } from './ledger-state.ts';
import { recompute } from './recompute.ts';

const price = fc.integer({ min: 1, max: 10_000_000 }).map((cents) => cents / 100);
const size = fc.integer({ min: 1, max: 1_000_000 }).map((thousandths) => thousandths / 1000);
const signedSize = fc.tuple(size, fc.boolean()).map(([quantity, buys]) => (buys ? quantity : -quantity));
const fee = fc.integer({ min: -1000, max: 5000 }).map((tenths) => tenths / 10_000);
const strategy = fc.constantFrom('a', 'b');

const anyFill: fc.Arbitrary<Fill> = fc
  .record({ quantity: signedSize, price, fee, strategy, inverse: fc.boolean(), inBase: fc.boolean() })
  .map(({ quantity, price, fee, strategy, inverse, inBase }) => {
    if (inverse) return inverseFill(quantity, price, { fee, strategy });
    // A fee in kind stays small beside the quantity it is taken from.
    const feeInKind = { fee: fee * Math.abs(quantity), feeCurrency: 'BTC' };
    return fill(quantity, price, { strategy, ...(inBase ? feeInKind : { fee }) });
  });
const fills = fc.array(anyFill, { minLength: 1, maxLength: 60 });

function traded(events: readonly Fill[]): PositionLedger {
  const ledger = new PositionLedger({ fillIdLimit: 1000 });
  ledger.defineContract(LINEAR);
  ledger.defineContract(INVERSE);
  for (const event of events) expect(ledger.applyFill(event)).toBe('applied');
  return ledger;
}

function marked(ledger: PositionLedger, linear: number, inverse: number): PositionLedger {
  ledger.applyMark({ exchange: LINEAR.exchange, symbol: LINEAR.symbol, price: linear, timeMs: 0 });
  ledger.applyMark({ exchange: INVERSE.exchange, symbol: INVERSE.symbol, price: inverse, timeMs: 0 });
  return ledger;
}

function turnoverOf(events: readonly Fill[], currency: string): number {
  return events.reduce((sum, { symbol, quantity, price, fee }) => {
    const contract = symbol === LINEAR.symbol ? LINEAR : INVERSE;
    return contract.currency === currency ? sum + Math.abs(quantity * unitValue(contract, price)) + Math.abs(fee) : sum;
  }, 1e-9);
}

describe('for any sequence of fills', () => {
  test('cash flow + value of the open positions = realized + unrealized - fees, in every currency', () => {
    fc.assert(
      fc.property(fills, price, price, (events, linear, inverse) => {
        const ledger = marked(traded(events), linear, inverse);
        for (const totals of ledger.totals().values()) {
          let value = 0;
          for (const { contract, quantity, markPrice } of ledger.positions()) {
            if (contract.currency === totals.currency) value += quantity * unitValue(contract, markPrice ?? 0);
          }
          const scale = turnoverOf(events, totals.currency) + Math.abs(value);
          expect(Math.abs(totals.cash + value - totals.netPnl)).toBeLessThanOrEqual(1e-11 * scale);
        }
        expect(ledger.cashIdentityError()).toBeLessThan(1e-11);
      }),
    );
  });

  test('the stream agrees with a recomputation after every prefix', () => {
    fc.assert(
      fc.property(fills, (events) => {
        const ledger = traded([]);
        const byPosition = new Map<number, Fill[]>();
        for (const event of events) {
          ledger.applyFill(event);
          const position = ledger.effect.position;
          if (position === undefined) throw new Error('a fill without a position');
          const own = byPosition.get(position.handle) ?? [];
          byPosition.set(position.handle, own);
          own.push(event);
          const plain = recompute(own, position.contract.kind === 'inverse');
          const scale = turnoverOf(own, position.contract.currency);
          expect(Math.abs(position.quantity - plain.quantity)).toBeLessThan(1e-9);
          expect(Math.abs(position.realizedPnl - plain.realized)).toBeLessThanOrEqual(1e-10 * scale);
          if (Math.abs(plain.quantity) > 1e-6) {
            expect(Math.abs((position.averagePrice ?? 0) / plain.average - 1)).toBeLessThan(1e-9);
          }
        }
      }),
    );
  });

  test('quantity, cash, fees and net P&L do not depend on the order of the fills', () => {
    const shuffled = fills.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(shuffled, price, price, ([events, other], linear, inverse) => {
        const one = marked(traded(events), linear, inverse);
        const two = marked(traded(other), linear, inverse);
        for (const { account, strategy, exchange, symbol, quantity } of one.positions()) {
          const twin = two.position({ account, strategy, exchange, symbol });
          expect(Math.abs((twin?.quantity ?? Number.NaN) - quantity)).toBeLessThan(1e-9);
        }
        for (const totals of one.totals().values()) {
          const twin = two.totals().get(totals.currency);
          // An open position of rounding size would be worth this much at the most.
          const scale = turnoverOf(events, totals.currency) + events.length * Math.max(linear, 1 / inverse);
          for (const key of ['cash', 'fees', 'feeCost', 'netPnl'] as const) {
            expect(Math.abs((twin?.[key] ?? Number.NaN) - totals[key])).toBeLessThanOrEqual(1e-11 * scale);
          }
        }
      }),
    );
  });

  test('a fill split in two at the same price makes no difference', () => {
    const split = fc.integer({ min: 0, max: 59 });
    fc.assert(
      fc.property(fills, split, (events, at) => {
        const whole = events[at % events.length] as Fill;
        const half = { ...whole, quantity: whole.quantity / 2, fee: whole.fee / 2 };
        const parts = [half, { ...half, fillId: `${whole.fillId}-2` }];
        const one = traded(events);
        const two = traded(events.flatMap((event) => (event === whole ? parts : [event])));
        one.positions().forEach((position, handle) => {
          const twin = two.positionAt(handle);
          const scale = turnoverOf(events, position.contract.currency);
          expect(Math.abs((twin?.quantity ?? Number.NaN) - position.quantity)).toBeLessThan(1e-9);
          expect(Math.abs((twin?.realizedPnl ?? Number.NaN) - position.realizedPnl)).toBeLessThanOrEqual(1e-11 * scale);
          expect(twin?.trades.count).toBe(position.trades.count);
        });
      }),
    );
  });

  test('fills that arrive again, at any later place, change nothing', () => {
    fc.assert(
      fc.property(fills, fc.array(fc.nat(), { maxLength: 20 }), (events, repeats) => {
        const ledger = traded(events);
        const state = stateOf(ledger);
        for (const at of repeats) expect(ledger.applyFill(events[at % events.length] as Fill)).toBe('duplicate');
        expect(stateOf(ledger)).toEqual(state);
      }),
    );
  });

  test('closing everything leaves nothing unrealized, and cash is the net P&L', () => {
    fc.assert(
      fc.property(fills, price, (events, last) => {
        const ledger = traded(events);
        const closing = ledger
          .positions()
          .filter(({ quantity }) => quantity !== 0)
          .map(({ quantity, strategy, exchange, symbol }) => fill(-quantity, last, { strategy, exchange, symbol }));
        for (const event of closing) ledger.applyFill(event);
        for (const { quantity } of ledger.positions()) expect(quantity).toBe(0);
        for (const totals of marked(ledger, 1, 1).totals().values()) {
          expect(totals.unrealizedPnl).toBe(0);
          const scale = turnoverOf([...events, ...closing], totals.currency);
          expect(Math.abs(totals.cash - totals.netPnl)).toBeLessThanOrEqual(1e-11 * scale);
        }
      }),
    );
  });
});

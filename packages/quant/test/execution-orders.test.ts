import { describe, expect, test } from '@jest/globals';
import {
  type Contract,
  type Direction,
  implementationShortfall,
  ShortfallAccount,
  TradedVolume,
  unitValue,
  VOLUME_MARK_CELLS,
} from '@nanometer/quant';
import * as fc from 'fast-check';
import { INVERSE, LINEAR } from './events.ts';

const amount = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });

function close(actual: number | undefined, expected: number, scale = 1, tolerance = 1e-9): void {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    tolerance * Math.max(scale, Math.abs(expected)),
  );
}

describe('implementation shortfall in a stream', () => {
  const order = fc.record({
    direction: fc.constantFrom<Direction>(1, -1),
    fills: fc.array(fc.record({ quantity: amount, price: amount, fee: number }), { maxLength: 12 }),
    unfilled: fc.oneof(fc.constant(0), amount),
    decision: amount,
    arrival: amount,
    end: amount,
  });

  function filled(
    contract: Contract,
    fills: readonly { quantity: number; price: number; fee: number }[],
  ): ShortfallAccount {
    const account = new ShortfallAccount();
    for (const { quantity, price, fee } of fills) account.filledAt(contract, quantity, price, fee);
    return account;
  }

  test('delay, trading, opportunity and fees add up to the total, linear and inverse', () => {
    fc.assert(
      fc.property(order, fc.boolean(), ({ direction, fills, unfilled, decision, arrival, end }, isInverse) => {
        const contract = isInverse ? INVERSE : LINEAR;
        const quantity = fills.reduce((sum, fill) => sum + fill.quantity, unfilled);
        if (quantity === 0) return;
        const account = filled(contract, fills);
        const parts = account.shortfall(contract, direction, quantity, decision, arrival, end)!;
        const values = [decision, arrival, end, ...fills.map(({ price }) => price)].map((price) =>
          Math.abs(unitValue(contract, price)),
        );
        const scale = quantity * Math.max(...values) + 1e4;
        close(parts.total, parts.delay + parts.trading + parts.opportunity + parts.fees, scale, 1e-12);
      }),
    );
  });

  test('equals the formula over the list of fills', () => {
    fc.assert(
      fc.property(order, ({ direction, fills, unfilled, decision, arrival, end }) => {
        const quantity = fills.reduce((sum, fill) => sum + fill.quantity, unfilled);
        if (quantity === 0) return;
        const fees = fills.reduce((sum, { fee }) => sum + fee, 0);
        const plain = implementationShortfall({
          direction,
          quantity,
          fills,
          decisionPrice: decision,
          arrivalPrice: arrival,
          endPrice: end,
          fees,
        })!;
        const parts = filled(LINEAR, fills).shortfall(LINEAR, direction, quantity, decision, arrival, end)!;
        const scale = quantity * 1e6 + 1e4;
        for (const key of ['total', 'delay', 'trading', 'opportunity', 'fees'] as const) {
          close(parts[key], plain[key], scale, 1e-12);
        }
      }),
    );
  });

  test.each([0, -1, Number.NaN, Infinity])('says nothing with a price of %p', (price) => {
    const account = filled(LINEAR, [{ quantity: 1, price: 10, fee: 0 }]);
    expect(account.shortfall(LINEAR, 1, 2, price, 10, 10)).toBeUndefined();
    expect(account.shortfall(LINEAR, 1, 2, 10, price, 10)).toBeUndefined();
    expect(account.shortfall(LINEAR, 1, 2, 10, 10, price)).toBeUndefined();
    expect(account.shortfall(LINEAR, 1, Number.NaN, 10, 10, 10)).toBeUndefined();
    account.reset();
    expect(account.shortfall(LINEAR, 1, 2, 10, 10, 13)).toEqual({
      total: 6,
      delay: 0,
      trading: 0,
      opportunity: 6,
      fees: 0,
    });
  });
});

describe('interval VWAP', () => {
  test('is notional over volume of the trades since a mark', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount), { maxLength: 40 }), fc.nat({ max: 40 }), (trades, markAt) => {
        const volume = new TradedVolume();
        const mark = new Float64Array(VOLUME_MARK_CELLS);
        trades.forEach(([price, quantity], at) => {
          if (at === markAt) volume.mark(mark, 0);
          expect(volume.add(price, quantity)).toBe(true);
        });
        const since = markAt < trades.length ? trades.slice(markAt) : trades;
        const quantity = since.reduce((sum, trade) => sum + trade[1], 0);
        const vwap = volume.vwapSince(mark, 0);
        if (since.length === 0) expect(vwap).toBeUndefined();
        else close(vwap, since.reduce((sum, trade) => sum + trade[0] * trade[1], 0) / quantity, 1, 1e-9);
      }),
    );
  });

  test('keeps the digits of one small trade after a long day, and refuses what is no trade', () => {
    const volume = new TradedVolume();
    for (let at = 0; at < 1000; at++) volume.add(60_000 + at / 7, 12_345.678);
    const mark = new Float64Array(VOLUME_MARK_CELLS);
    volume.mark(mark, 0);
    expect(volume.vwapSince(mark, 0)).toBeUndefined();
    volume.add(61_234.5, 0.001);
    expect(Math.abs(volume.vwapSince(mark, 0)! / 61_234.5 - 1)).toBeLessThan(1e-12);
    for (const hostile of [Number.NaN, 0, -0, -1, Infinity]) {
      expect([volume.add(hostile, 1), volume.add(1, hostile)]).toEqual([false, false]);
    }
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  type Fill,
  type Mark,
  type Payment,
  type Position,
  PositionLedger,
  type PositionLedgerOptions,
  RateBook,
  type Touch,
} from '@nanometer/quant';
import { fill, HOSTILE_AMOUNTS, LINEAR } from './events.ts';
import { stateOf } from './ledger-state.ts';

const KEY = { strategy: 'maker', exchange: LINEAR.exchange, symbol: LINEAR.symbol };

function ledgerOf(options: PositionLedgerOptions, ...fills: readonly Fill[]): PositionLedger {
  const ledger = new PositionLedger({ fillIdLimit: 1000, ...options });
  ledger.defineContract(LINEAR);
  for (const one of fills) expect(ledger.applyFill(one)).toBe('applied');
  return ledger;
}

function only(ledger: PositionLedger): Position {
  const position = ledger.positionAt(0);
  if (position === undefined) throw new Error('no position');
  return position;
}

describe('funding and borrow', () => {
  let next = 0;
  const payment = (amount: number, rest: Partial<Payment> = {}): Payment => ({
    paymentId: `payment-${next++}`,
    ...KEY,
    amount,
    timeMs: 1,
    ...rest,
  });

  test('are costs of their own: of the position, of the currency, of the open trade, and once per id', () => {
    const ledger = ledgerOf({}, fill(1, 100, { fee: 0.5 }));
    const paid = payment(2);
    expect(ledger.applyFunding(paid)).toBe('applied');
    expect(ledger.applyFunding(paid)).toBe('duplicate');
    expect(ledger.applyFunding(payment(-0.75))).toBe('applied');
    expect(ledger.applyBorrow(payment(0.25))).toBe('applied');
    ledger.applyMark({ ...KEY, price: 110, timeMs: 1 });
    expect(only(ledger)).toMatchObject({ funding: 1.25, borrow: 0.25, fees: 0.5, realizedPnl: 0, netPnl: 8 });
    expect(ledger.totals().get('USDT')).toMatchObject({ funding: 1.25, borrow: 0.25, netPnl: 8, cash: -102 });
    ledger.applyFill(fill(-1, 110));
    expect(ledger.effect.tradeNetPnl).toBe(8);
    expect(only(ledger).netPnl).toBe(8);
  });

  test('on a flat position belong to the position and to no trade', () => {
    const ledger = ledgerOf({}, fill(1, 100), fill(-1, 101));
    ledger.applyFunding(payment(3));
    ledger.applyFill(fill(1, 100));
    ledger.applyFill(fill(-1, 101));
    expect(ledger.effect.tradeNetPnl).toBe(1);
    expect(only(ledger).netPnl).toBe(-1);
  });

  test('interest in the base asset of a spot contract is taken out of the position at the mark', () => {
    const ledger = ledgerOf({}, fill(-2, 100));
    expect(ledger.applyBorrow(payment(0.01, { currency: 'BTC' }))).toBe('applied');
    expect(only(ledger)).toMatchObject({ quantity: -2.01, borrow: 1, fillCount: 1 });
    ledger.applyMark({ ...KEY, price: 200, timeMs: 1 });
    ledger.applyBorrow(payment(0.01, { currency: 'BTC' }));
    expect(only(ledger).quantity).toBeCloseTo(-2.02, 12);
    expect(only(ledger).borrow).toBe(3);
    const totals = ledger.totals().get('USDT');
    expect((totals?.cash ?? 0) - 2.02 * 200).toBeCloseTo(totals?.netPnl ?? Number.NaN, 9);
    expect(ledgerOf({}).applyBorrow(payment(0.01, { currency: 'BTC' }))).toBe('missing_price');
  });

  test('a fee or payment in a third currency is converted at the rate of its moment; without one it is left out', () => {
    const rates = new RateBook('USD');
    rates.applyRate({ currency: 'USDT', rate: 1, timeMs: 0 });
    const ledger = ledgerOf({ rates }, fill(1, 100, { fee: 0.01, feeCurrency: 'BNB' }));
    expect(ledger.effect.feeUnconverted).toBe(true);
    rates.applyRate({ currency: 'BNB', rate: 500, timeMs: 1 });
    ledger.applyFill(fill(1, 100, { fee: 0.02, feeCurrency: 'BNB' }));
    expect(ledger.effect.feeUnconverted).toBe(false);
    ledger.applyFunding(payment(0.001, { currency: 'BNB' }));
    rates.applyRate({ currency: 'BNB', rate: 900, timeMs: 2 });
    ledger.applyMark({ ...KEY, price: 100, timeMs: 1 });
    expect(only(ledger)).toMatchObject({ convertedFees: 10, unconvertedCosts: 1, funding: 0.5, netPnl: -10.5 });
    expect(only(ledger).feesIn('BNB')).toBeCloseTo(0.03, 15);
    expect(ledger.totals().get('BNB')).toMatchObject({ fees: expect.closeTo(0.03, 15), funding: 0.001 });
  });

  test.each([
    ['invalid_payment_id', { paymentId: '' }],
    ['invalid_strategy', { strategy: 7 }],
    ['invalid_account', { account: 7 }],
    ['invalid_amount', { amount: Number.NaN }],
    ['invalid_amount', { amount: Number.POSITIVE_INFINITY }],
    ['invalid_currency', { currency: '' }],
    ['invalid_time', { timeMs: Number.NaN }],
    ['unknown_contract', { symbol: 'NOPE' }],
    ['position_limit', { strategy: 'other' }],
    ['currency_limit', { currency: 'KCS' }],
  ])('are refused as %s and change nothing: %p', (reason, change) => {
    const ledger = ledgerOf({ positionLimit: 1, currencyLimit: 1 }, fill(1, 100));
    const state = stateOf(ledger);
    expect(ledger.applyFunding({ ...payment(1), ...change } as Payment)).toBe(reason);
    expect(ledger.applyBorrow({ ...payment(1), ...change } as Payment)).toBe(reason);
    expect(stateOf(ledger)).toEqual(state);
  });

  test('something that is no event is refused', () => {
    expect(ledgerOf({}).applyFunding(undefined as unknown as Payment)).toBe('invalid_event');
  });
});

describe('the price positions are valued at', () => {
  const long = (): PositionLedger => ledgerOf({}, fill(1, 100), fill(-1, 100, { strategy: 'short' }));
  const values = (ledger: PositionLedger): unknown => ledger.positions().map(({ markPrice }) => markPrice);
  const touch = (bid: number, ask: number, timeMs: number): Touch => ({ ...KEY, bid, ask, timeMs });
  const at = (price: number, timeMs: number): Mark => ({ ...KEY, price, timeMs });

  test('is the mark price, else the touch of the side, else the last trade', () => {
    const ledger = long();
    expect(values(ledger)).toEqual([undefined, undefined]);
    ledger.applyLastTrade(at(99, 1));
    expect(values(ledger)).toEqual([99, 99]);
    expect(ledger.markedPositions).toHaveLength(2);
    ledger.applyTouch(touch(98, 102, 2));
    expect(values(ledger)).toEqual([98, 102]);
    ledger.applyLastTrade(at(97, 3));
    expect(ledger.markedPositions).toEqual([]);
    expect(only(ledger)).toMatchObject({ markSource: 'touch', markTimeMs: 2, unrealizedPnl: -2, notional: 98 });
    ledger.applyMark(at(101, 4));
    expect(values(ledger)).toEqual([101, 101]);
    ledger.applyTouch(touch(90, 91, 5));
    expect(ledger.markedPositions).toEqual([]);
    expect(only(ledger)).toMatchObject({ markSource: 'mark', markTimeMs: 4, unrealizedPnl: 1 });
  });

  test('passes over what is too old beside the latest, and comes back', () => {
    const ledger = ledgerOf({ markAgeLimitMs: 1000 }, fill(1, 100));
    ledger.applyMark(at(101, 0));
    ledger.applyTouch(touch(99, 100, 1000));
    expect(only(ledger).markSource).toBe('mark');
    ledger.applyTouch(touch(98, 100, 1001));
    expect(only(ledger)).toMatchObject({ markSource: 'touch', markPrice: 98 });
    expect(ledger.markedPositions).toHaveLength(1);
    ledger.applyMark(at(102, 1002));
    expect(only(ledger)).toMatchObject({ markSource: 'mark', markPrice: 102 });
  });

  test('of one kind goes back in time only after a clock was set back', () => {
    const ledger = ledgerOf({ reorderWindowMs: 10 }, fill(1, 100));
    for (const apply of ['applyMark', 'applyLastTrade'] as const) {
      expect(ledger[apply](at(101, 100))).toBe('applied');
      expect(ledger[apply](at(101, 95))).toBe('out_of_order');
      expect(ledger[apply](at(101, 50))).toBe('applied');
    }
    expect(ledger.applyTouch(touch(1, 2, 100))).toBe('applied');
    expect(ledger.applyTouch(touch(1, 2, 99))).toBe('out_of_order');
  });

  test('is never a price that is none', () => {
    const ledger = long();
    const state = stateOf(ledger);
    for (const hostile of HOSTILE_AMOUNTS as readonly number[]) {
      expect(ledger.applyTouch(touch(hostile, 100, 1))).toBe('invalid_price');
      expect(ledger.applyTouch(touch(100, hostile, 1))).toBe('invalid_price');
      expect(ledger.applyLastTrade(at(hostile, 1))).toBe('invalid_price');
    }
    expect(ledger.applyTouch(touch(100, 101, Number.NaN))).toBe('invalid_time');
    expect(ledger.applyTouch({ ...touch(100, 101, 1), symbol: 'NOPE' })).toBe('unknown_contract');
    expect(ledger.applyLastTrade({ ...at(100, 1), exchange: 'NOPE' })).toBe('unknown_contract');
    expect(ledger.applyTouch(null as unknown as Touch)).toBe('invalid_event');
    expect(ledger.applyLastTrade(undefined as unknown as Mark)).toBe('invalid_event');
    expect(stateOf(ledger)).toEqual(state);
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  type Contract,
  type Fill,
  PositionLedger,
  type PositionLedgerOptions,
  QuantError,
  RateBook,
} from '@nanometer/quant';
import { fill, HOSTILE_AMOUNTS, INVERSE, inverseFill, LINEAR } from './events.ts';
import { stateOf } from './ledger-state.ts';

const KEY = { strategy: 'maker', exchange: LINEAR.exchange, symbol: LINEAR.symbol };
const INVERSE_KEY = { strategy: 'maker', exchange: INVERSE.exchange, symbol: INVERSE.symbol };

function ledgerOf(options?: PositionLedgerOptions): PositionLedger {
  const ledger = new PositionLedger({ fillIdLimit: 1000, ...options });
  ledger.defineContract(LINEAR);
  ledger.defineContract(INVERSE);
  return ledger;
}

function traded(...fills: readonly Fill[]): PositionLedger {
  const ledger = ledgerOf();
  for (const one of fills) expect(ledger.applyFill(one)).toBe('applied');
  return ledger;
}

describe('linear contracts at average cost', () => {
  test('adding averages, reducing realizes and leaves the average alone', () => {
    const ledger = traded(fill(1, 100), fill(3, 104), fill(-2, 110));
    const position = ledger.position(KEY);
    expect(position?.quantity).toBe(2);
    expect(position?.averagePrice).toBe(103);
    expect(position?.realizedPnl).toBe(14);
  });

  test('a flip closes the old position first and opens the rest at the fill price', () => {
    const ledger = traded(fill(5, 100), fill(-8, 110));
    const position = ledger.position(KEY);
    expect(position?.quantity).toBe(-3);
    expect(position?.averagePrice).toBe(110);
    expect(position?.realizedPnl).toBe(50);
    expect(ledger.effect.realizedPnl).toBe(50);
    expect(ledger.effect.quantity).toBe(-8);
  });

  test('a short earns when the price falls', () => {
    const ledger = traded(fill(-2, 100), fill(1, 90));
    ledger.applyMark({ ...KEY, price: 80, timeMs: 1 });
    expect(ledger.position(KEY)?.realizedPnl).toBe(10);
    expect(ledger.position(KEY)?.unrealizedPnl).toBe(20);
    expect(ledger.position(KEY)?.notional).toBe(-80);
  });

  test('decimal quantities that add up to nothing are flat', () => {
    const ledger = traded(fill(0.1, 100), fill(0.2, 101), fill(-0.3, 102));
    expect(ledger.position(KEY)?.quantity).toBe(0);
    expect(ledger.position(KEY)?.averagePrice).toBeUndefined();
    expect(ledger.position(KEY)?.openTimeMs).toBeUndefined();
    expect(ledger.effect.outcome).toBe('win');
  });

  test('one satoshi left of ten thousand coins is still a position', () => {
    const ledger = traded(fill(10_000, 100), fill(-9999.99999999, 100));
    expect(ledger.position(KEY)?.quantity).toBeCloseTo(1e-8, 11);
    expect(ledger.effect.outcome).toBeUndefined();
  });

  test('the multiplier scales P&L and notional', () => {
    const ledger = new PositionLedger({ fillIdLimit: 1000 });
    ledger.defineContract({ ...LINEAR, multiplier: 50 });
    ledger.applyFill(fill(2, 100));
    expect(ledger.effect.notional).toBe(10_000);
    ledger.applyFill(fill(-2, 101));
    expect(ledger.position(KEY)?.realizedPnl).toBe(100);
  });

  test('a price in another currency than the settlement currency does not change the settlement', () => {
    const ledger = new PositionLedger({ fillIdLimit: 1000 });
    ledger.defineContract({ ...LINEAR, quoteCurrency: 'USD' });
    ledger.applyFill(fill(2, 100));
    expect(ledger.effect.notionalCurrency).toBe('USDT');
  });
});

describe('inverse contracts', () => {
  test('the average is harmonic and P&L is in coin', () => {
    const ledger = traded(inverseFill(100, 10_000), inverseFill(100, 12_500));
    const position = ledger.position(INVERSE_KEY);
    expect(position?.averagePrice).toBeCloseTo(200 / (100 / 10_000 + 100 / 12_500), 9);
    expect(ledger.applyFill(inverseFill(-200, 12_500))).toBe('applied');
    expect(position?.realizedPnl).toBeCloseTo(100 * 100 * (1 / 10_000 - 1 / 12_500), 15);
    expect(ledger.totals().get('BTC')?.realizedPnl).toBe(position?.realizedPnl);
  });

  test('fills at prices far apart average without losing digits', () => {
    const ledger = traded(inverseFill(0.001, 0.01), inverseFill(158.896, 23_197.79));
    expect(ledger.position(INVERSE_KEY)?.averagePrice).toBeCloseTo(158.897 / (0.001 / 0.01 + 158.896 / 23_197.79), 10);
    expect(ledger.cashIdentityError()).toBeLessThan(1e-15);
  });

  test('notional is the face value, whatever the price', () => {
    const ledger = traded(inverseFill(-3, 61_234.5));
    expect(ledger.effect.notional).toBe(300);
    expect(ledger.effect.notionalCurrency).toBe('USD');
    ledger.applyMark({ ...INVERSE_KEY, price: 1, timeMs: 1 });
    expect(ledger.position(INVERSE_KEY)?.notional).toBe(-300);
  });

  test('without a quote currency the notional is in coin', () => {
    const { quoteCurrency: _, ...contract } = INVERSE;
    const ledger = new PositionLedger({ fillIdLimit: 1000 });
    ledger.defineContract(contract);
    ledger.applyFill(inverseFill(5, 50_000));
    expect(ledger.effect.notional).toBe(0.01);
    expect(ledger.effect.notionalCurrency).toBe('BTC');
  });

  test('a fee in the coin is the settlement currency, not a change of the position', () => {
    const ledger = traded(inverseFill(5, 50_000, { fee: 0.0001, feeCurrency: 'BTC' }));
    expect(ledger.position(INVERSE_KEY)?.quantity).toBe(5);
    expect(ledger.totals().get('BTC')).toMatchObject({ fees: 0.0001, feeCost: 0.0001 });
  });
});

describe('fees', () => {
  test('cost is positive, a rebate negative, and both are kept out of realized P&L', () => {
    const ledger = traded(fill(1, 100, { fee: 0.3 }), fill(-1, 100, { fee: -0.1 }));
    expect(ledger.position(KEY)?.realizedPnl).toBe(0);
    expect(ledger.position(KEY)?.fees).toBeCloseTo(0.2, 15);
    expect(ledger.totals().get('USDT')?.netPnl).toBeCloseTo(-0.2, 15);
  });

  test('a spot fee in the base asset is taken out of the position and valued at the fill', () => {
    const ledger = traded(fill(1, 100, { fee: 0.001, feeCurrency: 'BTC' }));
    expect(ledger.position(KEY)?.quantity).toBe(0.999);
    const totals = ledger.totals();
    expect(totals.get('BTC')).toMatchObject({ fees: 0.001, feeCost: 0 });
    expect(totals.get('USDT')).toMatchObject({ fees: 0, feeCost: 0.1 });
    expect(totals.get('USDT')?.cash).toBeCloseTo(-100, 12);
  });

  test('the same fee of a contract that is not the asset itself leaves the position alone', () => {
    const ledger = new PositionLedger({ fillIdLimit: 1000 });
    ledger.defineContract({ ...LINEAR, spot: false });
    ledger.applyFill(fill(1, 100, { fee: 0.001, feeCurrency: 'BTC' }));
    expect(ledger.position(KEY)?.quantity).toBe(1);
    expect(ledger.totals().get('BTC')).toMatchObject({ fees: 0.001, feeCost: 0.001 });
  });

  test('a fee in a third currency stays in that currency', () => {
    const ledger = traded(fill(1, 100, { fee: 0.02, feeCurrency: 'BNB' }));
    expect(ledger.totals().get('BNB')).toMatchObject({ fees: 0.02, feeCost: 0.02, cash: -0.02, netPnl: -0.02 });
    expect(ledger.totals().get('USDT')).toMatchObject({ fees: 0, feeCost: 0 });
  });
});

describe('trades, flat to flat', () => {
  test('outcome and duration are those of the whole trade after fees', () => {
    const ledger = traded(fill(1, 100, { fee: 1, timeMs: 1000 }), fill(1, 100, { fee: 1, timeMs: 2000 }));
    ledger.applyFill(fill(-1, 101, { fee: 1, timeMs: 3000 }));
    expect(ledger.effect.outcome).toBeUndefined();
    ledger.applyFill(fill(-1, 101, { fee: 1, timeMs: 4500 }));
    expect(ledger.effect).toMatchObject({ outcome: 'loss', tradeNetPnl: -2, tradeDurationMs: 3500 });
    expect(ledger.position(KEY)?.trades).toMatchObject({ count: 1, losses: 1, grossLoss: 2 });
  });

  test('a flip closes one trade and opens the next, and splits its fee by quantity', () => {
    const ledger = traded(fill(1, 100), fill(-4, 110, { fee: 4 }));
    expect(ledger.effect).toMatchObject({ outcome: 'win', tradeNetPnl: 9 });
    ledger.applyFill(fill(3, 109));
    expect(ledger.effect).toMatchObject({ outcome: 'breakeven', tradeNetPnl: 0 });
  });

  test('a reopened position keeps its realized P&L and starts a new trade', () => {
    const ledger = traded(fill(1, 100), fill(-1, 105), fill(-1, 100), fill(1, 101));
    expect(ledger.position(KEY)?.realizedPnl).toBe(4);
    expect(ledger.position(KEY)?.trades).toMatchObject({ wins: 1, losses: 1 });
  });

  test('a duration is unknown when the closing fill is stamped before the opening one', () => {
    const ledger = traded(fill(1, 100, { timeMs: 2000 }), fill(-1, 101, { timeMs: 1000 }));
    expect(ledger.effect.outcome).toBe('win');
    expect(ledger.effect.tradeDurationMs).toBeNaN();
  });

  test('a third-currency fee is converted for the outcome, at the rates of the moment', () => {
    const rates = new RateBook('USD');
    rates.applyRate({ currency: 'BNB', rate: 500, timeMs: 0 });
    rates.applyRate({ currency: 'USDT', rate: 1, timeMs: 0 });
    const ledger = ledgerOf({ rates });
    ledger.applyFill(fill(1, 100));
    ledger.applyFill(fill(-1, 104, { fee: 0.01, feeCurrency: 'BNB' }));
    expect(ledger.effect).toMatchObject({ outcome: 'loss', tradeNetPnl: -1, tradeFeesUnknown: false });
  });

  test('without a rate such a trade has no outcome, and says so', () => {
    const ledger = ledgerOf();
    ledger.applyFill(fill(1, 100, { fee: 0.01, feeCurrency: 'BNB' }));
    ledger.applyFill(fill(-1, 104));
    expect(ledger.effect).toMatchObject({ outcome: undefined, tradeNetPnl: Number.NaN, tradeFeesUnknown: true });
    expect(ledger.position(KEY)?.trades.count).toBe(0);
    ledger.applyFill(fill(1, 100));
    ledger.applyFill(fill(-1, 104));
    expect(ledger.effect.outcome).toBe('win');
  });
});

describe('positions', () => {
  test('are kept apart by account, strategy, exchange and symbol', () => {
    const ledger = traded(fill(1, 100), fill(2, 100, { strategy: 'taker' }), fill(4, 100, { account: 'hedge' }));
    expect(ledger.positions().map(({ handle, quantity }) => [handle, quantity])).toEqual([
      [0, 1],
      [1, 2],
      [2, 4],
    ]);
    expect(ledger.position({ ...KEY, account: 'hedge' })?.quantity).toBe(4);
    expect(ledger.positionAt(1)?.strategy).toBe('taker');
    expect(ledger.position({ ...KEY, strategy: 'nobody' })).toBeUndefined();
  });

  test('have no unrealized P&L before the first mark, and are counted as unmarked', () => {
    const ledger = traded(fill(1, 100));
    expect(ledger.position(KEY)?.unrealizedPnl).toBeUndefined();
    expect(ledger.position(KEY)?.notional).toBeUndefined();
    expect(ledger.totals().get('USDT')).toMatchObject({ unrealizedPnl: 0, unmarkedPositions: 1 });
    ledger.applyMark({ ...KEY, price: 103, timeMs: 1 });
    expect(ledger.totals().get('USDT')).toMatchObject({ unrealizedPnl: 3, unmarkedPositions: 0 });
  });

  test('of one symbol are all valued by a mark of the symbol', () => {
    const ledger = traded(fill(1, 100), fill(-1, 100, { strategy: 'taker' }));
    expect(ledger.applyMark({ ...KEY, price: 103, timeMs: 1 })).toBe('applied');
    expect(ledger.markedPositions.map(({ unrealizedPnl }) => unrealizedPnl)).toEqual([3, -3]);
  });
});

describe('refused events change nothing', () => {
  const before = (): PositionLedger => {
    const ledger = traded(fill(1, 100, { fillId: 'known', fee: 0.1 }), inverseFill(2, 50_000));
    ledger.applyMark({ ...KEY, price: 101, timeMs: 5000 });
    return ledger;
  };

  const refusals: readonly (readonly [string, Partial<Record<keyof Fill, unknown>>])[] = [
    ['duplicate', { fillId: 'known' }],
    ['duplicate', { fillId: 'known', price: 105, quantity: 7 }],
    ['unknown_contract', { symbol: 'NOPE' }],
    ['unknown_contract', { exchange: 7 }],
    ['invalid_fill_id', { fillId: '' }],
    ['invalid_fill_id', { fillId: 17 }],
    ['invalid_fill_id', { fillId: 'x'.repeat(256) }],
    ['invalid_strategy', { strategy: undefined }],
    ['invalid_account', { account: 3 }],
    ['invalid_side', { side: 'BUY' }],
    ['invalid_liquidity', { liquidity: '' }],
    ['invalid_fee', { fee: Number.NaN }],
    ['invalid_fee', { fee: Number.NEGATIVE_INFINITY }],
    ['invalid_fee', { fee: undefined }],
    ['invalid_fee', { feeCurrency: '' }],
    ['invalid_time', { timeMs: Number.NaN }],
    ['invalid_time', { timeMs: '0' }],
    ...HOSTILE_AMOUNTS.map((quantity) => ['invalid_quantity', { quantity }] as const),
    ...HOSTILE_AMOUNTS.map((price) => ['invalid_price', { price }] as const),
  ];

  test.each(refusals)('a fill is refused as %s: %p', (reason, change) => {
    const ledger = before();
    const state = stateOf(ledger);
    expect(ledger.applyFill({ ...fill(1, 100), ...change } as Fill)).toBe(reason);
    expect(stateOf(ledger)).toEqual(state);
  });

  test.each([undefined, null, 5, 'fill'])('something that is no event at all: %p', (event) => {
    const ledger = before();
    const state = stateOf(ledger);
    expect(ledger.applyFill(event as unknown as Fill)).toBe('invalid_event');
    expect(ledger.applyMark(event as unknown as Fill)).toBe('invalid_event');
    expect(stateOf(ledger)).toEqual(state);
  });

  test('a mark is refused when its price, time or symbol cannot be used', () => {
    const ledger = before();
    const state = stateOf(ledger);
    for (const price of HOSTILE_AMOUNTS) {
      expect(ledger.applyMark({ ...KEY, price: price as number, timeMs: 6000 })).toBe('invalid_price');
    }
    expect(ledger.applyMark({ ...KEY, price: 1, timeMs: Number.NaN })).toBe('invalid_time');
    expect(ledger.applyMark({ ...KEY, symbol: 'NOPE', price: 1, timeMs: 1 })).toBe('unknown_contract');
    expect(stateOf(ledger)).toEqual(state);
  });

  test('a mark that comes late is refused, one after a clock was set back is taken', () => {
    const ledger = before();
    expect(ledger.applyMark({ ...KEY, price: 90, timeMs: 4967 })).toBe('out_of_order');
    expect(ledger.position(KEY)?.markPrice).toBe(101);
    expect(ledger.applyMark({ ...KEY, price: 91, timeMs: 5000 })).toBe('applied');
    expect(ledger.applyMark({ ...KEY, price: 92, timeMs: 5000 - 3_600_000 })).toBe('applied');
    expect(ledger.position(KEY)?.markPrice).toBe(92);
  });

  test('limits on positions and currencies hold', () => {
    const ledger = ledgerOf({ positionLimit: 1, currencyLimit: 3 });
    ledger.applyFill(fill(1, 100));
    expect(ledger.applyFill(fill(1, 100, { strategy: 'other' }))).toBe('position_limit');
    expect(ledger.applyFill(fill(1, 100, { feeCurrency: 'BNB' }))).toBe('applied');
    expect(ledger.applyFill(fill(1, 100, { feeCurrency: 'KCS' }))).toBe('currency_limit');
    expect(ledger.position(KEY)?.quantity).toBe(2);
  });

  test('the same fill id is another fill at another position', () => {
    const ledger = traded(fill(1, 100, { fillId: '7' }), inverseFill(1, 100, { fillId: '7' }));
    expect(ledger.applyFill(fill(1, 100, { fillId: '7', strategy: 'other' }))).toBe('applied');
    expect(ledger.fillCount).toBe(3);
  });

  test('fill ids are remembered up to the limit, the oldest forgotten first', () => {
    const ledger = ledgerOf({ fillIdLimit: 2 });
    for (const fillId of ['a', 'b', 'c']) ledger.applyFill(fill(1, 100, { fillId }));
    expect(ledger.applyFill(fill(1, 100, { fillId: 'b' }))).toBe('duplicate');
    expect(ledger.applyFill(fill(1, 100, { fillId: 'c' }))).toBe('duplicate');
    expect(ledger.applyFill(fill(1, 100, { fillId: 'a' }))).toBe('applied');
  });

  test('the largest amounts allowed give finite results', () => {
    const ledger = traded(fill(1e100, 1e100), inverseFill(1e100, 1e-100));
    ledger.applyMark({ ...KEY, price: 1e-100, timeMs: 1 });
    ledger.applyMark({ ...INVERSE_KEY, price: 1e100, timeMs: 1 });
    for (const { unrealizedPnl, notional } of ledger.positions()) {
      expect(Number.isFinite(unrealizedPnl)).toBe(true);
      expect(Number.isFinite(notional)).toBe(true);
    }
    expect(ledger.cashIdentityError()).toBeLessThan(1e-11);
  });
});

describe('definitions', () => {
  test.each<[string, Partial<Record<keyof Contract, unknown>>, RegExp]>([
    ['an empty symbol', { symbol: '' }, /symbol is "".*1 to 255/],
    ['no exchange', { exchange: undefined }, /exchange is undefined/],
    ['an unknown kind', { kind: 'quanto' }, /kind is "quanto".*"linear" or "inverse"/],
    ['a multiplier of zero', { multiplier: 0 }, /multiplier is 0/],
    ['a multiplier that is not a number', { multiplier: Number.NaN }, /multiplier is NaN/],
    ['an empty quote currency', { quoteCurrency: '' }, /quoteCurrency is ""/],
    ['an inverse contract that is spot', { kind: 'inverse', spot: true }, /leave spot out/],
  ])('%s is an error that says what and where', (_, change, message) => {
    const define = (): void =>
      new PositionLedger({ fillIdLimit: 1000 }).defineContract({ ...LINEAR, ...change } as Contract);
    expect(define).toThrow(QuantError);
    expect(define).toThrow(message);
  });

  test('the same terms may be defined again, other terms not', () => {
    const ledger = ledgerOf();
    ledger.defineContract({ ...LINEAR, quoteCurrency: 'USDT', spot: true });
    const define = (): void => ledger.defineContract({ ...LINEAR, multiplier: 2 });
    expect(define).toThrow(expect.objectContaining({ code: 'contract_conflict' }));
    expect(ledger.contract(LINEAR.exchange, LINEAR.symbol)?.multiplier).toBe(1);
  });

  test('a contract that is changed afterwards by its owner stays as it was defined', () => {
    const contract = { ...LINEAR };
    const ledger = new PositionLedger({ fillIdLimit: 1000 });
    ledger.defineContract(contract);
    (contract as { multiplier: number }).multiplier = 1000;
    ledger.applyFill(fill(1, 100));
    expect(ledger.effect.notional).toBe(100);
  });

  test.each([{ fillIdLimit: 0 }, { positionLimit: 1.5 }, { currencyLimit: Number.NaN }, { reorderWindowMs: -1 }])(
    'an option out of range is an error: %p',
    (options) => {
      expect(() => new PositionLedger(options)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
    },
  );
});

import { describe, expect, test } from '@jest/globals';
import { type Contract, type Fill, type Payment, Portfolio } from '@nanometer/quant';
import * as fc from 'fast-check';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';

const SPOT: Contract = { ...LINEAR, exchange: 'spot', symbol: 'BTC/USDT', spot: true };

function portfolioOf(): Portfolio {
  const portfolio = new Portfolio({ reportingCurrency: 'USD', initialCapital: 100_000, fillIdLimit: 1000 });
  for (const contract of [LINEAR, INVERSE, SPOT]) portfolio.defineContract(contract);
  for (const [currency, rate] of [
    ['USDT', 1],
    ['BTC', 50_000],
    ['BNB', 500],
  ] as const) {
    portfolio.applyRate({ currency, rate, timeMs: 0 });
  }
  return portfolio;
}

let nextId = 0;
function payment(amount: number, rest: Partial<Payment> = {}): Payment {
  const { exchange, symbol } = LINEAR;
  return { paymentId: `p${nextId++}`, strategy: 'maker', exchange, symbol, amount, timeMs: 1000, ...rest };
}

/** Equity and net exposure as the ledger's own totals and positions make them. */
function naive({ ledger, rates }: Portfolio): { equity: number; net: number } {
  let equity = 100_000;
  let net = 0;
  for (const [currency, { netPnl, unrealizedPnl }] of ledger.totals()) {
    equity += (netPnl - unrealizedPnl) * rates.rate(currency);
  }
  const value = new Float64Array(3);
  for (const position of ledger.positions()) {
    position.valueInto(value);
    const { currency, quoteCurrency } = position.contract;
    net += value[1]! * rates.rate(quoteCurrency ?? currency);
    equity += value[2]! * rates.rate(currency);
  }
  return { equity, net };
}

describe('corrections and payments', () => {
  test('a busted fill leaves neither exposure nor P&L', () => {
    const portfolio = portfolioOf();
    const wrong = fill(-3, 1200, { fee: 4 });
    portfolio.applyFill(fill(2, 1000, { fee: 1 }));
    portfolio.applyFill(wrong);
    expect(portfolio.equity).toBe(100_000 + 400 - 5);
    expect(portfolio.applyCorrection({ kind: 'bust', ...keyOf(wrong) })).toBe('applied');
    expect(portfolio.exposure.total.net).toBe(2000);
    expect(portfolio.equity).toBe(99_999);
    expect(portfolio.drawdown).toMatchObject({ equity: 99_999, peak: 100_395 });
  });

  test('a changed price moves realized P&L, a changed fee its cost, also into another currency', () => {
    const portfolio = portfolioOf();
    const opening = fill(2, 1000, { fee: 1 });
    portfolio.applyFill(opening);
    portfolio.applyFill(fill(-1, 1100));
    portfolio.applyCorrection({ kind: 'correct', ...keyOf(opening), price: 900, fee: 0.01, feeCurrency: 'BNB' });
    // 200 realized, 200 open at the last price, and 5 of fees.
    expect(portfolio.equity).toBeCloseTo(100_000 + 400 - 5, 9);
    expect(portfolio.exposure.total.net).toBe(1100);
  });

  test('funding and borrow are costs, income when negative, at the rate of their currency', () => {
    const portfolio = portfolioOf();
    portfolio.applyFill(fill(2, 1000));
    expect(portfolio.applyFunding(payment(10))).toBe('applied');
    expect(portfolio.applyBorrow(payment(5))).toBe('applied');
    expect(portfolio.applyFunding(payment(-3))).toBe('applied');
    expect(portfolio.applyFunding(payment(0.1, { currency: 'BNB' }))).toBe('applied');
    expect(portfolio.equity).toBe(100_000 - 10 - 5 + 3 - 50);
    expect(portfolio.exposure.total.net).toBe(2000);
  });

  test('what is refused changes nothing', () => {
    const portfolio = portfolioOf();
    const first = payment(10);
    portfolio.applyFunding(first);
    const { equity } = portfolio;
    expect(portfolio.applyFunding(first)).toBe('duplicate');
    expect(portfolio.applyBorrow(payment(Number.NaN))).toBe('invalid_amount');
    expect(portfolio.applyCorrection({ kind: 'bust', ...keyOf(fill(1, 1)) })).toBe('unknown_fill');
    expect(portfolio.equity).toBe(equity);
  });

  test('a payment may come before the first fill of its position', () => {
    const portfolio = portfolioOf();
    expect(portfolio.applyFunding(payment(7))).toBe('applied');
    expect(portfolio.equity).toBe(99_993);
    portfolio.applyFill(fill(1, 1000));
    expect(portfolio.exposure.total.net).toBe(1000);
  });

  test('equity stays that of the ledger, and exposure that of its positions, after any of them', () => {
    const amount = fc.integer({ min: 1, max: 50 });
    const step = fc.record({
      kind: fc.constantFrom('fill', 'fill', 'fill', 'funding', 'borrow', 'bust', 'correct', 'mark'),
      contract: fc.constantFrom(LINEAR, SPOT, INVERSE),
      quantity: fc.integer({ min: -5, max: 5 }).filter((value) => value !== 0),
      price: fc.integer({ min: 30_000, max: 60_000 }),
      fee: fc.integer({ min: -3, max: 3 }).map((value) => value / 1000),
      feeCurrency: fc.constantFrom('BTC', 'USDT', 'BNB'),
      amount,
      which: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const portfolio = portfolioOf();
        const fills: Fill[] = [];
        for (const { kind, contract, quantity, price, fee, feeCurrency, amount: paid, which } of steps) {
          const { exchange, symbol } = contract;
          const place = { exchange, symbol };
          const target = fills[which % Math.max(1, fills.length)];
          if (kind === 'fill') {
            const make = contract === INVERSE ? inverseFill : fill;
            fills.push(make(quantity, price, { ...place, fee, feeCurrency }));
            portfolio.applyFill(fills.at(-1)!);
          } else if (kind === 'funding') portfolio.applyFunding(payment(paid, { ...place, currency: feeCurrency }));
          else if (kind === 'borrow') portfolio.applyBorrow(payment(paid, { ...place, currency: feeCurrency }));
          else if (kind === 'mark') portfolio.applyMark({ ...place, price, timeMs: 1000 });
          else if (target !== undefined) {
            const terms = kind === 'bust' ? {} : { price, fee, feeCurrency, quantity: Math.abs(quantity) };
            portfolio.applyCorrection({ kind, ...keyOf(target), ...terms });
          }
          const expected = naive(portfolio);
          expect(Math.abs(portfolio.equity - expected.equity)).toBeLessThan(1e-6);
          expect(Math.abs(portfolio.exposure.total.net - expected.net)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 150 },
    );
  });
});

function keyOf({
  fillId,
  strategy,
  exchange,
  symbol,
}: Fill): Pick<Fill, 'fillId' | 'strategy' | 'exchange' | 'symbol'> {
  return { fillId, strategy, exchange, symbol };
}

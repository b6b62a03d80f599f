import { describe, expect, test } from '@jest/globals';
import {
  EXPOSURE_DIMENSIONS,
  ExposureBook,
  type Fill,
  type Mark,
  Portfolio,
  type Rate,
  RateBook,
} from '@nanometer/quant';
import * as fc from 'fast-check';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';

const ETH = { ...LINEAR, symbol: 'ETHUSDT', baseCurrency: 'ETH' };

function portfolioOf(): Portfolio {
  const portfolio = new Portfolio({ reportingCurrency: 'USD', initialCapital: 100_000, fillIdLimit: 1000 });
  for (const contract of [LINEAR, ETH, INVERSE]) portfolio.defineContract(contract);
  return portfolio;
}

function rated(): Portfolio {
  const portfolio = portfolioOf();
  portfolio.applyRate({ currency: 'USDT', rate: 1, timeMs: 0 });
  portfolio.applyRate({ currency: 'BTC', rate: 60_000, timeMs: 0 });
  return portfolio;
}

const mark = (price: number, symbol: string = LINEAR.symbol): Mark => ({
  exchange: LINEAR.exchange,
  symbol,
  price,
  timeMs: 0,
});

describe('exposure, equity and drawdown', () => {
  test('are current when a fill returns, at its own price until there is a mark', () => {
    const portfolio = rated();
    portfolio.applyFill(fill(2, 1000));
    expect(portfolio.exposure.total).toMatchObject({ net: 2000, gross: 2000, long: 2000, short: 0 });
    expect(portfolio.equity).toBe(100_000);
  });

  test('follow marks', () => {
    const portfolio = rated();
    portfolio.applyFill(fill(2, 1000, { fee: 1 }));
    portfolio.applyFill(fill(-1, 1000, { strategy: 'taker' }));
    portfolio.applyMark(mark(900));
    expect(portfolio.exposure.total).toMatchObject({ net: 900, gross: 2700, long: 1800, short: 900 });
    expect(portfolio.exposure.byStrategy('taker')).toMatchObject({ net: -900 });
    expect(portfolio.exposure.bySymbol(LINEAR.symbol)).toMatchObject({ gross: 2700 });
    expect(portfolio.exposure.byExchange(LINEAR.exchange)).toMatchObject({ gross: 2700 });
    expect(portfolio.equity).toBe(100_000 - 200 + 100 - 1);
    expect(portfolio.drawdown).toMatchObject({ money: 101, max: 101, peak: 100_000 });
  });

  test('of inverse contracts: exposure by face value, P&L in coin at the coin rate', () => {
    const portfolio = rated();
    portfolio.applyFill(inverseFill(60, 60_000));
    expect(portfolio.exposure.total.net).toBe(6000);
    portfolio.applyMark({ exchange: INVERSE.exchange, symbol: INVERSE.symbol, price: 50_000, timeMs: 0 });
    expect(portfolio.exposure.total.net).toBe(6000);
    expect(portfolio.equity).toBeCloseTo(100_000 + 6000 * (1 / 60_000 - 1 / 50_000) * 60_000, 8);
  });

  test('leave a currency without a rate out, and say so until the rate is there', () => {
    const portfolio = portfolioOf();
    portfolio.applyFill(fill(2, 1000, { fee: 3 }));
    expect(portfolio.missingRate).toBe(true);
    expect(portfolio.exposure.total).toMatchObject({ gross: 0, missingRates: 1 });
    expect(portfolio.equity).toBe(100_000);
    portfolio.applyRate({ currency: 'USDT', rate: 0.5, timeMs: 0 });
    expect(portfolio.missingRate).toBe(false);
    expect(portfolio.exposure.total).toMatchObject({ gross: 1000, missingRates: 0 });
    expect(portfolio.equity).toBe(100_000 - 1.5);
  });

  test('count fees in a third currency at its rate', () => {
    const portfolio = rated();
    portfolio.applyRate({ currency: 'BNB', rate: 500, timeMs: 0 });
    portfolio.applyFill(fill(1, 1000, { fee: 0.01, feeCurrency: 'BNB' }));
    expect(portfolio.equity).toBe(99_995);
    portfolio.applyRate({ currency: 'BNB', rate: 600, timeMs: 1 });
    expect(portfolio.equity).toBe(99_994);
  });

  test('count a fee taken out of a spot position once', () => {
    const portfolio = rated();
    portfolio.applyFill(fill(1, 1000, { fee: 0.001, feeCurrency: 'BTC' }));
    expect(portfolio.exposure.total.net).toBe(999);
    expect(portfolio.equity).toBeCloseTo(99_999, 9);
  });

  test('do not change with refused events', () => {
    const portfolio = rated();
    portfolio.applyFill(fill(2, 1000));
    expect(portfolio.applyFill(fill(Number.NaN, 1000))).toBe('invalid_quantity');
    expect(portfolio.applyMark(mark(-1))).toBe('invalid_price');
    expect(portfolio.applyMark(mark(1, 'NOPE'))).toBe('unknown_contract');
    expect(portfolio.applyRate({ currency: 'USDT', rate: 0, timeMs: 9 })).toBe('invalid_rate');
    expect(portfolio.exposure.total.gross).toBe(2000);
    expect(portfolio.equity).toBe(100_000);
  });

  test('a mark of a symbol without positions changes nothing', () => {
    const portfolio = rated();
    expect(portfolio.applyMark(mark(5, ETH.symbol))).toBe('applied');
    expect(portfolio.exposure.bySymbol(ETH.symbol)).toBeUndefined();
  });

  test.each([
    [{ reportingCurrency: '', initialCapital: 1 }, /reportingCurrency/],
    [{ reportingCurrency: 'USD', initialCapital: Number.NaN }, /initialCapital is NaN/],
    [{ reportingCurrency: 'USD', initialCapital: Number.POSITIVE_INFINITY }, /initialCapital is Infinity/],
  ])('options that cannot be used are errors: %p', (options, message) => {
    expect(() => new Portfolio(options)).toThrow(message);
  });
});

type Step = { fill: Fill } | { mark: Mark } | { rate: Rate };
const price = fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100);
const quantity = fc.integer({ min: -500, max: 500 }).filter((size) => size !== 0);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      quantity,
      price,
      strategy: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom(0, 1, 2),
      fee: fc.integer({ min: -5, max: 20 }),
      feeCurrency: fc.constantFrom('own', 'BNB', 'BTC'),
    })
    .map(({ quantity, price, strategy, kind, fee, feeCurrency }) => {
      const rest = { strategy, fee: fee / 1000, ...(feeCurrency === 'own' ? {} : { feeCurrency }) };
      if (kind === 2) return { fill: inverseFill(quantity, price, rest) };
      return { fill: fill(quantity, price, kind === 0 ? rest : { ...rest, symbol: ETH.symbol }) };
    }),
  fc
    .record({ price, contract: fc.constantFrom(LINEAR, ETH, INVERSE) })
    .map(({ price, contract: { exchange, symbol } }) => ({ mark: { exchange, symbol, price, timeMs: 0 } })),
  fc
    .record({ currency: fc.constantFrom('USDT', 'BTC', 'BNB'), rate: price })
    .map(({ currency, rate }) => ({ rate: { currency, rate, timeMs: 0 } })),
);

function apply(portfolio: Portfolio, event: Step): void {
  if ('fill' in event) portfolio.applyFill(event.fill);
  else if ('mark' in event) portfolio.applyMark(event.mark);
  else portfolio.applyRate(event.rate);
}

test('running totals agree with sums over all positions after every event', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (events) => {
      const portfolio = portfolioOf();
      let scale = 100_000;
      for (const event of events) {
        apply(portfolio, event);
        let net = 0;
        let gross = 0;
        let unrated = 0;
        let equity = 100_000;
        for (const position of portfolio.ledger.positions()) {
          const at = position.markPrice ?? position.lastFillPrice;
          const currency = position.contract.kind === 'inverse' ? 'USD' : 'USDT';
          const amount = position.quantity === 0 ? 0 : position.notionalAt(at) * portfolio.rates.rate(currency);
          if (Number.isNaN(amount)) unrated++;
          else {
            net += amount;
            gross += Math.abs(amount);
          }
          const pnl = position.realizedPnl + position.unrealizedPnlAt(at) - position.fees;
          const value = pnl * portfolio.rates.rate(position.contract.currency);
          equity += Number.isNaN(value) ? 0 : value;
        }
        for (const { currency, feeCost } of portfolio.ledger.totals().values()) {
          const own = portfolio.ledger
            .positions()
            .reduce((sum, position) => (position.contract.currency === currency ? sum + position.fees : sum), 0);
          const foreign = (feeCost - own) * portfolio.rates.rate(currency);
          equity -= Number.isNaN(foreign) ? 0 : foreign;
        }
        scale = Math.max(scale, gross, Math.abs(equity)) + gross;
        expect(portfolio.exposure.total.missingRates).toBe(unrated);
        expect(Math.abs(portfolio.exposure.total.net - net)).toBeLessThanOrEqual(1e-12 * scale);
        expect(Math.abs(portfolio.exposure.total.gross - gross)).toBeLessThanOrEqual(1e-12 * scale);
        expect(Math.abs(portfolio.equity - equity)).toBeLessThanOrEqual(1e-9 * scale);
      }
    }),
  );
});

describe('exposure book', () => {
  const key = { account: '', strategy: 'a', exchange: 'x', symbol: 's', currency: 'USD' };

  test('every dimension and its concentration equal sums over the amounts', () => {
    const step = fc.tuple(fc.nat({ max: 11 }), fc.integer({ min: -1000, max: 1000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (updates) => {
        const book = new ExposureBook(new RateBook('USD'));
        const keys = Array.from({ length: 12 }, (_, at) => ({
          account: at % 4 === 0 ? '' : `a${at % 4}`,
          strategy: `t${at % 2}`,
          exchange: `x${at % 3}`,
          symbol: `s${at % 5}`,
          currency: 'USD',
        }));
        const amounts = keys.map(() => 0);
        for (const each of keys) book.open(each);
        for (const [slot, amount] of updates) {
          amounts[slot] = amount / 8;
          book.update(slot, amounts[slot]!);
        }
        for (const dimension of EXPOSURE_DIMENSIONS) {
          const sums = new Map<string, number[]>();
          keys.forEach((each, at) => sums.set(each[dimension], [...(sums.get(each[dimension]) ?? []), amounts[at]!]));
          let squares = 0;
          for (const [name, list] of sums) {
            const long = list.reduce((sum, each) => sum + Math.max(0, each), 0);
            const short = list.reduce((sum, each) => sum + Math.max(0, -each), 0);
            squares += (long + short) ** 2;
            const totals = { net: long - short, gross: long + short, long, short };
            expect(book.groups(dimension).get(name)).toMatchObject(totals);
          }
          const { gross } = book.total;
          if (gross === 0) expect(book.concentration(dimension)).toBeUndefined();
          else expect(book.concentration(dimension)).toBeCloseTo(squares / gross ** 2, 12);
        }
      }),
    );
  });

  test('concentration is 1 in one group and 1/n in n equal ones, and undefined where squares overflow', () => {
    const book = new ExposureBook(new RateBook('USD'));
    const slots = ['p', 'q', 'r', 's'].map((symbol) => book.open({ ...key, symbol }));
    expect(book.concentration('symbol')).toBeUndefined();
    for (const slot of slots) book.update(slot, slot % 2 === 0 ? 25 : -25);
    expect(book.concentration('symbol')).toBeCloseTo(0.25, 15);
    expect(book.concentration('exchange')).toBe(1);
    book.update(slots[0]!, 1e200);
    expect(book.concentration('symbol')).toBeUndefined();
    book.update(slots[0]!, 25);
    expect(book.concentration('symbol')).toBeCloseTo(0.25, 15);
  });

  test('groups add up to the total, whatever happened before', () => {
    const amounts = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.integer({ min: -1e6, max: 1e6 })), { maxLength: 200 });
    fc.assert(
      fc.property(amounts, (updates) => {
        const book = new ExposureBook(new RateBook('USD'));
        for (let slot = 0; slot < 8; slot++) book.open({ ...key, symbol: `s${slot % 3}`, strategy: `t${slot % 2}` });
        for (const [slot, amount] of updates) book.update(slot, amount / 7);
        const symbols = ['s0', 's1', 's2'].map((symbol) => book.bySymbol(symbol));
        const gross = symbols.reduce((sum, group) => sum + (group?.gross ?? 0), 0);
        expect(book.total.gross).toBeCloseTo(gross, 6);
        expect(book.byExchange('x')?.net).toBe(book.total.net);
        expect(book.total.gross - Math.abs(book.total.net)).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  test('is exactly zero when everything is flat again', () => {
    const book = new ExposureBook(new RateBook('USD'));
    const slots = [0, 1, 2].map(() => book.open(key));
    for (let round = 1; round < 1000; round++) for (const slot of slots) book.update(slot, (slot - 1) / round);
    for (const slot of slots) book.update(slot, 0);
    expect(book.total).toMatchObject({ net: 0, gross: 0, long: 0, short: 0, missingRates: 0 });
  });

  test('refuses a slot that was never opened and an amount that is no number', () => {
    const book = new ExposureBook(new RateBook('USD'));
    expect(book.update(0, 5)).toBe(false);
    expect(book.exposure(0)).toBeUndefined();
    const slot = book.open(key);
    expect(book.update(slot, Number.POSITIVE_INFINITY)).toBe(false);
    expect(book.exposure(slot)).toBeUndefined();
    expect(book.total).toMatchObject({ gross: 0, missingRates: 1 });
    expect(book.update(slot, -5)).toBe(true);
    expect(book.total).toMatchObject({ gross: 5, net: -5, missingRates: 0 });
  });
});

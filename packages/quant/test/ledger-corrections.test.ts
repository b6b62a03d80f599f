import { describe, expect, test } from '@jest/globals';
import {
  type Correction,
  type CostMethod,
  type Fill,
  type Payment,
  type Position,
  PositionLedger,
  type TradeGrouping,
} from '@nanometer/quant';
import * as fc from 'fast-check';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';
import { correctIn, type LedgerEvent, type Reference, referenceOf } from './ledger-reference.ts';
import { stateOf } from './ledger-state.ts';

const KEY = { strategy: 'maker', exchange: LINEAR.exchange, symbol: LINEAR.symbol };
const METHODS: readonly CostMethod[] = ['average', 'fifo', 'lifo'];
const GROUPINGS: readonly TradeGrouping[] = ['flat-to-flat', 'flat-to-reduced', 'fill-to-fill'];
const COMBINATIONS = METHODS.flatMap((costMethod) => GROUPINGS.map((tradeGrouping) => ({ costMethod, tradeGrouping })));

function ledgerOf(...fills: readonly Fill[]): PositionLedger {
  const ledger = new PositionLedger({ fillIdLimit: 1000 });
  ledger.defineContract(LINEAR);
  ledger.defineContract(INVERSE);
  for (const one of fills) expect(ledger.applyFill(one)).toBe('applied');
  return ledger;
}

function bust(fillId: string, rest: Partial<Correction> = {}): Correction {
  return { kind: 'bust', fillId, ...KEY, ...rest };
}

function correct(fillId: string, change: Partial<Correction>): Correction {
  return { kind: 'correct', fillId, ...KEY, ...change };
}

describe('a correction', () => {
  const day = (): Fill[] => [
    fill(2, 100, { fillId: 'a', fee: 0.2 }),
    fill(1, 106, { fillId: 'b', fee: 0.1 }),
    fill(-3, 104, { fillId: 'c', fee: 0.3 }),
    fill(-1, 103, { fillId: 'd' }),
  ];

  test('of a price gives the state of a ledger that had the right price from the start', () => {
    const ledger = ledgerOf(...day());
    expect(ledger.applyCorrection(correct('a', { price: 101 }))).toBe('applied');
    const right = ledgerOf(fill(2, 101, { fillId: 'a', fee: 0.2 }), ...day().slice(1));
    expect(stateOf(ledger)).toEqual(stateOf(right));
    expect(ledger.correction).toMatchObject({
      kind: 'correct',
      quantity: 0,
      realizedPnl: expect.closeTo(-2, 9),
      notional: 2,
      notionalCurrency: 'USDT',
      filledQuantity: 0,
      wins: 0,
      losses: 0,
      grossProfit: expect.closeTo(-2, 9),
      fees: [{ currency: 'USDT', amount: 0 }],
    });
  });

  test('can turn the outcome of a closed trade', () => {
    const ledger = ledgerOf(fill(1, 100, { fillId: 'in' }), fill(-1, 101, { fillId: 'out' }));
    expect(ledger.position(KEY)?.trades).toMatchObject({ wins: 1, losses: 0 });
    ledger.applyCorrection(correct('out', { price: 98 }));
    expect(ledger.position(KEY)?.trades).toMatchObject({ wins: 0, losses: 1, grossProfit: 0, grossLoss: 2 });
    expect(ledger.correction).toMatchObject({ wins: -1, losses: 1, grossProfit: -1, grossLoss: 2, realizedPnl: -3 });
  });

  test('that busts a fill leaves the ledger as if it had never come', () => {
    const ledger = ledgerOf(...day());
    expect(ledger.applyCorrection(bust('c'))).toBe('applied');
    const without = ledgerOf(...day().filter(({ fillId }) => fillId !== 'c'));
    expect(stateOf(ledger)).toEqual({ ...(stateOf(without) as object), fills: 4 });
    expect(ledger.correction).toMatchObject({
      filledQuantity: -3,
      quantity: 3,
      fees: [{ currency: 'USDT', amount: -0.3 }],
    });
  });

  test('applied again changes nothing, and neither does the fill that was busted', () => {
    const ledger = ledgerOf(...day());
    ledger.applyCorrection(bust('b'));
    ledger.applyCorrection(correct('a', { quantity: 3 }));
    const state = stateOf(ledger);
    expect(ledger.applyCorrection(bust('b'))).toBe('duplicate');
    expect(ledger.applyCorrection(correct('a', { quantity: 3 }))).toBe('duplicate');
    expect(ledger.applyFill(day()[1] as Fill)).toBe('duplicate');
    expect(stateOf(ledger)).toEqual(state);
  });

  test('after a bust brings the fill back', () => {
    const ledger = ledgerOf(...day());
    const state = stateOf(ledger);
    ledger.applyCorrection(bust('b'));
    expect(ledger.applyCorrection(correct('b', {}))).toBe('applied');
    expect(stateOf(ledger)).toEqual(state);
  });

  test('of side, fee and fee currency counts in every currency', () => {
    const ledger = ledgerOf(fill(1, 100, { fillId: 'a', fee: 0.1 }), inverseFill(1, 100, { fillId: 'a' }));
    ledger.applyCorrection(correct('a', { side: 'sell', fee: 0.01, feeCurrency: 'BNB' }));
    expect(ledger.position(KEY)).toMatchObject({ quantity: -1, fees: 0 });
    expect(ledger.totals().get('USDT')).toMatchObject({ fees: 0, feeCost: 0, cash: 100 });
    expect(ledger.totals().get('BNB')).toMatchObject({ fees: 0.01, feeCost: 0.01 });
    expect(ledger.correction?.fees).toEqual([
      { currency: 'USDT', amount: -0.1 },
      { currency: 'BNB', amount: 0.01 },
    ]);
    ledger.applyCorrection(correct('a', { side: 'buy', fee: 0.002, feeCurrency: 'BTC' }));
    expect(ledger.position(KEY)).toMatchObject({ quantity: 0.998, fees: 0.2 });
    expect(ledger.position(KEY)?.feesIn('BTC')).toBe(0.002);
    expect(ledger.position(KEY)?.feesIn('USDT')).toBe(0);
    expect(ledger.totals().get('BNB')).toMatchObject({ fees: 0, feeCost: 0 });
    expect(ledger.cashIdentityError()).toBeLessThan(1e-13);
  });

  test('keeps the excursions of the open trade, which marks have shown', () => {
    const ledger = ledgerOf(fill(1, 100, { fillId: 'a' }), fill(1, 100, { fillId: 'b' }));
    ledger.applyMark({ ...KEY, price: 90, timeMs: 1 });
    ledger.applyMark({ ...KEY, price: 103, timeMs: 2 });
    ledger.applyCorrection(bust('b'));
    expect(ledger.position(KEY)).toMatchObject({ adverseExcursion: 20, favorableExcursion: 6, quantity: 1 });
  });

  test('needs no strategy where one position of the symbol only has the fill', () => {
    const ledger = ledgerOf(fill(1, 100, { fillId: 'a' }), fill(-1, 100, { fillId: 'a', strategy: 'other' }));
    ledger.applyFill(fill(1, 100, { fillId: 'b', strategy: 'other', account: 'hedge' }));
    const { strategy: _, ...symbol } = KEY;
    expect(ledger.applyCorrection({ kind: 'bust', fillId: 'a', ...symbol })).toBe('ambiguous_fill');
    expect(ledger.applyCorrection({ kind: 'bust', fillId: 'b', ...symbol })).toBe('applied');
    expect(ledger.applyCorrection(bust('a', { strategy: 'other', account: 'hedge' }))).toBe('unknown_fill');
    expect(ledger.applyCorrection(bust('a', { strategy: 'other' }))).toBe('applied');
    expect(ledger.positions().map(({ quantity }) => quantity)).toEqual([1, 0, 0]);
  });

  test.each([
    ['unknown_fill', { fillId: 'nobody' }],
    ['unknown_fill', { strategy: 'nobody' }],
    ['unknown_contract', { symbol: 'NOPE' }],
    ['invalid_kind', { kind: 'cancel' }],
    ['invalid_fill_id', { fillId: '' }],
    ['invalid_side', { side: 'BUY' }],
    ['invalid_quantity', { quantity: 0 }],
    ['invalid_quantity', { quantity: Number.NaN }],
    ['invalid_quantity', { quantity: -1 }],
    ['invalid_price', { price: Number.POSITIVE_INFINITY }],
    ['invalid_price', { price: 5e-324 }],
    ['invalid_fee', { fee: Number.NaN }],
    ['invalid_fee', { feeCurrency: '' }],
  ])('is refused as %s and changes nothing: %p', (reason, change) => {
    const ledger = ledgerOf(...day());
    const state = stateOf(ledger);
    expect(ledger.applyCorrection({ ...correct('a', {}), ...change } as Correction)).toBe(reason);
    expect(stateOf(ledger)).toEqual(state);
  });

  test.each([undefined, null, 5])('is refused when it is no event: %p', (event) => {
    expect(ledgerOf().applyCorrection(event as unknown as Correction)).toBe('invalid_event');
  });

  test('reaches back as far as fill ids are remembered', () => {
    const ledger = new PositionLedger({ fillIdLimit: 2 });
    ledger.defineContract(LINEAR);
    for (const [at, fillId] of ['a', 'b', 'c'].entries()) ledger.applyFill(fill(1, 100 + at, { fillId }));
    expect(ledger.applyCorrection(bust('a'))).toBe('unknown_fill');
    expect(ledger.applyCorrection(bust('b'))).toBe('applied');
    expect(ledger.position(KEY)).toMatchObject({ quantity: 2, averagePrice: 101, fillCount: 2 });
  });
});

/** One step of a random day. Numbers choose among what there is, so that most steps mean something. */
interface Step {
  readonly kind: 'fill' | 'funding' | 'borrow' | 'bust' | 'correct' | 'again';
  readonly quantity: number;
  readonly price: number;
  readonly cost: number;
  readonly inKind: boolean;
  readonly pick: number;
}

// Whole lots, so that positions often become flat or flip.
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('fill', 'fill', 'fill', 'fill', 'funding', 'borrow', 'bust', 'correct', 'again'),
  quantity: fc.integer({ min: -4, max: 4 }).filter((lots) => lots !== 0),
  price: fc.integer({ min: 5000, max: 15_000 }).map((cents) => cents / 100),
  cost: fc.integer({ min: -100, max: 500 }).map((tenths) => tenths / 10_000),
  inKind: fc.boolean(),
  pick: fc.nat(),
});
const steps = fc.array(step, { minLength: 1, maxLength: 40 });

/** Plays steps on a ledger and on a list of events; `check` sees both after each. */
function play(
  ledger: PositionLedger,
  inverse: boolean,
  day: readonly Step[],
  limit: number,
  check: (events: readonly LedgerEvent[], position: Position) => void,
): void {
  const contract = inverse ? INVERSE : LINEAR;
  const key = { strategy: 'maker', exchange: contract.exchange, symbol: contract.symbol };
  let events: LedgerEvent[] = [];
  day.forEach(({ kind, quantity, price, cost, inKind, pick }, at) => {
    const fills = events.flatMap((entry, index) => (entry.kind === 'fill' ? [{ entry, index }] : []));
    const chosen = fills[pick % Math.max(1, fills.length)];
    if (kind === 'fill') {
      const rest = inKind && !inverse ? { fee: cost / 10, feeCurrency: 'BTC' } : { fee: inverse ? cost / 1000 : cost };
      const event = (inverse ? inverseFill : fill)(quantity, price, { ...rest, fillId: `f${at}`, timeMs: 1000 * at });
      expect(ledger.applyFill(event)).toBe('applied');
      events.push({ kind, event });
    } else if (kind === 'funding' || kind === 'borrow') {
      const event: Payment = { paymentId: `p${at}`, ...key, amount: inverse ? cost / 1000 : cost, timeMs: 1000 * at };
      const result = kind === 'funding' ? ledger.applyFunding(event) : ledger.applyBorrow(event);
      expect(result).toBe('applied');
      events.push({ kind, event });
    } else if (chosen !== undefined) {
      const { fillId } = chosen.entry.event as Fill;
      if (kind === 'again') expect(ledger.applyFill(chosen.entry.event as Fill)).toMatch(/duplicate|applied/);
      else {
        const correction: Correction =
          kind === 'bust'
            ? { kind, fillId, ...key }
            : { kind, fillId, ...key, price, ...(pick % 2 === 0 ? {} : { quantity: Math.abs(quantity) }) };
        const result = ledger.applyCorrection(correction);
        const remembered = events.length - chosen.index <= limit;
        expect(result === 'unknown_fill').toBe(!remembered);
        if (remembered) events = correctIn(events, correction);
      }
    }
    const position = ledger.positionAt(0);
    if (position !== undefined) check(events, position);
  });
}

function expectSame(position: Position, plain: Reference): void {
  const near = (actual: number, expected: number, what: string): void => {
    if (!(Math.abs(actual - expected) <= 1e-11 * plain.scale)) {
      throw new Error(`${what}: ${actual} instead of ${expected} (scale ${plain.scale})`);
    }
  };
  near(position.quantity, plain.quantity, 'quantity');
  near(position.realizedPnl, plain.realized, 'realized');
  near(position.fees, plain.fees, 'fees');
  near(position.funding, plain.funding, 'funding');
  near(position.borrow, plain.borrow, 'borrow');
  if (plain.quantity !== 0) near((position.averagePrice ?? Number.NaN) / plain.average - 1, 0, 'average');
  else expect(position.averagePrice).toBeUndefined();
  expect(position.trades.count).toBe(plain.trades.length);
  const sum = (nets: readonly number[]): number => nets.reduce((total, net) => total + net, 0);
  near(position.trades.grossProfit, sum(plain.trades.filter((net) => net > 0)), 'gains');
  near(position.trades.grossLoss, -sum(plain.trades.filter((net) => net < 0)), 'losses');
}

describe.each(COMBINATIONS)('with $costMethod cost and trades $tradeGrouping', (options) => {
  test('the stream agrees with a recomputation from all corrected events, after every step', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (day, inverse) => {
        const ledger = new PositionLedger({ ...options, fillIdLimit: 1000 });
        ledger.defineContract(inverse ? INVERSE : LINEAR);
        play(ledger, inverse, day, 1000, (events, position) => {
          const plain = referenceOf(events, position.contract, options.costMethod, options.tradeGrouping);
          expectSame(position, plain);
          expect(ledger.cashIdentityError()).toBeLessThan(1e-11);
          const totals = ledger.totals().get(position.contract.currency);
          expect(Math.abs((totals?.cash ?? Number.NaN) - plain.cash)).toBeLessThanOrEqual(1e-11 * plain.scale);
          const lots = position.lots();
          if (lots.length > 0) expect(lots).toHaveLength(plain.lots.length);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('a flat position: Σ net results of its trades = realized P&L less the costs of its fills', () => {
    fc.assert(
      fc.property(steps, (day) => {
        const ledger = new PositionLedger({ ...options, fillIdLimit: 1000 });
        ledger.defineContract(LINEAR);
        for (const [at, { quantity, price, cost }] of day.entries()) {
          ledger.applyFill(fill(quantity, price, { fee: cost, fillId: `f${at}` }));
        }
        const position = ledger.positionAt(0) as Position;
        if (position.quantity !== 0) ledger.applyFill(fill(-position.quantity, 100, { fee: 0.5 }));
        const { trades, realizedPnl, fees } = position;
        expect(Math.abs(trades.grossProfit - trades.grossLoss - (realizedPnl - fees))).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });
});

test('a journal of any length gives the same state as one that remembers everything', () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(...COMBINATIONS), fc.integer({ min: 1, max: 8 }), (day, options, limit) => {
      const bounded = new PositionLedger({ ...options, fillIdLimit: limit });
      bounded.defineContract(LINEAR);
      // What is no longer remembered would be a new fill.
      const unique = day.filter(({ kind }) => kind !== 'again');
      play(bounded, false, unique, limit, (events, position) => {
        expectSame(position, referenceOf(events, LINEAR, options.costMethod, options.tradeGrouping));
      });
    }),
    { numRuns: 200 },
  );
});

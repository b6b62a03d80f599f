import { describe, expect, test } from '@jest/globals';
import { type Position, PositionLedger, type PositionLedgerOptions, QuantError, RateBook } from '@nanometer/quant';
import * as fc from 'fast-check';
import { crc32 } from '../src/binary/crc32.ts';
import { crc32 as reference } from 'node:zlib';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';
import { stateOf } from './ledger-state.ts';

const KEY = { strategy: 'maker', exchange: LINEAR.exchange, symbol: LINEAR.symbol };

/** Everything an event can be; the numbers choose. */
interface Step {
  readonly kind: number;
  readonly lots: number;
  readonly cents: number;
  readonly strategy: string;
  readonly inverse: boolean;
  readonly currency: string;
  readonly pick: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.integer({ min: 0, max: 11 }),
  lots: fc.integer({ min: -4, max: 4 }).filter((lots) => lots !== 0),
  cents: fc.integer({ min: 5000, max: 15_000 }),
  strategy: fc.constantFrom('a', 'b'),
  inverse: fc.boolean(),
  currency: fc.constantFrom('USDT', 'BTC', 'BNB'),
  pick: fc.nat({ max: 60 }),
});

const options: fc.Arbitrary<PositionLedgerOptions> = fc.record({
  costMethod: fc.constantFrom('average', 'fifo', 'lifo'),
  tradeGrouping: fc.constantFrom('flat-to-flat', 'flat-to-reduced', 'fill-to-fill'),
  fillIdLimit: fc.constantFrom(3, 1000),
  lotLimit: fc.constantFrom(4, 1000),
});

function apply(ledger: PositionLedger, rates: RateBook, day: readonly Step[], from: number): unknown[] {
  return day.slice(from).map((one, index) => {
    const at = from + index;
    const { kind, lots, cents, strategy, inverse, currency, pick } = one;
    const price = cents / 100;
    const contract = inverse ? INVERSE : LINEAR;
    const key = { strategy, exchange: contract.exchange, symbol: contract.symbol };
    const payment = { ...key, paymentId: `p${at}`, amount: lots / 100, currency, timeMs: at };
    if (kind < 5) {
      const rest = { fillId: `f${at}`, strategy, fee: 0.001 * (pick % 7), feeCurrency: currency, timeMs: at };
      return ledger.applyFill((inverse ? inverseFill : fill)(lots, price, rest));
    }
    if (kind === 5) return ledger.applyFunding(payment);
    if (kind === 6) return ledger.applyBorrow(payment);
    if (kind === 7) return ledger.applyMark({ ...key, price, timeMs: at });
    if (kind === 8) return ledger.applyTouch({ ...key, bid: price, ask: price + 0.5, timeMs: at });
    if (kind === 9) return rates.applyRate({ currency, rate: price, timeMs: at });
    const fillId = `f${pick}`;
    return kind === 10
      ? ledger.applyCorrection({ kind: 'bust', fillId, ...key })
      : ledger.applyCorrection({ kind: 'correct', fillId, ...key, price });
  });
}

test('a ledger that is killed and restored at any moment goes on as if nothing had happened', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.nat(), options, (day, moment, chosen) => {
      const cut = moment % day.length;
      const rates = new RateBook('USD');
      const ledger = new PositionLedger({ ...chosen, rates });
      ledger.defineContract(LINEAR);
      ledger.defineContract(INVERSE);
      apply(ledger, rates, day.slice(0, cut), 0);
      const bytes = ledger.snapshot();

      const ratesAfter = new RateBook('USD');
      const restored = PositionLedger.restore(bytes, { ...chosen, rates: ratesAfter });
      expect(restored.snapshot()).toEqual(bytes);
      expect(stateOf(restored)).toEqual(stateOf(ledger));
      expect(apply(restored, ratesAfter, day, cut)).toEqual(apply(ledger, rates, day, cut));
      expect(restored.snapshot()).toEqual(ledger.snapshot());
      expect(stateOf(restored)).toEqual(stateOf(ledger));
      expect(restored.cashIdentityError()).toBe(ledger.cashIdentityError());
    }),
    { numRuns: 200 },
  );
});

describe('a snapshot', () => {
  const filled = (chosen: PositionLedgerOptions = {}): PositionLedger => {
    const ledger = new PositionLedger({ fillIdLimit: 100, ...chosen });
    ledger.defineContract(LINEAR);
    for (let at = 0; at < 20; at++) ledger.applyFill(fill(1 + (at % 3), 100 + at, { fillId: `f${at}`, fee: 0.1 }));
    return ledger;
  };
  const errorOf = (bytes: Uint8Array, chosen: PositionLedgerOptions = {}): unknown => {
    try {
      PositionLedger.restore(bytes, { fillIdLimit: 100, ...chosen });
      return 'restored';
    } catch (error) {
      if (!(error instanceof QuantError)) throw error;
      return error.code;
    }
  };

  test('is refused when any of its bytes is another, or some are missing or too many', () => {
    const bytes = filled().snapshot();
    for (let at = 0; at < bytes.length; at += at < 64 ? 1 : 37) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 0x41;
      expect([at, errorOf(damaged)]).toEqual([at, at >= 8 && at < 12 ? 'snapshot_version' : 'snapshot_damaged']);
    }
    for (const length of [0, 1, 23, 24, 100, bytes.length - 8, bytes.length - 1]) {
      expect(errorOf(bytes.slice(0, length))).toBe('snapshot_damaged');
    }
    expect(errorOf(Uint8Array.of(...bytes, 0))).toBe('snapshot_damaged');
    expect(errorOf(undefined as unknown as Uint8Array)).toBe('snapshot_damaged');
    expect(errorOf(new Uint8Array(1000))).toBe('snapshot_damaged');
  });

  test('is refused by a ledger that would go on differently, and says which option does not fit', () => {
    const bytes = filled({ costMethod: 'fifo' }).snapshot();
    expect(errorOf(bytes)).toBe('snapshot_conflict');
    expect(() => PositionLedger.restore(bytes, { costMethod: 'lifo' })).toThrow(
      /its costMethod is fifo; set costMethod/,
    );
    expect(errorOf(bytes, { costMethod: 'fifo', tradeGrouping: 'fill-to-fill' })).toBe('snapshot_conflict');
    expect(errorOf(bytes, { costMethod: 'fifo' })).toBe('restored');
    const two = filled();
    two.applyFill(fill(1, 100, { strategy: 'second', fee: 1, feeCurrency: 'BNB' }));
    expect(errorOf(two.snapshot(), { positionLimit: 1 })).toBe('snapshot_conflict');
    expect(errorOf(two.snapshot(), { currencyLimit: 1 })).toBe('snapshot_conflict');
  });

  test('may be taken into a ledger that remembers fewer fills: the latest stay correctable', () => {
    const restored = PositionLedger.restore(filled().snapshot(), { fillIdLimit: 5 });
    expect(restored.applyFill(fill(1, 1, { fillId: 'f19' }))).toBe('duplicate');
    expect(restored.applyCorrection({ kind: 'bust', fillId: 'f14', ...KEY })).toBe('unknown_fill');
    expect(restored.applyCorrection({ kind: 'bust', fillId: 'f15', ...KEY })).toBe('applied');
    const other = filled();
    other.applyCorrection({ kind: 'bust', fillId: 'f15', ...KEY });
    expect(stateOf(restored)).toEqual(stateOf(other));
  });

  test('brings the contracts with it, and the same terms may be defined again', () => {
    const restored = PositionLedger.restore(filled().snapshot());
    expect(restored.contract(LINEAR.exchange, LINEAR.symbol)).toEqual(LINEAR);
    restored.defineContract(LINEAR);
    expect(() => restored.defineContract({ ...LINEAR, multiplier: 2 })).toThrow(
      expect.objectContaining({ code: 'contract_conflict' }),
    );
  });

  test('keeps every double as it is, and names in any script', () => {
    const ledger = filled();
    ledger.applyFill(fill(1e-100, 1e100, { strategy: '戦略 "é"\u0000', fee: -0, feeCurrency: '円' }));
    ledger.applyFill(fill(0.1, 0.3, { strategy: 'x', fee: 5e-324 }));
    const restored = PositionLedger.restore(ledger.snapshot(), { fillIdLimit: 100 });
    expect(stateOf(restored)).toEqual(stateOf(ledger));
  });

  test('of 10,000 symbols with a full journal stays within its bound and is whole', () => {
    const ledger = new PositionLedger({ fillIdLimit: 20_000, costMethod: 'fifo' });
    for (let at = 0; at < 10_000; at++) ledger.defineContract({ ...LINEAR, symbol: `S${at}` });
    const answers = new Set<string>();
    for (let at = 0; at < 30_000; at++) {
      const symbol = `S${at % 10_000}`;
      answers.add(ledger.applyFill(fill(at % 2 === 0 ? 1 : -1, 100 + (at % 7), { fillId: `${at}`, symbol })));
    }
    expect([...answers]).toEqual(['applied']);
    expect(ledger.positions()).toHaveLength(10_000);
    const bytes = ledger.snapshot();
    expect(bytes.length).toBeLessThan(20_000 * 110 + 10_000 * 1200);
    const restored = PositionLedger.restore(bytes, { fillIdLimit: 20_000, costMethod: 'fifo' });
    const sum = (one: PositionLedger, of: (position: Position) => number): number =>
      one.positions().reduce((total, position) => total + of(position), 0);
    for (const key of ['quantity', 'realizedPnl', 'fillCount'] as const) {
      expect(sum(restored, (position) => position[key])).toBe(sum(ledger, (position) => position[key]));
    }
    expect(restored.cashIdentityError()).toBe(ledger.cashIdentityError());
  });
});

test('the checksum is that of gzip', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(crc32(bytes)).toBe(reference(bytes));
    }),
  );
});

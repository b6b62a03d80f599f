import { SeededRandom } from './seeded-random.ts';

/** Symbols of the desk that records; each has a count and a quantity. */
export const SYMBOLS = ['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7'] as const;

/** One call of `add` on both counters. */
export interface Update {
  readonly symbol: number;
  /** In eighths, so that sums of doubles are exact in any order. */
  readonly quantity: number;
}

/** What was recorded, by symbol. */
export interface Recorded {
  readonly fills: number[];
  readonly quantity: number[];
}

/** The updates of a batch: a pure function, so that the totals of any batch of any life are known without having been told. */
export function batchOf(seed: number, life: number, batch: number, updates: number): Update[] {
  const random = new SeededRandom(seed * 1_000_003 + life * 7919 + batch);
  return Array.from({ length: updates }, () => ({
    symbol: random.integer(0, SYMBOLS.length - 1),
    quantity: random.integer(1, 64) / 8,
  }));
}

/** Totals of one life after each of its batches: `totals[0]` is nothing, `totals[n]` what batches 1 to n recorded. */
export function totalsOf(seed: number, life: number, batches: number, updates: number): Recorded[] {
  const nothing = SYMBOLS.map(() => 0);
  const totals: Recorded[] = [{ fills: nothing, quantity: nothing }];
  for (let batch = 1; batch <= batches; batch += 1) {
    const before = totals[batch - 1] as Recorded;
    const after = { fills: [...before.fills], quantity: [...before.quantity] };
    for (const { symbol, quantity } of batchOf(seed, life, batch, updates)) {
      after.fills[symbol] = (after.fills[symbol] ?? 0) + 1;
      after.quantity[symbol] = (after.quantity[symbol] ?? 0) + quantity;
    }
    totals.push(after);
  }
  return totals;
}

/** The `service.instance.id` of a life; of fixed width, so that one is never part of another. */
export function instanceOf(life: number): string {
  return `life-${String(life).padStart(4, '0')}`;
}

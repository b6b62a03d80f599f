import { expect, test } from '@jest/globals';
import { settle } from '../src/demo/settle.ts';
import type { Totals } from '../src/demo/totals.ts';

const LEDGER: Totals = { fills: 2, filledQuantity: 1, fees: {}, realizedPnl: {} };

test('waits for an output that is behind', async () => {
  let asked = 0;
  const late = { name: 'late', read: () => ({ ...LEDGER, fills: Math.min(2, asked++) }) };
  await expect(settle(LEDGER, [late], 10_000)).resolves.toEqual([LEDGER]);
  expect(asked).toBe(3);
});

test('gives up at the limit and says what the output holds', async () => {
  const short = { ...LEDGER, fills: 1 };
  await expect(settle(LEDGER, [{ name: 'short', read: () => short }], 0)).resolves.toEqual([short]);
});

test('passes on the failure of an output that cannot be read', async () => {
  const broken = { name: 'broken', read: () => Promise.reject(new Error('gone')) };
  await expect(settle(LEDGER, [broken], 0)).rejects.toThrow('gone');
});

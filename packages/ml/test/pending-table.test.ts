import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
// Not exported: the table is tested where every order of calls can reach it.
import { PendingTable } from '../src/pending-table.ts';

interface Owner {
  readonly deadlineMs: number;
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('add' as const),
        id: fc.nat(40),
        deadlineMs: fc.integer({ min: -9, max: 9 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), id: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('removeEarliest' as const) }) },
  ),
  { maxLength: 300 },
);

describe('PendingTable', () => {
  test('behaves like a plain map searched for the earliest deadline, in any order of calls', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const table = new PendingTable<Owner>();
        const naive = new Map<number, Owner>();
        const found: unknown[] = [];
        const expected: unknown[] = [];
        const earliest = (): number => Math.min(Infinity, ...[...naive.values()].map(({ deadlineMs }) => deadlineMs));
        for (const each of all) {
          if (each.do === 'add') {
            if (naive.has(each.id)) continue;
            const owner = { deadlineMs: each.deadlineMs };
            naive.set(each.id, owner);
            table.add(each.id, owner, each.deadlineMs);
          } else if (each.do === 'remove') {
            found.push(table.remove(each.id));
            expected.push(naive.get(each.id));
            naive.delete(each.id);
          } else {
            // Of equal deadlines any may go first: the deadline is compared, and the very owner leaves the plain map.
            const owner = table.removeEarliest();
            found.push(owner?.deadlineMs ?? Infinity);
            expected.push(earliest());
            for (const [id, candidate] of naive) if (candidate === owner) naive.delete(id);
          }
          found.push(table.size, table.nextDeadlineMs);
          expected.push(naive.size, earliest());
        }
        expect(found).toEqual(expected);
        expect([...naive.keys()].every((id) => table.has(id))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('gives up in order of deadline, not of arrival', () => {
    const table = new PendingTable<string>();
    table.add('late', 'late', 30);
    table.add('soon', 'soon', 10);
    table.add('middle', 'middle', 20);
    expect([table.removeEarliest(), table.removeEarliest(), table.removeEarliest(), table.removeEarliest()]).toEqual([
      'soon',
      'middle',
      'late',
      undefined,
    ]);
  });

  test('tells a text from a number that looks the same', () => {
    const table = new PendingTable<string>();
    table.add('1', 'text', 1);
    table.add(1, 'number', 2);
    expect(table.remove(1)).toBe('number');
    expect(table.remove('1')).toBe('text');
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SeriesStore } from '@nanometer/live';
import type { LiveFrame, LiveSeries } from '@nanometer/live';

/** More than the store begins with. */
const IDS = 300;

function series(id: number): LiveSeries {
  return { id, name: 'x', kind: 'gauge', field: 'value', unit: '1', attributes: {}, resource: {} };
}

function frameOf(ids: readonly number[], first: number): LiveFrame {
  return {
    type: 'update',
    conflated: false,
    final: false,
    backfill: false,
    stream: 0,
    epoch: 1,
    sequence: 1,
    baseTimeMs: 1_700_000_000_000,
    count: ids.length,
    ids: Uint32Array.from(ids),
    dt: Uint32Array.from(ids, (_id, row) => row),
    values: Float64Array.from(ids, (_id, row) => first + row),
  };
}

describe('the store of a client', () => {
  test('takes rows of announced series and counts the others, whatever the order in which series are announced', () => {
    const id = fc.integer({ min: 0, max: IDS - 1 });
    const step = fc.oneof(
      fc.record({ define: fc.oneof(fc.array(id, { maxLength: 20 }), fc.constant([0, 1, 2, 3, 4])) }),
      fc.record({ apply: fc.array(fc.oneof(id, fc.constantFrom(0, 1, 2, 4_294_967_295, IDS)), { maxLength: 20 }) }),
      fc.record({ reset: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = new SeriesStore(IDS);
        const known = new Set<number>();
        const values = new Map<number, number>();
        for (const [index, each] of steps.entries()) {
          if ('define' in each) {
            store.define([...new Set(each.define)].map(series));
            for (const defined of each.define) known.add(defined);
          } else if ('apply' in each) {
            const unknown = store.apply(frameOf(each.apply, 100 * index));
            expect(unknown).toBe(each.apply.filter((row) => !known.has(row)).length);
            each.apply.forEach((row, at) => known.has(row) && values.set(row, 100 * index + at));
          } else {
            store.reset();
            known.clear();
            values.clear();
          }
        }
        expect(store.size).toBe(known.size);
        const stored = Array.from({ length: IDS }, (_, at) => (store.hasValue(at) ? store.values[at] : undefined));
        expect(stored).toEqual(Array.from({ length: IDS }, (_, at) => values.get(at)));
      }),
    );
  });
});

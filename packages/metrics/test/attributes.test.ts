import { describe, expect, test } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { MeterProvider } from '@nanometer/metrics';
import * as fc from 'fast-check';
import { AttributeIndex, OVERFLOW_ATTRIBUTES } from '../src/attributes/attribute-index.ts';
import { TestReader } from './support/test-reader.ts';

type Set = Record<string, unknown>;

function newIndex(limit = Infinity, keeps?: (key: string) => boolean): AttributeIndex {
  return new AttributeIndex({ limit, keeps, create: () => {} });
}

function setsOf(index: AttributeIndex): Attributes[] {
  return Array.from({ length: index.end }, (_, position) => index.attributesAt(position)!);
}

/** Identity spelled out: sorted keys, every value with its type. Slow, and obviously right. */
function naiveKey(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map((item) => naiveKey(item ?? null)).join()}]`;
  if (typeof value === 'object') {
    const pairs = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${pairs
      .map(([key, item]) => `${JSON.stringify(key)}:${naiveKey(item)}`)
      .sort()
      .join()}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value}:${String(value as number)}`;
}

const primitive = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    'a',
    'b',
    'a,b',
    'a"',
    '|',
    '1',
    'true',
    'null',
    'NaN',
    'undefined',
    '\u0000',
    'ä',
    '😀',
  ),
  fc.constantFrom<unknown>(0, -0, 1, NaN, Infinity, -Infinity, 5e-324, 2 ** 53, 2 ** 53 - 1, true, false, null),
  fc.string({ maxLength: 4 }),
);
const value = fc.oneof(
  { weight: 6, arbitrary: primitive },
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.array(primitive, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'y'), primitive, { maxKeys: 2 }) },
);
const key = fc.constantFrom('a', 'b', 'c', 'ab', '', '1', '__proto__', 'constructor', 'hasOwnProperty', 'otel.metric');
const attributeSet: fc.Arbitrary<Set> = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 4, selector: ([name]) => name })
  .map((pairs) => {
    const set: Set = {};
    for (const [name, item] of pairs) {
      Object.defineProperty(set, name, { value: item, enumerable: true, configurable: true, writable: true });
    }
    return set;
  });

describe('attribute identity', () => {
  test('two sets share a series exactly when their contents are equal, type by type, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(attributeSet, { maxLength: 40 }), (sets) => {
        const index = newIndex();
        const model = new Map<string, unknown>();
        // Twice, so that every set also takes the fast path.
        for (const set of [...sets, ...sets]) {
          const series = index.resolve(set as never);
          const known = model.get(naiveKey(set));
          if (known === undefined) expect([...model.values()]).not.toContain(series);
          else expect(series).toBe(known);
          model.set(naiveKey(set), series);
        }
        expect(index.size).toBe(model.size);
      }),
      { numRuns: 500 },
    );
  });

  test('sets that joined keys and JSON keys confuse are different series', () => {
    const index = newIndex();
    const different: Set[] = [
      { a: 'x|', b: 'y' },
      { a: 'x', b: '|y' },
      { a: 1 },
      { a: '1' },
      { a: true },
      { a: 'true' },
      { a: null },
      { a: NaN },
      { a: 'null' },
      {},
      { a: [1, 2] },
      { a: ['1', '2'] },
      { a: '1,2' },
      { a: { b: 1 } },
      { a: 'b', b: 'a' },
      { ab: '' },
      { a: new Uint8Array([1, 2]) },
    ];
    expect(new Set(different.map((set) => index.resolve(set as never))).size).toBe(different.length);
  });

  test('what is undefined is absent, -0 is 0, and the order of nested keys does not matter', () => {
    const index = newIndex();
    expect(index.resolve({ a: undefined } as never)).toBe(index.resolve({}));
    expect(index.resolve({ a: -0 })).toBe(index.resolve({ a: 0 }));
    expect(index.resolve({ a: { x: 1, y: 2 } } as never)).toBe(index.resolve({ a: { y: 2, x: 1 } } as never));
    expect(index.resolve(undefined)).toBe(index.resolve({}));
  });

  test('keys of a prototype do not count, known or not', () => {
    const index = newIndex();
    const plain = index.resolve({ a: 'x' });
    const inherited = Object.create({ a: 'x' }) as Set;
    expect(index.resolve(inherited as never)).toBe(index.resolve({}));
    expect(index.resolve(Object.assign(Object.create({ z: 1 }) as Set, { a: 'x' }) as never)).toBe(plain);
    expect(index.resolve(Object.assign(Object.create(null) as Set, { a: 'x' }) as never)).toBe(plain);
  });

  test('keys that a view drops do not count, in any position', () => {
    fc.assert(
      fc.property(fc.array(attributeSet, { maxLength: 20 }), (sets) => {
        const keeps = (name: string): boolean => name !== 'b' && name !== '1';
        const filtered = newIndex(Infinity, keeps);
        const plain = newIndex();
        const pairs = new Map<unknown, unknown>();
        for (const set of [...sets, ...sets]) {
          const kept: Set = {};
          for (const name of Object.keys(set)) {
            if (keeps(name)) Object.defineProperty(kept, name, { value: set[name], enumerable: true });
          }
          const series = filtered.resolve(set as never);
          const expected = plain.resolve(kept as never);
          expect(pairs.get(series) ?? expected).toBe(expected);
          pairs.set(series, expected);
        }
        expect(filtered.size).toBe(plain.size);
      }),
    );
  });

  test('a getter that answers differently every time cannot mislead a later call', () => {
    const index = newIndex();
    let calls = 0;
    const shifty = {
      get a() {
        return `value-${calls++}`;
      },
    };
    for (let i = 0; i < 5; i++) index.resolve(shifty);
    expect(setsOf(index).map((set) => index.resolve({ ...set }))).toEqual([0, 1, 2, 3, 4]);
  });

  test('forgetting series frees their places and keeps the others findable', () => {
    const index = newIndex(3);
    const sets = ['a', 'b', 'c'].map((name) => ({ name }));
    const [, b] = sets.map((set) => index.resolve(set));
    index.resolve({ name: 'too many' });
    index.retain((position) => position === b);
    expect(index.resolve({ name: 'b' })).toBe(b);
    expect(index.attributesAt(index.resolve({ name: 'd' }))).toEqual({ name: 'd' });
    expect(setsOf(index).filter((set) => set !== undefined)).toHaveLength(3);
    expect(setsOf(index)).toEqual(expect.arrayContaining([{ name: 'b' }, OVERFLOW_ATTRIBUTES, { name: 'd' }]));
  });
});

describe("the caller's attribute object", () => {
  test('is not kept: changing it later changes no exported point', async () => {
    const reader = new TestReader();
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    const attributes: Set = { a: 'x', list: [1], map: { k: 'v' } };
    counter.add(1, attributes as never);
    attributes['a'] = 'changed';
    (attributes['list'] as number[]).push(2);
    (attributes['map'] as Set)['k'] = 'changed';
    expect(await reader.values('c')).toEqual([[{ a: 'x', list: [1], map: { k: 'v' } }, 1]]);
  });

  test('is read anew on every call, even when it is the same object', async () => {
    const reader = new TestReader();
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    const attributes = { a: 'x' };
    counter.add(1, attributes);
    counter.add(1, attributes);
    attributes.a = 'y';
    counter.add(5, attributes);
    expect(await reader.values('c')).toEqual([
      [{ a: 'x' }, 2],
      [{ a: 'y' }, 5],
    ]);
  });

  test('may be frozen, of any class, or without a prototype', async () => {
    class Labels {
      a = 'x';
    }
    const reader = new TestReader();
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    counter.add(1, Object.freeze({ a: 'x' }));
    counter.add(1, new Labels() as never);
    counter.add(1, Object.assign(Object.create(null) as object, { a: 'x' }));
    expect(await reader.values('c')).toEqual([[{ a: 'x' }, 3]]);
  });

  test('appears in points as a plain frozen object with the keys in the order first seen', async () => {
    const reader = new TestReader();
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    counter.add(1, { z: 1, a: 2 });
    counter.add(1, { a: 2, z: 1 });
    const [point] = await reader.points('c');
    expect(Object.getPrototypeOf(point!.attributes)).toBe(Object.prototype);
    expect(Object.isFrozen(point!.attributes)).toBe(true);
    expect(Object.keys(point!.attributes as object)).toEqual(['z', 'a']);
    expect(point!.value).toBe(2);
  });
});

describe('cardinality limit', () => {
  test('admits exactly the limit, then one overflow series takes every other measurement', async () => {
    const reader = new TestReader({ limit: 3 });
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    for (let id = 0; id < 10; id++) counter.add(1, { id });
    for (let id = 0; id < 10; id++) counter.add(10, { id });
    expect(await reader.values('c')).toEqual([
      [{ id: 0 }, 11],
      [{ id: 1 }, 11],
      [{ id: 2 }, 11],
      [{ 'otel.metric.overflow': true }, 77],
    ]);
  });

  test('holds over the life of the stream, not per interval', async () => {
    const reader = new TestReader({ limit: 5 });
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    for (let interval = 0; interval < 20; interval++) {
      for (let id = 0; id < 5; id++) counter.add(1, { id: interval * 5 + id });
      expect((await reader.points('c')).length).toBeLessThanOrEqual(6);
    }
    const total = (await reader.values('c')).reduce((sum, [, value]) => sum + (value as number), 0);
    expect(total).toBe(100);
  });

  test('a recorded overflow set and the overflow itself are one series', async () => {
    const reader = new TestReader({ limit: 2 });
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    counter.add(1, { 'otel.metric.overflow': true });
    for (let id = 0; id < 4; id++) counter.add(1, { id });
    const overflowing = (await reader.values('c')).filter(([set]) => 'otel.metric.overflow' in (set as object));
    expect(overflowing).toHaveLength(1);
  });

  test('the cache of paths stays bounded under attribute sets that never repeat', () => {
    const index = newIndex(10);
    for (let i = 0; i < 50_000; i++) index.resolve({ id: `id-${i}`, nested: i });
    expect(index.size).toBe(11);
  });
});

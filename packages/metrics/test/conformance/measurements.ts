import { expect } from '@jest/globals';
import { type Attributes, ValueType } from '@opentelemetry/api';
import { createAllowListAttributesProcessor } from '@nanometer/metrics';
import { deltaReader } from '../support/test-reader.ts';
import { requirement, section, type Section, stockFails, stockLacks } from './requirement.ts';

const HOSTILE = Object.defineProperty({}, 'k', {
  enumerable: true,
  get: () => {
    throw new Error('getter');
  },
}) as Attributes;

const CYCLE: Record<string, unknown> = {};
CYCLE['self'] = CYCLE;

export const MEASUREMENTS: readonly Section[] = [
  section('common', 'Error handling: basic principles', [
    requirement('MUST NOT', 'recording throws, whatever the value', (sdk) => {
      const { meter } = sdk.setUp();
      const counter = meter.createCounter('c');
      const histogram = meter.createHistogram('h', { valueType: ValueType.INT });
      for (const value of ['1', 1n, null, undefined, {}, Number.NaN, Infinity, -1] as number[]) {
        expect(() => counter.add(value)).not.toThrow();
        expect(() => histogram.record(value)).not.toThrow();
      }
    }),
    requirement(
      'MUST NOT',
      'recording throws, whatever the attributes',
      (sdk) => {
        const { meter } = sdk.setUp();
        const counter = meter.createCounter('c');
        for (const attributes of [
          { a: 1n },
          { a: Symbol('s') },
          { a: CYCLE },
          HOSTILE,
          null,
        ] as unknown as Attributes[]) {
          expect(() => counter.add(1, attributes)).not.toThrow();
        }
      },
      stockFails('a BigInt or a cycle among attributes throws out of `add`', 'D6'),
    ),
  ]),
  section('sdk', 'Numerical limits handling', [
    requirement(
      'MUST',
      'NaN and infinities do not spoil a sum',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const counter = meter.createCounter('c');
        const upDown = meter.createUpDownCounter('u');
        for (const value of [1, Number.NaN, 2, Infinity, 3]) {
          counter.add(value);
          upDown.add(-value);
        }
        expect(await reader.values('c')).toEqual([[{}, 6]]);
        expect(await reader.values('u')).toEqual([[{}, -6]]);
      },
      stockFails('one NaN or infinity spoils the sum for ever', 'D5'),
    ),
    requirement(
      'MUST',
      'NaN and infinities do not spoil a histogram',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const histogram = meter.createHistogram('h');
        for (const value of [1, Number.NaN, 2, Infinity, 3]) histogram.record(value);
        expect((await reader.points('h'))[0]!.value).toMatchObject({ count: 3, sum: 6, min: 1, max: 3 });
      },
      stockFails('one infinity spoils sum and maximum', 'D5'),
    ),
    requirement(
      'MUST',
      'whole numbers to 2^53 are summed exactly, and zeros and subnormals are values',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const counter = meter.createCounter('c');
        counter.add(2 ** 53 - 2);
        counter.add(1);
        counter.add(-0);
        counter.add(5e-324, { k: 'subnormal' });
        expect(await reader.values('c')).toEqual([
          [{}, Number.MAX_SAFE_INTEGER],
          [{ k: 'subnormal' }, 5e-324],
        ]);
      },
    ),
    requirement('SHOULD', 'whole-number instruments take whole numbers', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const counter = meter.createUpDownCounter('c', { valueType: ValueType.INT });
      for (const value of [3.9, -1.9, Number.NaN, Infinity]) counter.add(value);
      expect(await reader.values('c')).toEqual([[{}, 2]]);
    }),
  ]),
  section('api', 'Counter and Histogram: non-negative values', [
    requirement('SHOULD', 'negative values are left out', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      meter.createCounter('c').add(1);
      meter.createCounter('c').add(-1);
      meter.createHistogram('h').record(-0.5);
      expect((await reader.metrics()).map(({ descriptor }) => descriptor.name)).toEqual(['c']);
      expect(await reader.values('c')).toEqual([[{}, 1]]);
    }),
  ]),
  section('data-model', 'Timeseries: identity by attributes', [
    requirement('MUST', 'sets are equal by contents, in any order of keys', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const counter = meter.createCounter('c');
      counter.add(1, { a: 1, b: 'x' });
      counter.add(1, { b: 'x', a: 1 });
      counter.add(1, {});
      counter.add(1);
      expect(await reader.values('c')).toEqual([
        [{ a: 1, b: 'x' }, 2],
        [{}, 2],
      ]);
    }),
    requirement('MUST', 'types of values count', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const counter = meter.createCounter('c');
      const sets = [{ a: 1 }, { a: '1' }, { a: true }, { a: 'true' }, { a: ['1'] }, { a: [1] }, { a: '["1"]' }];
      for (const set of sets) counter.add(1, set);
      expect((await reader.values('c')).map(([set]) => set)).toEqual(sets);
    }),
    requirement(
      'MUST',
      'NaN, null and absent values are different',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const counter = meter.createCounter('c');
        for (const a of [Number.NaN, null, undefined]) counter.add(1, { a } as unknown as Attributes);
        expect(await reader.points('c')).toHaveLength(3);
      },
      stockFails('NaN, null and undefined attributes are one', 'D6'),
    ),
    requirement(
      'MUST',
      'nested maps are equal in any order of keys',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const counter = meter.createCounter('c');
        counter.add(1, { m: { x: 1, y: 2 } } as unknown as Attributes);
        counter.add(1, { m: { y: 2, x: 1 } } as unknown as Attributes);
        expect((await reader.points('c')).map(({ value }) => value as number)).toEqual([2]);
      },
      stockFails('the order of nested keys splits a series', 'D6'),
    ),
    requirement(
      'MUST',
      'the caller’s later changes to the object do not change the series',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const attributes = { venue: 'a' };
        meter.createCounter('c').add(1, attributes);
        attributes.venue = 'b';
        expect(await reader.values('c')).toEqual([[{ venue: 'a' }, 1]]);
      },
      stockFails('keeps the caller’s attributes: changing them rewrites the exported labels', 'D7'),
    ),
  ]),
  section('common', 'Attribute limits: exempt entities', [
    requirement('MUST NOT', 'attributes of metrics are cut, in number or length', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const keys = Array.from({ length: 200 }, (_, i) => `key${i}`);
      const attributes = Object.fromEntries(keys.map((key) => [key, key.repeat(1000)]));
      meter.createCounter('c').add(1, attributes);
      expect(await reader.values('c')).toEqual([[attributes, 1]]);
    }),
  ]),
  section('sdk', 'Concurrency requirements and performance', [
    requirement(
      'SHOULD NOT',
      'recording into a series that exists reads the clock',
      (sdk) => {
        const { meter } = sdk.setUp();
        const counter = meter.createCounter('c');
        const histogram = meter.createHistogram('h');
        counter.add(1, { a: 1 });
        histogram.record(1, { a: 1 });
        const { now } = Date;
        let reads = 0;
        Date.now = () => {
          reads++;
          return now();
        };
        try {
          counter.add(1, { a: 1 });
          histogram.record(1, { a: 1 });
        } finally {
          Date.now = now;
        }
        expect(reads).toBe(0);
      },
      stockFails('reads the clock and hashes the attributes on every record', 'D11'),
    ),
  ]),
  section('sdk', 'Bind', [
    requirement(
      'MUST',
      'bound recordings behave as unbound ones with the same attributes',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const counter = meter.createCounter('c');
        const attributes = { a: 1 };
        const bound = counter.bind(attributes);
        attributes.a = 2;
        bound.add(1);
        counter.add(1, { a: 1 });
        counter.bind().add(7);
        counter.add(1);
        expect(await reader.values('c')).toEqual([
          [{ a: 1 }, 2],
          [{}, 8],
        ]);
      },
      stockLacks('bind'),
    ),
    requirement(
      'MUST',
      'the cardinality decision is made at bind time, for each bind, and kept',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({}, { limit: 1 });
        const counter = meter.createCounter('c');
        const first = counter.bind({ id: 1 });
        const second = counter.bind({ id: 2 });
        second.add(1);
        first.add(10);
        expect(await reader.values('c')).toEqual([
          [{ id: 1 }, 10],
          [{ 'otel.metric.overflow': true }, 1],
        ]);
      },
      stockLacks('bind'),
    ),
    requirement(
      'MUST',
      'a handle survives collections of every temporality',
      async (sdk) => {
        const delta = deltaReader();
        const { meter, reader } = sdk.setUp({ readers: [delta] });
        const bound = meter.createCounter('c').bind({ a: 1 });
        bound.add(1);
        expect(await delta.values('c')).toEqual([[{ a: 1 }, 1]]);
        bound.add(2);
        expect(await delta.values('c')).toEqual([[{ a: 1 }, 2]]);
        expect(await reader.values('c')).toEqual([[{ a: 1 }, 3]]);
      },
      stockLacks('bind'),
    ),
    requirement(
      'MUST',
      'attribute processing of views applies at bind time',
      async (sdk) => {
        const processor = createAllowListAttributesProcessor(['keep']);
        const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'c', attributesProcessors: [processor] }] });
        meter.createCounter('c').bind({ keep: 1, drop: 2 }).add(1);
        expect(await reader.values('c')).toEqual([[{ keep: 1 }, 1]]);
      },
      stockLacks('bind'),
    ),
  ]),
];

import { expect } from '@jest/globals';
import { createAllowListAttributesProcessor } from '@nanometer/metrics';
import { deltaReader } from '../support/test-reader.ts';
import { requirement, section, type Section, stockFails } from './requirement.ts';

const OVERFLOW = { 'otel.metric.overflow': true };

function sumOf(values: readonly [unknown, number][]): number {
  return values.reduce((total, [, value]) => total + value, 0);
}

export const CARDINALITY: readonly Section[] = [
  section('sdk', 'Cardinality limits', [
    requirement(
      'MUST',
      'is a hard limit on the points of a collection, over the life of a cumulative stream',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({}, { limit: 50 });
        const counter = meter.createCounter('c');
        for (let interval = 0; interval < 4; interval++) {
          for (let id = 0; id < 40; id++) counter.add(1, { id: interval * 40 + id });
          const values = await reader.values('c');
          expect(values.length).toBeLessThanOrEqual(51);
          expect(sumOf(values)).toBe((interval + 1) * 40);
        }
      },
      stockFails('the cardinality limit is one of each interval, so that series pile up without end', 'D1'),
    ),
    requirement(
      'MUST NOT',
      'overflows while the distinct sets are at most the limit',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({}, { limit: 3 });
        for (let id = 0; id < 3; id++) meter.createCounter('c').add(1, { id });
        expect((await reader.values('c')).map(([set]) => set)).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }]);
      },
      stockFails('the limit counts the overflow series: N distinct sets overflow at N', 'D9'),
    ),
    requirement('MUST', 'what does not fit goes to a series with only otel.metric.overflow=true', async (sdk) => {
      const { meter, reader } = sdk.setUp({}, { limit: 10 });
      for (let id = 0; id < 30; id++) meter.createCounter('c').add(1, { id });
      const values = await reader.values('c');
      const overflow = values.filter(([set]) => 'otel.metric.overflow' in (set as object));
      expect(overflow.map(([set]) => set)).toEqual([OVERFLOW]);
      expect(overflow[0]![1] + values.length - 1).toBe(30);
    }),
    requirement('SHOULD', 'is enforced after attribute filtering', async (sdk) => {
      const attributesProcessors = [createAllowListAttributesProcessor(['a'])];
      const views = [{ instrumentName: 'c', attributesProcessors, aggregationCardinalityLimit: 5 }];
      const { meter, reader } = sdk.setUp({ views });
      for (let id = 0; id < 30; id++) meter.createCounter('c').add(1, { a: 1, id });
      expect(await reader.values('c')).toEqual([[{ a: 1 }, 30]]);
    }),
  ]),
  section('sdk', 'Cardinality limits: configuration', [
    requirement('SHOULD', 'a view’s limit is used', async (sdk) => {
      const views = [{ instrumentName: 'c', aggregationCardinalityLimit: 4 }];
      const { meter, reader } = sdk.setUp({ views }, { limit: 100 });
      for (let id = 0; id < 30; id++) meter.createCounter('c').add(1, { id });
      expect((await reader.points('c')).length).toBeLessThanOrEqual(5);
    }),
    requirement('SHOULD', 'else the reader’s, without a view', async (sdk) => {
      const { meter, reader } = sdk.setUp({}, { limit: 4 });
      for (let id = 0; id < 30; id++) meter.createCounter('c').add(1, { id });
      expect((await reader.points('c')).length).toBeLessThanOrEqual(5);
    }),
    requirement(
      'SHOULD',
      'else the reader’s, under a view that has none',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'c', description: 'viewed' }] }, { limit: 4 });
        for (let id = 0; id < 30; id++) meter.createCounter('c').add(1, { id });
        expect((await reader.points('c')).length).toBeLessThanOrEqual(5);
      },
      stockFails('a view without limit ignores the reader'),
    ),
    requirement('SHOULD', 'else 2,000', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      reader.selectCardinalityLimit = undefined as never;
      for (let id = 0; id < 2100; id++) meter.createCounter('c').add(1, { id });
      const points = await reader.points('c');
      expect(points.length).toBeGreaterThanOrEqual(2000);
      expect(points.length).toBeLessThanOrEqual(2001);
    }),
  ]),
  section('sdk', 'Cardinality limits: synchronous instruments', [
    requirement(
      'MUST',
      'cumulative: sets seen before the overflow stay, and keep their own values',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({}, { limit: 3 });
        const counter = meter.createCounter('c');
        for (let round = 0; round < 3; round++) {
          for (const id of [0, 1, 2, 3, 4]) counter.add(1, { id });
          expect(await reader.values('c')).toEqual([
            [{ id: 0 }, round + 1],
            [{ id: 1 }, round + 1],
            [{ id: 2 }, round + 1],
            [OVERFLOW, 2 * (round + 1)],
          ]);
        }
      },
      stockFails('the limit counts the overflow series: N distinct sets overflow at N', 'D9'),
    ),
    requirement('MUST', 'every measurement is in exactly one series, whatever the temporality', async (sdk) => {
      const delta = deltaReader({ limit: 3 });
      const { meter, reader } = sdk.setUp({ readers: [delta] }, { limit: 3 });
      let received = 0;
      for (let round = 1; round <= 3; round++) {
        for (let id = 0; id < 10; id++) meter.createCounter('c').add(1, { id });
        received += sumOf(await delta.values('c'));
        expect(received).toBe(10 * round);
        expect(sumOf(await reader.values('c'))).toBe(10 * round);
      }
    }),
  ]),
  section('sdk', 'Cardinality limits: asynchronous instruments', [
    requirement('SHOULD', 'prefer the sets observed first', async (sdk) => {
      const { meter, reader } = sdk.setUp({}, { limit: 3 });
      meter.createObservableGauge('g').addCallback((result) => {
        for (let id = 0; id < 10; id++) result.observe(id, { id });
      });
      const sets = (await reader.points('g')).map(({ attributes }) => attributes);
      expect(sets.slice(0, 2)).toEqual([{ id: 0 }, { id: 1 }]);
    }),
    requirement(
      'MUST NOT',
      'the overflow drops or double-counts what was observed',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({}, { limit: 2 });
        meter.createObservableCounter('c').addCallback((result) => {
          for (const [id, value] of [1, 2, 3, 4].entries()) result.observe(value, { id });
        });
        for (let collection = 0; collection < 3; collection++) expect(sumOf(await reader.values('c'))).toBe(10);
      },
      stockFails('an observed overflow has the last value, and grows with every collection', 'D9b'),
    ),
  ]),
];

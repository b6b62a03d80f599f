import { expect } from '@jest/globals';
import type { BatchObservableResult, ObservableResult } from '@opentelemetry/api';
import { createDenyListAttributesProcessor } from '@nanometer/metrics';
import { deltaReader, TestReader } from '../support/test-reader.ts';
import { requirement, section, type Section, stockFails } from './requirement.ts';

export const OBSERVABLES: readonly Section[] = [
  section('api', 'Asynchronous instrument API', [
    requirement('MUST', 'callbacks are added after creation, once each, and removed', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const gauge = meter.createObservableGauge('g');
      let runs = 0;
      const callback = (result: ObservableResult): void => {
        runs++;
        result.observe(1);
      };
      gauge.addCallback(callback);
      gauge.addCallback(callback);
      expect(await reader.values('g')).toEqual([[{}, 1]]);
      expect(runs).toBe(1);
      gauge.removeCallback(callback);
      gauge.removeCallback(callback);
      await reader.metrics();
      expect(runs).toBe(1);
    }),
    requirement('MUST', 'every callback runs exactly once per collection', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const runs = [0, 0];
      const gauge = meter.createObservableGauge('g');
      gauge.addCallback((result) => result.observe(++runs[0]!, { callback: 0 }));
      gauge.addCallback((result) => result.observe(++runs[1]!, { callback: 1 }));
      for (let collection = 1; collection <= 3; collection++) {
        await reader.metrics();
        expect(runs).toEqual([collection, collection]);
      }
    }),
    requirement('SHOULD', 'of several observations of one set in a callback the last counts', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      meter.createObservableCounter('c').addCallback((result) => {
        result.observe(5, { a: 1, b: 2 });
        result.observe(7, { b: 2, a: 1 });
      });
      expect((await reader.values('c')).map(([, value]) => value as number)).toEqual([7]);
    }),
  ]),
  section('api', 'Multiple-instrument callbacks', [
    requirement(
      'MUST',
      'observe the instruments they were registered for, distinguishably, and no others',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const a = meter.createObservableCounter('a');
        const b = meter.createObservableGauge('b');
        const stranger = meter.createObservableGauge('stranger');
        let runs = 0;
        const callback = (result: BatchObservableResult): void => {
          runs++;
          result.observe(a, 1, { k: 1 });
          result.observe(b, 2);
          result.observe(stranger, 3);
          result.observe({} as never, 4);
        };
        meter.addBatchObservableCallback(callback, [a, b]);
        meter.addBatchObservableCallback(callback, [b, a]);
        meter.addBatchObservableCallback(callback, [{} as never]);
        expect((await reader.metrics()).map((m) => [m.descriptor.name, m.dataPoints[0]!.value])).toEqual([
          ['a', 1],
          ['b', 2],
        ]);
        meter.removeBatchObservableCallback(callback, [a, b]);
        await reader.metrics();
        expect(runs).toBe(1);
      },
    ),
  ]),
  section('sdk', 'Observations inside asynchronous callbacks', [
    requirement(
      'MUST',
      'observations belong only to the reader that collects',
      async (sdk) => {
        const other = deltaReader();
        const { meter, reader } = sdk.setUp({
          readers: [other],
          views: [{ instrumentName: '*', description: 'shared' }],
        });
        let seen = 'first';
        meter.createObservableGauge('g').addCallback((result) => result.observe(1, { seen }));
        await reader.metrics();
        seen = 'second';
        expect(await other.values('g')).toEqual([[{ seen: 'second' }, 1]]);
      },
      stockFails('observations made for one reader are reported to another', 'D4'),
    ),
    requirement(
      'MUST',
      'two readers that collect at the same time do not mix their observations',
      async (sdk) => {
        const other = new TestReader();
        const { meter, reader } = sdk.setUp({ readers: [other] });
        const releases: (() => void)[] = [];
        meter.createObservableGauge('g').addCallback(async (result) => {
          const run = releases.length;
          await new Promise<void>((resolve) => {
            releases.push(resolve);
          });
          result.observe(run, { run });
        });
        const both = [reader.values('g'), other.values('g')];
        expect(releases).toHaveLength(2);
        releases[1]!();
        expect(await both[1]).toEqual([[{ run: 1 }, 1]]);
        releases[0]!();
        expect(await both[0]).toEqual([[{ run: 0 }, 0]]);
      },
      stockFails('observations made for one reader are reported to another', 'D4'),
    ),
    requirement('SHOULD', 'a callback that takes too long is given up, and the others count', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      meter.createObservableGauge('hangs').addCallback(async (result) => {
        result.observe(1);
        await new Promise(() => {});
      });
      meter.createObservableGauge('works').addCallback((result) => result.observe(2));
      const collection = reader.collect({ timeoutMillis: 100 });
      sdk.pass(100);
      const { resourceMetrics, errors } = await collection;
      const names = resourceMetrics.scopeMetrics.flatMap((s) => s.metrics.map(({ descriptor }) => descriptor.name));
      expect(names).toEqual(['works']);
      expect(errors.map((error) => (error as Error).constructor.name)).toEqual(['TimeoutError']);
    }),
    requirement(
      'SHOULD',
      'a callback that throws or rejects costs its own observations and is reported',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        meter.createObservableGauge('throws').addCallback((result) => {
          result.observe(1);
          throw new Error('sync');
        });
        meter.createObservableGauge('rejects').addCallback(async (result) => {
          result.observe(1);
          throw new Error('async');
        });
        meter.createObservableGauge('works').addCallback((result) => result.observe(2));
        const { resourceMetrics, errors } = await reader.collect();
        const names = resourceMetrics.scopeMetrics.flatMap((s) => s.metrics.map(({ descriptor }) => descriptor.name));
        expect(names).toEqual(['works']);
        expect(errors.map((error) => (error as Error).message)).toEqual(['sync', 'async']);
      },
    ),
    requirement('SHOULD', 'observations outside of a callback are disregarded', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const kept: ObservableResult[] = [];
      meter.createObservableGauge('g').addCallback((result) => {
        kept.push(result);
        result.observe(1, { in: true });
      });
      await reader.metrics();
      kept[0]!.observe(99, { out: true });
      expect(await reader.values('g')).toEqual([[{ in: true }, 1]]);
    }),
    requirement(
      'SHOULD NOT',
      'a set that is no longer observed is exported, cumulative',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        let symbols = ['a', 'b'];
        meter.createObservableGauge('g').addCallback((result) => {
          for (const symbol of symbols) result.observe(1, { symbol });
        });
        expect(await reader.points('g')).toHaveLength(2);
        symbols = ['b'];
        expect(await reader.values('g')).toEqual([[{ symbol: 'b' }, 1]]);
        symbols = [];
        expect(await reader.metrics()).toEqual([]);
      },
      stockFails('a set that is gone stays exported for ever', 'D2'),
    ),
    requirement('SHOULD NOT', 'a set that is no longer observed is exported, delta', async (sdk) => {
      const { meter, reader } = sdk.setUp({}, { temporality: 0 });
      let symbols = ['a', 'b'];
      meter.createObservableCounter('c').addCallback((result) => {
        for (const symbol of symbols) result.observe(5, { symbol });
      });
      expect(await reader.points('c')).toHaveLength(2);
      symbols = ['b'];
      expect(await reader.values('c')).toEqual([[{ symbol: 'b' }, 0]]);
    }),
    requirement('MUST', 'a delta is what was observed minus what was observed before', async (sdk) => {
      const { meter, reader } = sdk.setUp({}, { temporality: 0 });
      let value = 1;
      meter.createObservableUpDownCounter('u').addCallback((result) => result.observe(value));
      const seen: unknown[] = [];
      for (value of [1, 10, 4]) seen.push((await reader.values('u'))[0]![1]);
      expect(seen).toEqual([1, 9, -6]);
    }),
  ]),
  section('data-model', 'Spatial re-aggregation', [
    requirement(
      'SHOULD',
      'observed sums whose attributes a view makes equal are added up',
      async (sdk) => {
        const views = [{ instrumentName: '*', attributesProcessors: [createDenyListAttributesProcessor(['cpu'])] }];
        const { meter, reader } = sdk.setUp({ views });
        meter.createObservableCounter('sum').addCallback((result) => {
          for (const cpu of [0, 1, 2]) result.observe(10 + cpu, { cpu });
        });
        expect(await reader.values('sum')).toEqual([[{}, 33]]);
      },
      stockFails('the last one replaces the others'),
    ),
  ]),
];

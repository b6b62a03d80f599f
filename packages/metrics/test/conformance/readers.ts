import { expect } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AggregationTemporality, AggregationType } from '@nanometer/metrics';
import { deltaReader, type TestReader } from '../support/test-reader.ts';
import { requirement, section, type Section, stockFails } from './requirement.ts';

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

export const READERS: readonly Section[] = [
  section('sdk', 'MetricReader', [
    requirement('MUST', 'several readers each see everything, whatever the others collect', async (sdk) => {
      const delta = deltaReader();
      const lateDelta = deltaReader();
      const { meter, reader } = sdk.setUp({ readers: [delta, lateDelta] });
      const counter = meter.createCounter('c');
      counter.add(1);
      expect(await delta.values('c')).toEqual([[{}, 1]]);
      expect(await reader.values('c')).toEqual([[{}, 1]]);
      counter.add(20);
      expect(await delta.values('c')).toEqual([[{}, 20]]);
      counter.add(5);
      expect(await reader.values('c')).toEqual([[{}, 26]]);
      expect(await lateDelta.values('c')).toEqual([[{}, 26]]);
    }),
    requirement('MUST', 'temporality and aggregation are the reader’s, by kind of instrument', async (sdk) => {
      const delta = deltaReader({ aggregation: { type: AggregationType.SUM } });
      const { meter, reader } = sdk.setUp({ readers: [delta] });
      meter.createHistogram('h').record(3);
      const shapes = [(await reader.metrics())[0]!, (await delta.metrics())[0]!];
      expect(shapes.map((metric) => metric.aggregationTemporality)).toEqual([
        AggregationTemporality.CUMULATIVE,
        AggregationTemporality.DELTA,
      ]);
      expect(shapes[1]!.dataPoints[0]!.value).toBe(3);
    }),
    requirement('MUST NOT', 'minimum and maximum of one reader’s interval depend on another', async (sdk) => {
      const fast = deltaReader();
      const slow = deltaReader();
      const { meter, reader } = sdk.setUp({ readers: [fast, slow] });
      const histogram = meter.createHistogram('h');
      const extremes = async (of: TestReader): Promise<unknown> => {
        const [point] = await of.points('h');
        return point && [point.value.min, point.value.max];
      };
      histogram.record(5);
      histogram.record(9);
      expect(await extremes(fast)).toEqual([5, 9]);
      histogram.record(7);
      expect(await extremes(fast)).toEqual([7, 7]);
      expect(await extremes(fast)).toBeUndefined();
      expect(await extremes(slow)).toEqual([5, 9]);
      histogram.record(1);
      expect(await extremes(slow)).toEqual([1, 1]);
      expect(await extremes(reader)).toEqual([1, 9]);
    }),
    requirement(
      'MUST NOT',
      'what is exported changes when a receiver changes what it was given before',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        meter.createHistogram('h').record(1);
        const [first] = await reader.points('h');
        (first!.value.buckets.counts as number[]).fill(99);
        const [second] = await reader.points('h');
        expect(second!.value.buckets.counts[1]).toBe(1);
        expect(Array.isArray(second!.value.buckets.counts)).toBe(true);
      },
      stockFails('the arrays given out are those it counts in'),
    ),
    requirement(
      'SHOULD NOT',
      'a reader that never collects costs memory with every collection of another',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({
          readers: [deltaReader()],
          views: [{ instrumentName: 'h', name: 'viewed' }],
        });
        const histogram = meter.createHistogram('h');
        const round = async (): Promise<void> => {
          for (let id = 0; id < 100; id++) histogram.record(1, { id });
          await reader.metrics();
        };
        for (let i = 0; i < 20; i++) await round();
        const before = heapUsed();
        for (let i = 0; i < 200; i++) await round();
        expect(heapUsed() - before).toBeLessThan(3e6);
      },
      stockFails(
        'under a view, a reader that never collects costs one map of the series per collection of another',
        'D3',
      ),
    ),
  ]),
  section('sdk', 'Start timestamps', [
    requirement(
      'SHOULD',
      'delta points all begin at the previous collection',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({}, { temporality: AggregationTemporality.DELTA });
        const counter = meter.createCounter('c');
        counter.add(1, { a: 1 });
        await reader.metrics();
        const previous = sdk.now();
        sdk.pass(1000);
        counter.add(1, { a: 2 });
        sdk.pass(1000);
        counter.add(1, { a: 1 });
        for (const point of await reader.points('c')) {
          expect(point).toMatchObject({ startTime: previous, endTime: sdk.now() });
        }
        sdk.pass(60_000);
        await reader.metrics();
        const idle = sdk.now();
        sdk.pass(1000);
        counter.add(1, { a: 1 });
        expect((await reader.points('c'))[0]).toMatchObject({ startTime: idle });
      },
      stockFails('a delta begins where its series was recorded first, and skips idle gaps', 'D10'),
    ),
    requirement('SHOULD', 'a cumulative series begins with its first measurement, and always there', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const counter = meter.createCounter('c');
      sdk.pass(1000);
      counter.add(1);
      const first = sdk.now();
      for (let i = 0; i < 3; i++) {
        sdk.pass(1000);
        counter.add(1);
        expect((await reader.points('c'))[0]).toMatchObject({ startTime: first, endTime: sdk.now() });
      }
    }),
    requirement(
      'SHOULD',
      'asynchronous: the instrument’s creation, or the previous collection for later sets',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const created = sdk.now();
        const sets = [{ a: 1 }];
        meter.createObservableCounter('c').addCallback((result) => sets.forEach((set) => result.observe(1, set)));
        sdk.pass(1000);
        expect((await reader.points('c'))[0]!.startTime).toEqual(created);
        const previous = sdk.now();
        sdk.pass(1000);
        sets.push({ a: 2 });
        expect((await reader.points('c')).map(({ startTime }) => startTime)).toEqual([created, previous]);
        sdk.pass(1000);
        expect((await reader.points('c')).map(({ startTime }) => startTime)).toEqual([created, previous]);
      },
      stockFails('an observed series begins at the collection that saw it first', 'D10'),
    ),
  ]),
  section('data-model', 'Temporality', [
    requirement('MUST', 'what deltas add up to is the cumulative value', async (sdk) => {
      const delta = deltaReader();
      const { meter, reader } = sdk.setUp({ readers: [delta] });
      const counter = meter.createCounter('c');
      let received = 0;
      for (let round = 0; round < 50; round++) {
        for (let i = 0; i <= round % 3; i++) counter.add(i + 0.25);
        for (const [, value] of await delta.values('c')) received += value;
      }
      expect(await reader.values('c')).toEqual([[{}, received]]);
    }),
    requirement('SHOULD', 'idle series are left out of deltas and repeated in cumulative metrics', async (sdk) => {
      const delta = deltaReader();
      const { meter, reader } = sdk.setUp({ readers: [delta] });
      meter.createCounter('c').add(1, { a: 1 });
      meter.createGauge('g').record(1);
      await delta.metrics();
      await reader.metrics();
      expect(await delta.metrics()).toEqual([]);
      expect(await reader.metrics()).toHaveLength(2);
      meter.createCounter('c').add(0, { a: 1 });
      meter.createGauge('g').record(1);
      expect((await delta.metrics()).map(({ dataPoints }) => dataPoints[0]!.value)).toEqual([0, 1]);
    }),
  ]),
  section('data-model', 'Resets and gaps', [
    requirement(
      'SHOULD',
      'a monotonic counter that falls began anew, at the previous collection',
      async (sdk) => {
        const delta = deltaReader();
        const { meter, reader } = sdk.setUp({ readers: [delta] });
        let value = 100;
        meter.createObservableCounter('c').addCallback((result) => result.observe(value));
        await reader.metrics();
        await delta.metrics();
        const previous = sdk.now();
        sdk.pass(1000);
        value = 7;
        expect((await reader.points('c'))[0]).toMatchObject({ value: 7, startTime: previous });
        expect(await delta.values('c')).toEqual([[{}, 7]]);
      },
      stockFails('begins at the collection that saw the fall'),
    ),
  ]),
];

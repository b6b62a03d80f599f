// Exemplars as the specification's metrics SDK chapter defines them; the clause is named by each group.
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Attributes, context as contextApi, diag, ValueType } from '@opentelemetry/api';
import {
  AggregationType,
  createAllowListAttributesProcessor,
  type Exemplar,
  type MeterProvider,
} from '@nanometer/metrics';
import * as fc from 'fast-check';
import { deltaReader, ManualClock, TestReader } from './support/test-reader.ts';
import { sampled, unsampled, providerWith, exemplarsOf, valuesOf } from './support/exemplars.ts';

afterEach(() => {
  contextApi.disable();
  diag.disable();
});

describe('every instrument, bound or not (bind: each recording is offered to exemplar sampling with its context)', () => {
  const record: Record<string, (meter: ReturnType<MeterProvider['getMeter']>) => void> = {
    'counter.add': (meter) => meter.createCounter('x').add(3, {}, sampled),
    'bound counter.add': (meter) => meter.createCounter('x').bind().add(3, sampled),
    'bound whole counter.add': (meter) =>
      meter.createCounter('x', { valueType: ValueType.INT }).bind().add(3.9, sampled),
    'counter.add after others without attributes': (meter) => {
      const counter = meter.createCounter('x');
      counter.add(1);
      counter.add(1);
      counter.add(3, undefined, sampled);
    },
    'up-down counter.add': (meter) => meter.createUpDownCounter('x').add(3, {}, sampled),
    'bound up-down counter.add': (meter) => meter.createUpDownCounter('x').bind().add(3, sampled),
    'bound whole up-down counter.add': (meter) =>
      meter.createUpDownCounter('x', { valueType: ValueType.INT }).bind().add(3.9, sampled),
    'gauge.record': (meter) => meter.createGauge('x').record(3, {}, sampled),
    'bound gauge.record': (meter) => meter.createGauge('x').bind().record(3, sampled),
    'bound whole gauge.record': (meter) =>
      meter.createGauge('x', { valueType: ValueType.INT }).bind().record(3.9, sampled),
    'histogram.record': (meter) => meter.createHistogram('x').record(3, {}, sampled),
    'bound histogram.record': (meter) => meter.createHistogram('x').bind().record(3, sampled),
    'bound exponential histogram.record': (meter) =>
      meter
        .createHistogram('x', { advice: { exponentialMaxSize: 4 } as never })
        .bind()
        .record(3, sampled),
  };

  test.each(Object.keys(record))('%s', async (name) => {
    const { reader, meter } = providerWith({ exponentialAdvice: true });
    record[name]!(meter);
    expect(await valuesOf(reader)).toEqual([3]);
  });

  test('a negative value of an exponential histogram keeps its sign', async () => {
    const views = [{ instrumentName: 'x', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const }];
    const { reader, meter } = providerWith({ views });
    meter.createUpDownCounter('x').bind().add(-5, sampled);
    meter.createUpDownCounter('x').add(-6, undefined, sampled);
    expect(await valuesOf(reader)).toEqual([-5, -6]);
  });

  test('what is dropped is not sampled', async () => {
    const { reader, meter } = providerWith();
    const counter = meter.createCounter('x');
    counter.add(1);
    for (const value of [NaN, Infinity, -1, '1' as never]) counter.bind().add(value, sampled);
    expect(await exemplarsOf(reader)).toBeUndefined();
  });
});

describe('filtered attributes (an exemplar retains what the point does not)', () => {
  const views = [{ instrumentName: 'x', attributesProcessors: [createAllowListAttributesProcessor(['venue'])] }];
  const attributes = { venue: 'a', order: 7, 'client.id': 'c' };

  test('are those that a view dropped, bound or not', async () => {
    const { reader, meter } = providerWith({ views });
    meter.createCounter('x').add(1, attributes, sampled);
    expect(await exemplarsOf(reader)).toMatchObject([{ filteredAttributes: { order: 7, 'client.id': 'c' } }]);
    meter.createCounter('x').bind(attributes).add(2, sampled);
    expect(await exemplarsOf(reader)).toMatchObject([{ value: 2, filteredAttributes: { order: 7, 'client.id': 'c' } }]);
  });

  test("are those that a user's processor dropped", async () => {
    const process = ({ venue }: Attributes): Attributes => ({ venue, added: true });
    const { reader, meter } = providerWith({ views: [{ instrumentName: 'x', attributesProcessors: [{ process }] }] });
    meter.createCounter('x').add(1, attributes, sampled);
    expect(await exemplarsOf(reader)).toMatchObject([{ filteredAttributes: { order: 7, 'client.id': 'c' } }]);
  });

  test('are all of them where the cardinality limit sent the measurement to the overflow series', async () => {
    const reader = new TestReader({ limit: 1 });
    const { meter } = providerWith({ readers: [reader] });
    meter.createCounter('x').add(1, { n: 1 });
    meter.createCounter('x').add(1, { n: 2 }, sampled);
    expect(await exemplarsOf(reader)).toMatchObject([{ filteredAttributes: { n: 2 } }]);
  });

  test('are a frozen copy', async () => {
    const { reader, meter } = providerWith({ views });
    const own = { venue: 'a', order: 7 };
    meter.createCounter('x').add(1, own, sampled);
    own.order = 8;
    const [exemplar] = (await exemplarsOf(reader))!;
    expect(exemplar!.filteredAttributes).toEqual({ order: 7 });
    expect(Object.isFrozen(exemplar!.filteredAttributes)).toBe(true);
  });

  test('joined with those of the point they are all that was recorded', async () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor');
    const attributeSets = fc.dictionary(keys, fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(attributeSets, fc.array(keys), async (recorded, kept) => {
        const processors = [createAllowListAttributesProcessor(kept)];
        const { reader, meter } = providerWith({ views: [{ instrumentName: 'x', attributesProcessors: processors }] });
        meter.createCounter('x').add(1, recorded, sampled);
        const [point] = (await reader.points('x')) as unknown as { attributes: Attributes; exemplars: Exemplar[] }[];
        const joined = [
          ...Object.entries(point!.attributes),
          ...Object.entries(point!.exemplars[0]!.filteredAttributes),
        ];
        expect(new Map(joined)).toEqual(new Map(Object.entries(recorded)));
        expect(joined).toHaveLength(Object.keys(recorded).length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('temporality (exemplars abide by the temporality of their point)', () => {
  test('a delta reader is told of each exemplar once, a cumulative one until a newer one takes its place', async () => {
    const cumulative = new TestReader();
    const delta = deltaReader();
    const late = deltaReader();
    const { meter } = providerWith({ readers: [cumulative, delta, late] });
    const histogram = meter.createHistogram('x', { advice: { explicitBucketBoundaries: [10] } }).bind();
    histogram.record(1, sampled);
    expect(await valuesOf(cumulative)).toEqual([1]);
    expect(await valuesOf(delta)).toEqual([1]);
    histogram.record(20, sampled);
    expect(await valuesOf(cumulative)).toEqual([1, 20]);
    expect(await valuesOf(delta)).toEqual([20]);
    histogram.record(2);
    expect(await valuesOf(delta)).toBeUndefined();
    histogram.record(3, sampled);
    expect(await valuesOf(cumulative)).toEqual([3, 20]);
    // Collecting on one reader affects no other: this one has not collected before.
    expect((await valuesOf(late))!.at(-1)).toBe(20);
    expect(await valuesOf(late)).toBeUndefined();
  });

  test('a delta exemplar lies within the interval of its point', async () => {
    const clock = new ManualClock();
    const reader = deltaReader();
    const { meter } = providerWith({ readers: [reader], clock });
    const bound = meter.createHistogram('x').bind();
    for (let interval = 0; interval < 5; interval++) {
      clock.millis += 250;
      if (interval % 2 === 0) bound.record(interval, sampled);
      else bound.record(interval);
      clock.millis += 250;
      const [point] = (await reader.points('x')) as unknown as {
        startTime: [number, number];
        endTime: [number, number];
        exemplars?: Exemplar[];
      }[];
      const nanos = ([s, ns]: readonly [number, number]): number => (s - 1_700_000_000) * 1e9 + ns;
      expect((point!.exemplars ?? []).map(({ value }) => value)).toEqual(interval % 2 === 0 ? [interval] : []);
      for (const { timestamp } of point!.exemplars ?? []) {
        expect(nanos(timestamp)).toBeGreaterThan(nanos(point!.startTime));
        expect(nanos(timestamp)).toBeLessThan(nanos(point!.endTime));
      }
    }
  });

  test('a series that is removed takes its exemplars with it', async () => {
    const { reader, meter } = providerWith();
    const counter = meter.createCounter('x');
    await reader.collect();
    counter.add(1, { n: 1 }, sampled);
    counter.add(1, { n: 1 }, unsampled);
    await reader.collect();
    counter.remove({ n: 1 });
    expect(await valuesOf(reader)).toEqual([1]);
    counter.add(1, { n: 2 });
    counter.add(1, { n: 1 });
    expect((await reader.points('x')).map((point) => 'exemplars' in point)).toEqual([false, false]);
  });

  test('a reader that comes late has the exemplars from then on', async () => {
    const { meter, provider } = providerWith();
    const bound = meter.createCounter('x').bind();
    bound.add(1, sampled);
    const late = new TestReader();
    provider.addReader(late);
    expect(await valuesOf(late)).toBeUndefined();
    bound.add(2, sampled);
    expect(await valuesOf(late)).toEqual([2]);
  });
});

// What this package decides or promises beyond the specification; the specification itself is in conformance.test.ts.
import { describe, expect, jest, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { metrics, type ObservableResult } from '@opentelemetry/api';
import {
  AggregationType,
  bindCounter,
  createDenyListAttributesProcessor,
  DataPointType,
  MeterProvider,
  type MeterProviderOptions,
} from '@nanometer/metrics';
import { deltaReader, ManualClock, TestReader, type TestReaderOptions } from './support/test-reader.ts';

function setUp(options: MeterProviderOptions = {}, reader: TestReaderOptions = {}) {
  const testReader = new TestReader(reader);
  const clock = new ManualClock();
  const provider = new MeterProvider({ clock, ...options, readers: [testReader, ...(options.readers ?? [])] });
  return { reader: testReader, clock, provider, meter: provider.getMeter('scope', '1.0') };
}

const seconds = (clock: ManualClock): unknown => [clock.millis / 1000, 0];

describe('MeterProvider', () => {
  test('shutdown: called once, then the provider gives meters whose instruments do nothing', async () => {
    const { provider, reader } = setUp();
    await provider.shutdown();
    await provider.shutdown();
    await provider.forceFlush();
    expect(reader.calls).toEqual(['shutdown']);
    const late = provider.getMeter('late').createCounter('c');
    late.add(1);
    late.bind({ a: 1 }).add(1);
    expect(await reader.metrics()).toEqual([]);
  });

  test('forceFlush and shutdown tell the caller about failure, and reach every reader before they do', async () => {
    const failing = new TestReader();
    failing.forceFlush = () => Promise.reject(new Error('disk full'));
    failing.shutdown = () => Promise.reject(new Error('disk full'));
    const alsoFailing = new TestReader();
    alsoFailing.shutdown = () => Promise.reject(new Error('no route'));
    const healthy = new TestReader();
    const provider = new MeterProvider({ readers: [failing, alsoFailing, healthy] });
    await expect(provider.forceFlush()).rejects.toThrow('disk full');
    await expect(provider.shutdown()).rejects.toThrow('shutdown failed for 2 readers');
    expect(healthy.calls).toEqual(['forceFlush', 'shutdown']);
  });
});

describe('instruments', () => {
  test('enabled is false where every stream drops, and after shutdown', async () => {
    const { meter, provider } = setUp({
      views: [{ instrumentName: 'dropped', aggregation: { type: AggregationType.DROP } }],
    });
    expect(meter.createCounter('kept').enabled()).toBe(true);
    expect(meter.createGauge('dropped').enabled()).toBe(false);
    expect(meter.createHistogram('dropped').enabled()).toBe(false);
    await provider.shutdown();
    expect(provider.getMeter('late').createUpDownCounter('kept').enabled()).toBe(false);
  });

  test('a series that was bound but never recorded is not exported', async () => {
    const { meter, reader } = setUp();
    meter.createCounter('c').bind({ a: 1 });
    meter.createGauge('g').bind();
    meter.createHistogram('h').bind();
    expect(await reader.metrics()).toEqual([]);
    meter.createCounter('c').bind({ a: 1 }).add(0);
    expect(await reader.values('c')).toEqual([[{ a: 1 }, 0]]);
  });

  test('our advice exponentialMaxSize applies only when the provider or the reader accepts it', async () => {
    const advice = { explicitBucketBoundaries: [1], exponentialMaxSize: 8 };
    const shapeOf = async (options: MeterProviderOptions, reader: TestReader): Promise<unknown> => {
      const provider = new MeterProvider({ ...options, readers: [reader] });
      provider.getMeter('m').createHistogram('h', { advice }).record(2);
      return (await reader.metrics())[0]!.dataPointType;
    };
    expect(await shapeOf({}, new TestReader())).toBe(DataPointType.HISTOGRAM);
    expect(await shapeOf({ exponentialAdvice: true }, new TestReader())).toBe(DataPointType.EXPONENTIAL_HISTOGRAM);
    const accepting = Object.assign(new TestReader(), { acceptsExponentialAdvice: true });
    expect(await shapeOf({}, accepting)).toBe(DataPointType.EXPONENTIAL_HISTOGRAM);
  });
});

describe('readers that come late', () => {
  test('make instruments that exist come alive, with all they recorded, bound or not', async () => {
    const provider = new MeterProvider();
    metrics.setGlobalMeterProvider(provider);
    const early = metrics.getMeter('early');
    metrics.disable();
    const counter = early.createCounter('c');
    counter.add(1, { a: 1 });
    const bound = bindCounter(counter, { a: 1 });
    bound.add(10);
    early.createObservableGauge('g').addCallback((result) => result.observe(7));
    const late = new TestReader({ limit: 7 });
    provider.addReader(late);
    bound.add(100);
    expect(await late.values('c')).toEqual([[{ a: 1 }, 111]]);
    expect(await late.values('g')).toEqual([[{}, 7]]);
  });

  test('do not disturb the readers that are there, and may want something else', async () => {
    const { meter, provider, reader, clock } = setUp();
    const histogram = meter.createHistogram('h');
    const created = seconds(clock);
    histogram.record(1);
    await reader.metrics();
    clock.millis += 5000;
    const delta = deltaReader();
    const exponential = new TestReader({ aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } });
    provider.addReader(delta);
    provider.addReader(exponential);
    histogram.record(2);
    expect((await delta.points('h'))[0]).toMatchObject({ value: { count: 2 }, startTime: created });
    expect((await exponential.points('h'))[0]!.value).toMatchObject({ count: 1, sum: 2 });
    expect((await reader.points('h'))[0]!.value).toMatchObject({ count: 2 });
  });

  test('are flushed and shut down with the others', async () => {
    const { provider } = setUp();
    const late = new TestReader();
    provider.addReader(late);
    await provider.forceFlush();
    await provider.shutdown();
    expect(late.calls).toEqual(['forceFlush', 'shutdown']);
  });
});

describe('temporality and start times', () => {
  test('each delta reader gets the minimum and maximum of its own interval', async () => {
    const fast = deltaReader();
    const slow = deltaReader();
    const exponential = deltaReader({ aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } });
    const { meter, reader } = setUp({ readers: [fast, slow, exponential] });
    const histogram = meter.createHistogram('h').bind();
    const extremes = async (of: TestReader): Promise<unknown> => {
      const [point] = await of.points('h');
      return point && [point.value.min, point.value.max];
    };
    histogram.record(5);
    histogram.record(9);
    expect(await extremes(fast)).toEqual([5, 9]);
    histogram.record(7);
    expect(await extremes(fast)).toEqual([7, 7]);
    expect(await extremes(exponential)).toEqual([5, 9]);
    expect(await extremes(fast)).toBeUndefined();
    histogram.record(6);
    expect(await extremes(slow)).toEqual([5, 9]);
    expect(await extremes(exponential)).toEqual([6, 6]);
    expect(await extremes(reader)).toEqual([5, 9]);
    histogram.record(1);
    expect(await extremes(slow)).toEqual([1, 1]);
    expect(await extremes(reader)).toEqual([1, 9]);
  });

  test('a reader that never collects costs nothing: nothing is kept for it', async () => {
    const never = deltaReader();
    const { meter, reader, provider } = setUp({ readers: [never] });
    const histogram = meter.createHistogram('h').bind();
    histogram.record(1);
    await reader.metrics();
    const before = provider.stats().arenaBytes;
    for (let i = 0; i < 1000; i++) {
      histogram.record(i);
      await reader.metrics();
    }
    expect(provider.stats().arenaBytes).toBe(before);
    expect((await never.points('h'))[0]!.value).toMatchObject({ count: 1001, min: 0, max: 999 });
  });

  test('exported data is fresh every time: changing it changes nothing', async () => {
    const { meter, reader } = setUp();
    meter.createHistogram('h').record(1);
    const [first] = await reader.points('h');
    (first!.value.buckets.counts as number[]).fill(99);
    expect(Object.isFrozen(first!.value.buckets.boundaries)).toBe(true);
    const [second] = await reader.points('h');
    expect(second!.value.buckets.counts[1]).toBe(1);
    expect(second!.value.buckets.boundaries).toHaveLength(15);
    expect(Array.isArray(second!.value.buckets.counts)).toBe(true);
  });
});

describe('views', () => {
  test('a processor that throws costs its measurement, never the caller', async () => {
    const process = (): never => {
      throw new Error('no');
    };
    const { meter, reader, provider } = setUp({
      views: [{ instrumentName: 'c', attributesProcessors: [{ process }] }],
    });
    meter.createCounter('c').add(1, { a: 1 });
    meter.createObservableGauge('c').addCallback((result) => result.observe(1));
    expect(await reader.metrics()).toEqual([]);
    expect(provider.stats().dropped.invalid_attributes).toBe(2);
  });

  test('two instruments that views give one name and one shape share the stream', async () => {
    const { meter, reader } = setUp({ views: [{ instrumentName: 'a', name: 'x' }] });
    meter.createCounter('a').add(1);
    meter.createCounter('A').add(1);
    expect(await reader.values('x')).toEqual([[{}, 2]]);
  });
});

describe('asynchronous instruments', () => {
  test('observations whose attributes a view makes equal are added up', async () => {
    const views = [{ instrumentName: '*', attributesProcessors: [createDenyListAttributesProcessor(['cpu'])] }];
    const { meter, reader } = setUp({ views });
    const observe = (result: ObservableResult): void => {
      for (const cpu of [0, 1, 2]) result.observe(10 + cpu, { cpu });
      result.observe(20, { cpu: 2 });
    };
    meter.createObservableCounter('sum').addCallback(observe);
    meter.createObservableGauge('last').addCallback(observe);
    expect(await reader.values('sum')).toEqual([[{}, 41]]);
    expect(await reader.values('last')).toEqual([[{}, 20]]);
  });

  test('attribute sets that went away make room for new ones', async () => {
    const { meter, reader } = setUp({}, { limit: 2 });
    let id = 0;
    meter.createObservableGauge('g').addCallback((result) => {
      result.observe(1, { id });
      result.observe(1, { id: id + 1 });
    });
    for (; id < 20; id += 2) {
      expect((await reader.values('g')).map(([set]) => set)).toEqual([{ id }, { id: id + 1 }]);
    }
  });

  test('overflow of an asynchronous instrument adds up what did not fit, first observed first admitted', async () => {
    const { meter, reader } = setUp({}, { limit: 1 });
    meter.createObservableCounter('c').addCallback((result) => {
      for (const [id, value] of [1, 2, 3].entries()) result.observe(value, { id });
    });
    for (let collection = 0; collection < 3; collection++) {
      expect(await reader.values('c')).toEqual([
        [{ id: 0 }, 1],
        [{ 'otel.metric.overflow': true }, 5],
      ]);
    }
  });

  test('callbacks run before collect returns its promise', () => {
    const { meter, reader } = setUp();
    let ran = false;
    meter.createObservableGauge('g').addCallback(() => {
      ran = true;
    });
    const pending = reader.collect();
    expect(ran).toBe(true);
    return pending;
  });

  test('callbacks that throw, reject or take too long cost their own observations and are reported', async () => {
    const { meter, reader } = setUp();
    const observeThen = (name: string, after: () => void | Promise<void>): void =>
      meter.createObservableGauge(name).addCallback((result) => {
        result.observe(1);
        return after();
      });
    observeThen('throws', () => {
      throw new Error('sync');
    });
    observeThen('rejects', () => Promise.reject(new Error('async')));
    observeThen('hangs', () => new Promise(() => {}));
    observeThen('waits', () => nextTurn());
    observeThen('works', () => {});
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const collection = reader.collect({ timeoutMillis: 200 });
    await nextTurn();
    jest.advanceTimersByTime(200);
    const { resourceMetrics, errors } = await collection.finally(() => jest.useRealTimers());
    const names = resourceMetrics.scopeMetrics.flatMap((s) => s.metrics.map(({ descriptor }) => descriptor.name));
    expect(names).toEqual(['waits', 'works']);
    expect(errors.map((error) => [(error as Error).name, (error as Error).message])).toEqual([
      ['Error', 'sync'],
      ['Error', 'async'],
      ['TimeoutError', 'callback of "hangs" took longer than 200 ms'],
    ]);
  });

  test('a view can make a histogram of what is observed', async () => {
    const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [5] } } as const;
    const { meter, reader } = setUp({ views: [{ instrumentName: 'g', aggregation: aggregation as never }] });
    let value = 1;
    meter.createObservableGauge('g').addCallback((result) => result.observe(value++));
    for (let i = 0; i < 8; i++) await reader.metrics();
    expect((await reader.points('g'))[0]!.value).toMatchObject({ count: 9, buckets: { counts: [5, 4] } });
  });
});

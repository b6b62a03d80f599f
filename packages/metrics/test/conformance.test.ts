// By clause of the OpenTelemetry specification, metrics/sdk.md and metrics/api.md (1.60).
import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { metrics, type ObservableResult } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  bindCounter,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  DataPointType,
  InstrumentType,
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
  test('api: get a Meter: identical scope parameters give the same meter, different ones another', () => {
    const { provider } = setUp();
    const meter = provider.getMeter('a', '1', { schemaUrl: 'https://x/1' });
    expect(provider.getMeter('a', '1', { schemaUrl: 'https://x/1' })).toBe(meter);
    for (const other of [
      provider.getMeter('a', '1'),
      provider.getMeter('a', '2', { schemaUrl: 'https://x/1' }),
      provider.getMeter('b', '1', { schemaUrl: 'https://x/1' }),
    ]) {
      expect(other).not.toBe(meter);
    }
  });

  test('sdk: the scope of the meter is associated with its metrics; scopes without points are left out', async () => {
    const { provider, reader } = setUp();
    provider.getMeter('silent').createCounter('never');
    provider.getMeter('loud', '2', { schemaUrl: 'https://x' }).createCounter('c').add(1);
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    expect(resourceMetrics.scopeMetrics.map(({ scope }) => scope)).toEqual([
      { name: 'loud', version: '2', schemaUrl: 'https://x' },
    ]);
    expect(resourceMetrics.resource.attributes).toMatchObject({ 'telemetry.sdk.name': 'nanometer' });
  });

  test('sdk: shutdown: called once, then the provider gives meters whose instruments do nothing', async () => {
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

  test('sdk: forceFlush and shutdown tell the caller about failure, and reach every reader before they do', async () => {
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

  test('api: works as the global provider', async () => {
    const { provider, reader } = setUp();
    expect(metrics.setGlobalMeterProvider(provider)).toBe(true);
    try {
      metrics.getMeter('global').createCounter('c').add(1);
      expect(await reader.values('c')).toEqual([[{}, 1]]);
    } finally {
      metrics.disable();
    }
  });
});

describe('instruments', () => {
  test('sdk: duplicate registration: the same instrument comes back, whatever the case of its name', async () => {
    const { meter, reader } = setUp();
    meter.createCounter('Requests').add(1);
    meter.createCounter('requests').add(1);
    meter.createCounter('REQUESTS', { description: 'other' }).add(1);
    const found = await reader.metrics();
    expect(found.map(({ descriptor }) => descriptor.name)).toEqual(['Requests']);
    expect(found[0]!.dataPoints[0]!.value).toBe(3);
  });

  test('sdk: duplicate registration: a conflicting instrument works and is exported beside the first', async () => {
    const { meter, reader } = setUp();
    meter.createCounter('x', { unit: 's' }).add(1);
    meter.createCounter('x', { unit: 'ms' }).add(2);
    meter.createHistogram('x', { unit: 's' }).record(3);
    expect((await reader.metrics()).map(({ descriptor, dataPointType }) => [descriptor.unit, dataPointType])).toEqual([
      ['s', DataPointType.SUM],
      ['ms', DataPointType.SUM],
      ['s', DataPointType.HISTOGRAM],
    ]);
  });

  test('sdk: duplicate registration: the longest description is kept', async () => {
    const { meter, reader } = setUp();
    meter.createCounter('c', { description: 'short' }).add(1);
    meter.createCounter('c', { description: 'much longer' });
    meter.createCounter('c', { description: 'mid' });
    expect((await reader.metrics())[0]!.descriptor.description).toBe('much longer');
  });

  test('sdk: enabled is false where every stream drops, and after shutdown', async () => {
    const { meter, provider } = setUp({
      views: [{ instrumentName: 'dropped', aggregation: { type: AggregationType.DROP } }],
    });
    expect(meter.createCounter('kept').enabled()).toBe(true);
    expect(meter.createGauge('dropped').enabled()).toBe(false);
    expect(meter.createHistogram('dropped').enabled()).toBe(false);
    await provider.shutdown();
    expect(provider.getMeter('late').createUpDownCounter('kept').enabled()).toBe(false);
  });

  test('sdk: default aggregation by instrument kind', async () => {
    const { meter, reader } = setUp();
    meter.createCounter('counter').add(1);
    meter.createUpDownCounter('updown').add(-1);
    meter.createGauge('gauge').record(1);
    meter.createHistogram('histogram').record(1);
    const observe = (result: ObservableResult): void => result.observe(1);
    meter.createObservableCounter('ocounter').addCallback(observe);
    meter.createObservableUpDownCounter('oupdown').addCallback(observe);
    meter.createObservableGauge('ogauge').addCallback(observe);
    const shapes = (await reader.metrics()).map((metric) => [
      metric.descriptor.name,
      metric.dataPointType,
      'isMonotonic' in metric ? metric.isMonotonic : undefined,
      (metric.descriptor as { type?: string }).type,
    ]);
    expect(shapes).toEqual([
      ['counter', DataPointType.SUM, true, 'COUNTER'],
      ['updown', DataPointType.SUM, false, 'UP_DOWN_COUNTER'],
      ['gauge', DataPointType.GAUGE, undefined, 'GAUGE'],
      ['histogram', DataPointType.HISTOGRAM, undefined, 'HISTOGRAM'],
      ['ocounter', DataPointType.SUM, true, 'OBSERVABLE_COUNTER'],
      ['oupdown', DataPointType.SUM, false, 'OBSERVABLE_UP_DOWN_COUNTER'],
      ['ogauge', DataPointType.GAUGE, undefined, 'OBSERVABLE_GAUGE'],
    ]);
  });

  test('sdk: a series that was bound but never recorded is not exported', async () => {
    const { meter, reader } = setUp();
    meter.createCounter('c').bind({ a: 1 });
    meter.createGauge('g').bind();
    meter.createHistogram('h').bind();
    expect(await reader.metrics()).toEqual([]);
    meter.createCounter('c').bind({ a: 1 }).add(0);
    expect(await reader.values('c')).toEqual([[{ a: 1 }, 0]]);
  });

  test('api: advisory ExplicitBucketBoundaries apply where the default aggregation is used, and only there', async () => {
    const viewed = { instrumentName: 'viewed', aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM } };
    const { meter, reader } = setUp({ views: [viewed as never] });
    const advice = { explicitBucketBoundaries: [3, 1, 2, Infinity] };
    meter.createHistogram('advised', { advice }).record(2);
    meter.createHistogram('viewed', { advice }).record(2);
    meter.createHistogram('one', { advice: { explicitBucketBoundaries: [] } }).record(2);
    expect((await reader.points('advised'))[0]!.value.buckets).toEqual({ boundaries: [1, 2, 3], counts: [0, 1, 0, 0] });
    expect((await reader.points('viewed'))[0]!.value.buckets.boundaries).toHaveLength(15);
    expect((await reader.points('one'))[0]!.value.buckets).toEqual({ boundaries: [], counts: [1] });
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

describe('bind', () => {
  test('sdk: bound recordings behave as unbound ones with the same attributes', async () => {
    const { meter, reader } = setUp();
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
  });

  test('sdk: the cardinality decision is made at bind time and kept', async () => {
    const { meter, reader } = setUp({}, { limit: 1 });
    const counter = meter.createCounter('c');
    const first = counter.bind({ id: 1 });
    const second = counter.bind({ id: 2 });
    second.add(1);
    first.add(10);
    expect(await reader.values('c')).toEqual([
      [{ id: 1 }, 10],
      [{ 'otel.metric.overflow': true }, 1],
    ]);
  });

  test('sdk: a handle survives collections of every temporality', async () => {
    const delta = deltaReader();
    const { meter, reader } = setUp({ readers: [delta] });
    const bound = meter.createCounter('c').bind({ a: 1 });
    bound.add(1);
    expect(await delta.values('c')).toEqual([[{ a: 1 }, 1]]);
    bound.add(2);
    expect(await delta.values('c')).toEqual([[{ a: 1 }, 2]]);
    expect(await reader.values('c')).toEqual([[{ a: 1 }, 3]]);
  });

  test('sdk: attribute processing of views applies at bind time', async () => {
    const processor = createAllowListAttributesProcessor(['keep']);
    const { meter, reader } = setUp({ views: [{ instrumentName: 'c', attributesProcessors: [processor] }] });
    meter.createCounter('c').bind({ keep: 1, drop: 2 }).add(1);
    expect(await reader.values('c')).toEqual([[{ keep: 1 }, 1]]);
  });
});

describe('temporality and start times', () => {
  test('sdk: several readers: each sees everything, whatever the others collect', async () => {
    const delta = deltaReader();
    const lateDelta = deltaReader();
    const { meter, reader } = setUp({ readers: [delta, lateDelta] });
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [10] } });
    const record = (value: number): void => {
      counter.add(value);
      histogram.record(value);
    };
    record(1);
    await delta.metrics();
    await reader.metrics();
    record(20);
    expect(await delta.values('c')).toEqual([[{}, 20]]);
    expect(await delta.values('h')).toEqual([]);
    record(5);
    expect(await reader.values('c')).toEqual([[{}, 26]]);
    const [late] = await lateDelta.metrics();
    expect(late!.dataPoints[0]!.value).toBe(26);
  });

  test('sdk: delta points omit idle series, cumulative points repeat them', async () => {
    const delta = deltaReader();
    const { meter, reader } = setUp({ readers: [delta] });
    meter.createCounter('c').add(1, { a: 1 });
    meter.createGauge('g').record(1);
    await delta.metrics();
    await reader.metrics();
    expect(await delta.metrics()).toEqual([]);
    expect(await reader.metrics()).toHaveLength(2);
    meter.createCounter('c').add(0, { a: 1 });
    meter.createGauge('g').record(1);
    expect((await delta.metrics()).map(({ dataPoints }) => dataPoints[0]!.value)).toEqual([0, 1]);
  });

  test('sdk: start timestamps: delta points all begin at the previous collection', async () => {
    const { meter, reader, clock } = setUp({}, { temporality: AggregationTemporality.DELTA });
    const created = seconds(clock);
    const counter = meter.createCounter('c');
    clock.millis += 1000;
    counter.add(1, { a: 1 });
    expect((await reader.points('c'))[0]).toMatchObject({ startTime: created, endTime: seconds(clock) });
    const previous = seconds(clock);
    clock.millis += 1000;
    counter.add(1, { a: 2 });
    clock.millis += 1000;
    counter.add(1, { a: 1 });
    for (const point of await reader.points('c')) {
      expect(point).toMatchObject({ startTime: previous, endTime: seconds(clock) });
    }
    clock.millis += 60_000;
    await reader.metrics();
    const idle = seconds(clock);
    clock.millis += 1000;
    counter.add(1, { a: 1 });
    expect((await reader.points('c'))[0]).toMatchObject({ startTime: idle });
  });

  test('sdk: start timestamps: a cumulative series begins with its first measurement, always', async () => {
    const { meter, reader, clock } = setUp();
    const counter = meter.createCounter('c');
    clock.millis += 1000;
    counter.add(1);
    const first = seconds(clock);
    for (let i = 0; i < 3; i++) {
      clock.millis += 1000;
      counter.add(1);
      expect((await reader.points('c'))[0]).toMatchObject({ startTime: first, endTime: seconds(clock) });
    }
  });

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

  test('delta points of an exponential histogram survive a change of scale between them', async () => {
    const { meter, reader } = setUp(
      {},
      { temporality: AggregationTemporality.DELTA, aggregation: { type: 5, options: { maxSize: 4 } } as never },
    );
    const histogram = meter.createHistogram('h');
    histogram.record(1.5);
    histogram.record(1.6);
    await reader.metrics();
    histogram.record(1000);
    histogram.record(0);
    const [[, point]] = (await reader.values('h')) as [[unknown, any]];
    expect(point).toMatchObject({ count: 2, zeroCount: 1, sum: 1000, min: 0, max: 1000 });
    expect(point.positive.bucketCounts).toEqual([1]);
    expect(2 ** (point.positive.offset / 2 ** point.scale)).toBeLessThan(1000);
    expect(2 ** ((point.positive.offset + 1) / 2 ** point.scale)).toBeGreaterThanOrEqual(1000);
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

  test('recording reads no clock once the series exists', () => {
    const { meter, clock } = setUp();
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h');
    counter.add(1, { a: 1 });
    histogram.record(1, { a: 1 });
    const bound = counter.bind({ a: 1 });
    clock.now = () => {
      throw new Error('the clock was read');
    };
    counter.add(1, { a: 1 });
    histogram.record(1, { a: 1 });
    bound.add(1);
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
  test('sdk: every matching view gives a stream; an instrument without one gets its default', async () => {
    const { meter, reader } = setUp({
      views: [
        { instrumentName: 'a', name: 'a.renamed', description: 'd' },
        { instrumentName: 'a', name: 'a.last', aggregation: { type: AggregationType.LAST_VALUE } },
        { instrumentName: 'dropped', aggregation: { type: AggregationType.DROP } },
      ],
    });
    for (const name of ['a', 'b', 'dropped']) {
      meter.createCounter(name).add(1);
      meter.createCounter(name).bind().add(2);
    }
    expect((await reader.metrics()).map((m) => [m.descriptor.name, m.dataPointType, m.dataPoints[0]!.value])).toEqual([
      ['a.renamed', DataPointType.SUM, 3],
      ['a.last', DataPointType.GAUGE, 2],
      ['b', DataPointType.SUM, 3],
    ]);
  });

  test.each([
    [{ instrumentName: '*' }, true],
    [{ instrumentName: 'http.*.duration' }, true],
    [{ instrumentName: 'HTTP.server.duratio?' }, true],
    [{ instrumentName: 'http' }, false],
    [{ instrumentName: 'httpxserver.duration' }, false],
    [{ instrumentType: InstrumentType.HISTOGRAM }, true],
    [{ instrumentType: InstrumentType.COUNTER }, false],
    [{ instrumentUnit: 's' }, true],
    [{ instrumentUnit: 'ms' }, false],
    [{ meterName: 'scope', meterVersion: '1.0' }, true],
    [{ meterName: 'scope', meterVersion: '2.0' }, false],
    [{ meterSchemaUrl: 'https://x' }, false],
    [{ instrumentName: '*', meterName: 'other' }, false],
  ])('sdk: instrument selection criteria are additive: %j selects: %p', async (criteria, selected) => {
    const { meter, reader } = setUp({ views: [{ ...criteria, description: 'viewed' }] });
    meter.createHistogram('http.server.duration', { unit: 's' }).record(1);
    expect((await reader.metrics())[0]!.descriptor.description).toBe(selected ? 'viewed' : '');
  });

  test('sdk: a view without aggregation or limit uses those of the reader', async () => {
    const options: TestReaderOptions = { aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM }, limit: 1 };
    const { meter, reader } = setUp({ views: [{ instrumentName: 'h', description: 'viewed' }] }, options);
    meter.createHistogram('h').record(1, { a: 1 });
    meter.createHistogram('h').record(1, { a: 2 });
    const [metric] = await reader.metrics();
    expect(metric!.dataPointType).toBe(DataPointType.EXPONENTIAL_HISTOGRAM);
    expect(metric!.dataPoints.map(({ attributes }) => attributes)).toEqual([
      { a: 1 },
      { 'otel.metric.overflow': true },
    ]);
  });

  test('sdk: attribute keys: allow list, deny list, processors of any kind, in order; limits apply after them', async () => {
    const { meter, reader } = setUp({
      views: [
        { instrumentName: 'allow', attributesProcessors: [createAllowListAttributesProcessor(['a', 'b'])] },
        {
          instrumentName: 'both',
          attributesProcessors: [
            createAllowListAttributesProcessor(['a', 'b']),
            createDenyListAttributesProcessor(['b']),
          ],
          aggregationCardinalityLimit: 1,
        },
        {
          instrumentName: 'own',
          attributesProcessors: [{ process: (incoming) => ({ ...incoming, added: true }) }],
        },
      ],
    });
    for (const name of ['allow', 'both', 'own']) {
      meter.createCounter(name).add(1, { a: 1, b: 2, c: 3 });
      meter.createCounter(name).add(1, { c: 4, b: 2, a: 1 });
    }
    expect(await reader.values('allow')).toEqual([[{ a: 1, b: 2 }, 2]]);
    expect(await reader.values('both')).toEqual([[{ a: 1 }, 2]]);
    expect(await reader.values('own')).toEqual([
      [{ a: 1, b: 2, c: 3, added: true }, 1],
      [{ a: 1, b: 2, c: 4, added: true }, 1],
    ]);
  });

  test('sdk: a processor that throws costs its measurement, never the caller', async () => {
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

  test('sdk: two instruments that views give one name and one shape share the stream', async () => {
    const { meter, reader } = setUp({ views: [{ instrumentName: 'a', name: 'x' }] });
    meter.createCounter('a').add(1);
    meter.createCounter('A').add(1);
    expect(await reader.values('x')).toEqual([[{}, 2]]);
  });

  test('sdk: sums of measurements that may be negative are left out of histograms; min and max can be', async () => {
    const { meter, reader } = setUp({
      views: [
        {
          instrumentName: 'u',
          aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [0] } },
        },
        {
          instrumentName: 'e',
          aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { recordMinMax: false } },
        },
      ],
    });
    meter.createUpDownCounter('u').add(-5);
    meter.createUpDownCounter('e').add(-5);
    expect((await reader.points('u'))[0]!.value).toMatchObject({ sum: undefined, count: 1, min: -5, max: -5 });
    const [point] = await reader.points('e');
    expect(point!.value).toMatchObject({ sum: undefined, min: undefined, max: undefined, count: 1 });
    expect(point!.value.negative.bucketCounts).toEqual([1]);
    expect(point!.value.positive.bucketCounts).toEqual([]);
  });
});

describe('asynchronous instruments', () => {
  test('sdk: each callback runs once per collection, and its observations belong to the reader that collects', async () => {
    const other = deltaReader();
    const { meter, reader } = setUp({ readers: [other] });
    let value = 0;
    const counter = meter.createObservableCounter('c');
    counter.addCallback((result) => result.observe((value += 10)));
    expect(await reader.values('c')).toEqual([[{}, 10]]);
    expect(await reader.values('c')).toEqual([[{}, 20]]);
    expect(await other.values('c')).toEqual([[{}, 30]]);
    expect(await other.values('c')).toEqual([[{}, 10]]);
  });

  test('sdk: attribute sets not observed in this collection are not exported', async () => {
    const { meter, reader } = setUp();
    let symbols = ['a', 'b'];
    meter.createObservableGauge('g').addCallback((result) => {
      for (const symbol of symbols) result.observe(1, { symbol });
    });
    expect(await reader.points('g')).toHaveLength(2);
    symbols = ['b'];
    expect(await reader.values('g')).toEqual([[{ symbol: 'b' }, 1]]);
    symbols = [];
    expect(await reader.metrics()).toEqual([]);
  });

  test('api: the last observation of an attribute set in a callback counts', async () => {
    const { meter, reader } = setUp();
    meter.createObservableCounter('c').addCallback((result) => {
      result.observe(5, { a: 1, b: 2 });
      result.observe(7, { b: 2, a: 1 });
    });
    expect(await reader.values('c')).toEqual([[{ a: 1, b: 2 }, 7]]);
  });

  test('sdk: observations whose attributes a view makes equal are added up', async () => {
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

  test('sdk: overflow of an asynchronous instrument adds up what did not fit, first observed first admitted', async () => {
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

  test('sdk: callbacks that throw, reject or take too long cost their own observations and are reported', async () => {
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
    observeThen('waits', () => sleep(1));
    observeThen('works', () => {});
    const { resourceMetrics, errors } = await reader.collect({ timeoutMillis: 200 });
    const names = resourceMetrics.scopeMetrics.flatMap((s) => s.metrics.map(({ descriptor }) => descriptor.name));
    expect(names).toEqual(['waits', 'works']);
    expect(errors.map((error) => [(error as Error).name, (error as Error).message])).toEqual([
      ['Error', 'sync'],
      ['Error', 'async'],
      ['TimeoutError', 'callback of "hangs" took longer than 200 ms'],
    ]);
  });

  test('sdk: callbacks run before collect returns its promise', () => {
    const { meter, reader } = setUp();
    let ran = false;
    meter.createObservableGauge('g').addCallback(() => {
      ran = true;
    });
    const pending = reader.collect();
    expect(ran).toBe(true);
    return pending;
  });

  test('api: callbacks register once and can be removed', async () => {
    const { meter, reader } = setUp();
    const gauge = meter.createObservableGauge('g');
    let runs = 0;
    const callback = (result: ObservableResult): void => {
      runs++;
      result.observe(1);
    };
    gauge.addCallback(callback);
    gauge.addCallback(callback);
    await reader.metrics();
    expect(runs).toBe(1);
    gauge.removeCallback(callback);
    gauge.removeCallback(callback);
    expect(await reader.metrics()).toEqual([]);
    expect(runs).toBe(1);
  });

  test('api: a batch callback observes its own instruments, and no others', async () => {
    const { meter, provider, reader } = setUp();
    const a = meter.createObservableCounter('a');
    const b = meter.createObservableGauge('b');
    const stranger = meter.createObservableGauge('stranger');
    const callback = (result: any): void => {
      result.observe(a, 1, { k: 1 });
      result.observe(b, 2);
      result.observe(stranger, 3);
      result.observe({}, 4);
    };
    meter.addBatchObservableCallback(callback, [a, b]);
    meter.addBatchObservableCallback(callback, [b, a]);
    meter.addBatchObservableCallback(callback, [{} as never]);
    expect((await reader.metrics()).map((m) => [m.descriptor.name, m.dataPoints[0]!.value])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    meter.removeBatchObservableCallback(callback, [a, b]);
    expect(await reader.metrics()).toEqual([]);
    expect(provider.stats().dropped.not_a_number).toBe(0);
  });

  test('sdk: start timestamps: instrument creation if seen in the first interval, else the previous collection', async () => {
    const { meter, reader, clock } = setUp();
    const created = seconds(clock);
    const sets = [{ a: 1 }];
    meter.createObservableCounter('c').addCallback((result) => sets.forEach((set) => result.observe(1, set)));
    clock.millis += 1000;
    expect((await reader.points('c'))[0]!.startTime).toEqual(created);
    const previous = seconds(clock);
    clock.millis += 1000;
    sets.push({ a: 2 });
    expect((await reader.points('c')).map(({ startTime }) => startTime)).toEqual([created, previous]);
    clock.millis += 1000;
    expect((await reader.points('c')).map(({ startTime }) => startTime)).toEqual([created, previous]);
  });

  test('data model: a monotonic counter that falls began anew', async () => {
    const delta = deltaReader();
    const { meter, reader, clock } = setUp({ readers: [delta] });
    let value = 100;
    meter.createObservableCounter('c').addCallback((result) => result.observe(value));
    await reader.metrics();
    await delta.metrics();
    const previous = seconds(clock);
    clock.millis += 1000;
    value = 7;
    expect((await reader.points('c'))[0]).toMatchObject({ value: 7, startTime: previous });
    expect(await delta.values('c')).toEqual([[{}, 7]]);
  });

  test('a view can make a histogram of what is observed', async () => {
    const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [5] } } as const;
    const { meter, reader } = setUp({ views: [{ instrumentName: 'g', aggregation: aggregation as never }] });
    let value = 1;
    meter.createObservableGauge('g').addCallback((result) => result.observe(value++));
    for (let i = 0; i < 8; i++) await reader.metrics();
    expect((await reader.points('g'))[0]!.value).toMatchObject({ count: 9, buckets: { counts: [5, 4] } });
  });

  test('two readers collecting at the same time do not mix their observations', async () => {
    const other = new TestReader();
    const { meter, reader } = setUp({ readers: [other] });
    let run = 0;
    meter.createObservableGauge('g').addCallback(async (result) => {
      const mine = ++run;
      await sleep(mine === 1 ? 20 : 1);
      result.observe(mine, { run: mine });
    });
    const [first, second] = await Promise.all([reader.values('g'), other.values('g')]);
    expect([first, second]).toEqual([[[{ run: 1 }, 1]], [[{ run: 2 }, 2]]]);
  });
});

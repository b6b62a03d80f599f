// Exemplars as the specification's metrics SDK chapter defines them; the clause is named by each group.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  type Attributes,
  type Context,
  context as contextApi,
  createContextKey,
  diag,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  ValueType,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  AggregationType,
  AlignedHistogramBucketExemplarReservoir,
  createAllowListAttributesProcessor,
  type Exemplar,
  type ExemplarReservoir,
  MeterProvider,
  type MeterProviderOptions,
  MetricsError,
  type ReservoirParts,
  SimpleFixedSizeExemplarReservoir,
} from '@nanometer/metrics';
import * as fc from 'fast-check';
import { exemplarFilter } from '../src/exemplar/exemplar-filter.ts';
import { deltaReader, ManualClock, TestReader } from './support/test-reader.ts';

const TRACE_ID = 'a'.repeat(32);
const SPAN_ID = 'b'.repeat(16);

function inSpan(traceFlags: TraceFlags, spanId = SPAN_ID): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE_ID, spanId, traceFlags });
}

const sampled = inSpan(TraceFlags.SAMPLED);
const unsampled = inSpan(TraceFlags.NONE);

function providerWith(options: MeterProviderOptions = {}): {
  reader: TestReader;
  meter: ReturnType<MeterProvider['getMeter']>;
  provider: MeterProvider;
} {
  const reader = new TestReader();
  const provider = new MeterProvider({ clock: new ManualClock(), readers: [reader], threads: false, ...options });
  return { reader, meter: provider.getMeter('m'), provider };
}

async function exemplarsOf(reader: TestReader, name = 'x'): Promise<readonly Exemplar[] | undefined> {
  const points = (await reader.points(name)) as unknown as { exemplars?: readonly Exemplar[] }[];
  return points.at(-1)?.exemplars;
}

async function valuesOf(reader: TestReader, name = 'x'): Promise<number[] | undefined> {
  return (await exemplarsOf(reader, name))?.map(({ value }) => value);
}

afterEach(() => {
  contextApi.disable();
  diag.disable();
});

describe('ExemplarFilter', () => {
  test('is trace_based by default: only what is recorded in the context of a sampled span is eligible', async () => {
    const { reader, meter } = providerWith();
    const counter = meter.createCounter('x');
    counter.add(1, {});
    counter.add(2, {}, unsampled);
    expect(await exemplarsOf(reader)).toBeUndefined();
    counter.add(4, {}, sampled);
    expect(await exemplarsOf(reader)).toEqual([
      { value: 4, timestamp: [1_700_000_000, 0], filteredAttributes: {}, traceId: TRACE_ID, spanId: SPAN_ID },
    ]);
  });

  test('looks at the active context when none is passed, and at the passed one when there is', async () => {
    const { reader, meter } = providerWith();
    const counter = meter.createCounter('x');
    const bound = counter.bind();
    contextApi.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    bound.add(1);
    contextApi.with(sampled, () => bound.add(2, unsampled));
    expect(await exemplarsOf(reader)).toBeUndefined();
    contextApi.with(sampled, () => bound.add(4));
    expect(await valuesOf(reader)).toEqual([4]);
    contextApi.with(sampled, () => counter.add(8));
    expect(await valuesOf(reader)).toEqual([8]);
    contextApi.with(unsampled, () => bound.add(16, sampled));
    expect(await valuesOf(reader)).toEqual([16]);
    expect(await reader.values('x')).toEqual([[{}, 31]]);
  });

  test('sees a context manager that is registered after the handle was bound and used', async () => {
    const { reader, meter } = providerWith();
    const bound = meter.createCounter('x').bind();
    for (let i = 0; i < 20_000; i++) bound.add(1);
    contextApi.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    contextApi.with(sampled, () => bound.add(7));
    expect(await valuesOf(reader)).toEqual([7]);
    contextApi.disable();
    bound.add(1);
    expect(await valuesOf(reader)).toEqual([7]);
  });

  test('always_off makes nothing eligible', async () => {
    const { reader, meter } = providerWith({ exemplarFilter: 'always_off' });
    meter.createCounter('x').add(1, {}, sampled);
    meter.createCounter('x').bind().add(1, sampled);
    expect(await exemplarsOf(reader)).toBeUndefined();
  });

  test('always_on makes everything eligible, with the ids of a span only where there is one', async () => {
    const { reader, meter } = providerWith({ exemplarFilter: 'always_on' });
    const gauge = meter.createGauge('x');
    gauge.record(1);
    expect(await exemplarsOf(reader)).toEqual([{ value: 1, timestamp: [1_700_000_000, 0], filteredAttributes: {} }]);
    gauge.record(2, {}, unsampled);
    expect(await exemplarsOf(reader)).toMatchObject([{ value: 2, traceId: TRACE_ID, spanId: SPAN_ID }]);
  });

  test.each([
    [undefined, 'trace_based'],
    ['', 'trace_based'],
    ['always_on', 'always_on'],
    ['ALWAYS_OFF', 'always_off'],
    [' trace_based ', 'trace_based'],
    ['sometimes', 'trace_based'],
  ])('is %p in the environment variable OTEL_METRICS_EXEMPLAR_FILTER: %s', (variable, expected) => {
    expect(exemplarFilter(undefined, { OTEL_METRICS_EXEMPLAR_FILTER: variable })).toBe(expected);
    expect(exemplarFilter('always_off', { OTEL_METRICS_EXEMPLAR_FILTER: variable })).toBe('always_off');
  });

  test('warns of an environment variable it does not know, and refuses an option it does not know', () => {
    const warn = jest.fn();
    diag.setLogger({ warn } as never, { suppressOverrideMessage: true });
    exemplarFilter(undefined, { OTEL_METRICS_EXEMPLAR_FILTER: 'sometimes' });
    expect(warn.mock.calls.flat().join(' ')).toContain('OTEL_METRICS_EXEMPLAR_FILTER is "sometimes"');
    expect(() => new MeterProvider({ exemplarFilter: 'sometimes' as never })).toThrow(MetricsError);
  });

  test('takes what is no context for one without a span; recording goes on', async () => {
    for (const filter of ['trace_based', 'always_on'] as const) {
      const { reader, meter } = providerWith({ exemplarFilter: filter });
      const bound = meter.createCounter('x').bind();
      const hostile = [
        {},
        null,
        1,
        'context',
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('no');
            },
          },
        ),
      ];
      for (const context of hostile) bound.add(1, context as never);
      expect((await reader.values('x'))[0]![1]).toBe(hostile.length);
    }
  });

  test('may meet a span that records itself when it is asked', async () => {
    const { reader, meter } = providerWith();
    const other = meter.createHistogram('other').bind();
    const span = trace.getSpan(sampled)!;
    const spanContext = (): ReturnType<typeof span.spanContext> => {
      other.record(100);
      return span.spanContext();
    };
    const context = trace.setSpan(ROOT_CONTEXT, Object.assign(Object.create(span) as typeof span, { spanContext }));
    meter.createCounter('x').bind().add(1, context);
    meter.createHistogram('y').bind().record(2, context);
    expect(await reader.values('x')).toEqual([[{}, 1]]);
    expect((await reader.values('y'))[0]![1]).toMatchObject({ sum: 2, count: 1 });
  });

  test('takes an invalid span context for none', async () => {
    const { reader, meter } = providerWith();
    const invalid = trace.setSpanContext(ROOT_CONTEXT, { traceId: '0', spanId: '', traceFlags: TraceFlags.SAMPLED });
    meter.createCounter('x').add(1, {}, invalid);
    expect(await exemplarsOf(reader)).toBeUndefined();
  });
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

describe('default reservoirs (exemplar defaults)', () => {
  async function sampleOf(aggregation: object | undefined, values: number[]): Promise<number[]> {
    const view = { instrumentName: 'x', ...(aggregation === undefined ? {} : { aggregation: aggregation as never }) };
    const { reader, meter } = providerWith({ exemplarFilter: 'always_on', views: [view] });
    for (const value of values) meter.createHistogram('x').record(value);
    return (await valuesOf(reader))!;
  }
  const many = Array.from({ length: 1000 }, (_, i) => i);

  test('an explicit histogram keeps one for each bucket that was hit, upper bounds included', async () => {
    const boundaries = [0, 10, 100];
    const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } };
    const buckets = (await sampleOf(aggregation, [0, 10, 100, ...many])).map((value) =>
      boundaries.findIndex((boundary) => value <= boundary),
    );
    expect(buckets).toEqual([0, 1, 2, -1]);
    expect(await sampleOf(aggregation, [10])).toEqual([10]);
  });

  test('an explicit histogram with a single bucket keeps one', async () => {
    const options = { boundaries: [] };
    expect(await sampleOf({ type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options }, many)).toHaveLength(1);
  });

  test.each([
    [160, 20],
    [20, 20],
    [7, 7],
  ])('an exponential histogram of at most %i buckets keeps %i', async (maxSize, expected) => {
    const options = { maxSize };
    expect(await sampleOf({ type: AggregationType.EXPONENTIAL_HISTOGRAM, options }, many)).toHaveLength(expected);
  });

  test.each([
    ['sum', AggregationType.SUM],
    ['last value', AggregationType.LAST_VALUE],
  ])('a %s keeps one', async (_name, type) => {
    expect(await sampleOf({ type }, many)).toHaveLength(1);
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

describe('the built-in reservoirs', () => {
  const offer = (reservoir: ExemplarReservoir, value: number): void => {
    reservoir.offer(value, 0, {}, ROOT_CONTEXT);
  };
  const collected = (reservoir: ExemplarReservoir, temporality = AggregationTemporality.DELTA): number[] =>
    reservoir.collect(temporality).map(({ value }) => value);

  test('SimpleFixedSize samples uniformly: every measurement has the same chance', () => {
    const hits = Array.from({ length: 10 }, () => 0);
    const reservoir = new SimpleFixedSizeExemplarReservoir(2);
    const rounds = 20_000;
    for (let round = 0; round < rounds; round++) {
      for (let value = 0; value < 10; value++) offer(reservoir, value);
      for (const value of collected(reservoir)) hits[value]!++;
    }
    // Expected 4,000 each; six standard deviations are 340.
    for (const count of hits) expect(Math.abs(count - rounds * 0.2)).toBeLessThan(400);
  });

  test('AlignedHistogramBucket samples uniformly within a bucket', () => {
    const hits = Array.from({ length: 5 }, () => 0);
    const reservoir = new AlignedHistogramBucketExemplarReservoir([100]);
    const rounds = 20_000;
    for (let round = 0; round < rounds; round++) {
      for (let value = 0; value < 5; value++) offer(reservoir, value);
      for (const value of collected(reservoir)) hits[value]!++;
    }
    for (const count of hits) expect(Math.abs(count - rounds * 0.2)).toBeLessThan(400);
  });

  test('never hold more than their size, whatever is offered', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 + 1));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(value), fc.boolean(), (size, values, isDelta) => {
        const temporality = isDelta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
        const boundaries = Array.from({ length: size }, (_, i) => i * 10);
        const fixed = new SimpleFixedSizeExemplarReservoir(size);
        const aligned = new AlignedHistogramBucketExemplarReservoir(boundaries);
        for (const each of values) {
          offer(fixed, each);
          offer(aligned, each);
        }
        expect(collected(fixed, temporality)).toHaveLength(Math.min(size, values.length));
        expect(collected(aligned, temporality).length).toBeLessThanOrEqual(size + 1);
        expect(collected(fixed)).toHaveLength(isDelta ? 0 : Math.min(size, values.length));
      }),
    );
  });

  test('reset what sampling depends on at every collection', () => {
    // A random number of (almost) 1 keeps the first of an interval and no other.
    const almostOne = (): number => 1 - 2 ** -53;
    const fixed = new SimpleFixedSizeExemplarReservoir(1, almostOne);
    const aligned = new AlignedHistogramBucketExemplarReservoir([10], almostOne);
    for (const reservoir of [fixed, aligned]) {
      for (const value of [1, 2]) offer(reservoir, value);
      expect(collected(reservoir, AggregationTemporality.CUMULATIVE)).toEqual([1]);
      for (const value of [3, 4]) offer(reservoir, value);
      expect(collected(reservoir, AggregationTemporality.CUMULATIVE)).toEqual([3]);
    }
  });

  test.each([0, -1, 1.5, NaN, Infinity])('SimpleFixedSize refuses the size %p', (size) => {
    expect(() => new SimpleFixedSizeExemplarReservoir(size)).toThrow(MetricsError);
  });
});

describe('a reservoir of the user (configurable on a view, one for every series)', () => {
  class Largest implements ExemplarReservoir {
    #largest: Exemplar | undefined;

    offer(value: number, timestampMillis: number, filteredAttributes: Attributes): void {
      if (value > (this.#largest?.value ?? -Infinity)) {
        this.#largest = { value, timestamp: [timestampMillis / 1000, 0], filteredAttributes };
      }
    }

    collect(): readonly Exemplar[] {
      return this.#largest === undefined ? [] : [this.#largest];
    }
  }

  test('is made for each series, told of its aggregation and attributes', async () => {
    const made: ReservoirParts[] = [];
    const exemplarReservoir = (parts: ReservoirParts): ExemplarReservoir => {
      made.push(parts);
      return new Largest();
    };
    const { reader, meter } = providerWith({ views: [{ instrumentName: 'x', exemplarReservoir }] });
    const counter = meter.createCounter('x');
    for (const value of [1, 9, 4]) counter.add(value, { n: 1 }, sampled);
    counter.add(2, { n: 2 }, sampled);
    const aggregation = { type: AggregationType.SUM };
    expect(made).toEqual([
      { aggregation, attributes: { n: 1 } },
      { aggregation, attributes: { n: 2 } },
    ]);
    const points = (await reader.points('x')) as unknown as { exemplars: Exemplar[] }[];
    expect(points.map(({ exemplars }) => exemplars[0]!.value)).toEqual([9, 2]);
  });

  test('can read the context', async () => {
    const key = createContextKey('order');
    const seen: unknown[] = [];
    const exemplarReservoir = (): ExemplarReservoir => ({
      offer: (_value, _millis, _attributes, context) => seen.push(context.getValue(key)),
      collect: () => [],
    });
    const { reader, meter } = providerWith({ views: [{ instrumentName: 'x', exemplarReservoir }] });
    meter.createCounter('x').bind().add(1, sampled.setValue(key, 'o-1'));
    expect(seen).toEqual(['o-1']);
    expect(await exemplarsOf(reader)).toBeUndefined();
  });

  test('may throw: the measurement counts, one line is logged', async () => {
    const error = jest.fn();
    diag.setLogger({ error } as never, { suppressOverrideMessage: true });
    const exemplarReservoir = (): ExemplarReservoir => {
      throw new Error('no memory');
    };
    const { reader, meter } = providerWith({ views: [{ instrumentName: 'x', exemplarReservoir }] });
    for (let i = 0; i < 3; i++) meter.createCounter('x').add(1, {}, sampled);
    expect(await reader.values('x')).toEqual([[{}, 3]]);
    expect(error).toHaveBeenCalledTimes(1);
  });

  test('that is no function is refused', () => {
    const views = [{ instrumentName: 'x', exemplarReservoir: {} as never }];
    expect(() => new MeterProvider({ views })).toThrow(MetricsError);
  });
});

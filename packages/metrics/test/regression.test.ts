import { describe, expect, jest, test } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  type DataPoint,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { MeterProvider, type MeterProviderOptions } from '@nanometer/metrics';
import { TestReader } from './support/test-reader.ts';

/** A provider with one delta reader, and what that reader finds at each collection: value (or sum) by attributes. */
function deltaProvider(options: MeterProviderOptions = {}) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const provider = new MeterProvider({ ...options, readers: [reader] });
  const collect = async (): Promise<[Attributes, unknown][]> => {
    exporter.reset();
    await reader.forceFlush();
    const metrics = exporter.getMetrics().flatMap((part) => part.scopeMetrics.flatMap((scope) => scope.metrics));
    const points = metrics.flatMap((metric): DataPoint<unknown>[] => metric.dataPoints);
    return points.map(({ attributes, value }) => [attributes, value]);
  };
  return { meter: provider.getMeter('m'), collect, provider };
}

const OVERFLOW = { 'otel.metric.overflow': true };

describe('recording never throws', () => {
  const hostile = Object.defineProperty({}, 'k', {
    enumerable: true,
    get: () => {
      throw new Error('getter');
    },
  }) as Attributes;

  test('with a getter that throws under a view with a processor', () => {
    const views = [{ instrumentName: 'c', attributesProcessors: [{ process: (given: Attributes) => given }] }];
    const { meter, provider } = deltaProvider({ views });
    const counter = meter.createCounter('c');
    expect(() => counter.add(1, hostile)).not.toThrow();
    expect(provider.stats().dropped.invalid_attributes).toBe(1);
  });

  test('and creating an instrument does not either, whatever it is advised', () => {
    const { meter } = deltaProvider({ exponentialAdvice: true });
    const advise = (name: string, advice: object) => () => meter.createHistogram(name, { advice });
    expect(advise('a', { explicitBucketBoundaries: [1, Number.NaN] })).not.toThrow();
    expect(
      advise('b', { explicitBucketBoundaries: Array.from({ length: 70_000 }, (_, index) => index) }),
    ).not.toThrow();
    expect(advise('c', { exponentialMaxSize: 20_000 })).not.toThrow();
  });
});

describe('attribute sets keep apart', () => {
  test('when a key reads like the cache’s own mark', async () => {
    const { meter, collect } = deltaProvider();
    const counter = meter.createCounter('c');
    for (let round = 0; round < 2; round++) {
      counter.add(1, { '\u0000unset': 'x' });
      counter.add(10, { k: 'y' });
      counter.add(100, { k: 'x' });
    }
    expect(await collect()).toEqual([
      [{ '\u0000unset': 'x' }, 2],
      [{ k: 'y' }, 20],
      [{ k: 'x' }, 200],
    ]);
  });

  test('when a program records the overflow set itself, which takes no place of the limit', async () => {
    const { meter, collect } = deltaProvider({ views: [{ instrumentName: 'c', aggregationCardinalityLimit: 2 }] });
    const counter = meter.createCounter('c');
    counter.add(1000, OVERFLOW);
    for (const k of ['a', 'b', 'c', 'c']) counter.add(1, { k });
    expect(await collect()).toEqual([
      [OVERFLOW, 1002],
      [{ k: 'a' }, 1],
      [{ k: 'b' }, 1],
    ]);
  });
});

describe('observable counters at their limit, delta', () => {
  async function deltas(limit: number, rounds: readonly Record<string, number>[]): Promise<number> {
    const { meter, collect } = deltaProvider({ views: [{ instrumentName: 'o', aggregationCardinalityLimit: limit }] });
    let observed: Record<string, number> = {};
    meter.createObservableCounter('o').addCallback((result) => {
      for (const [k, value] of Object.entries(observed)) result.observe(value, { k });
    });
    let total = 0;
    for (observed of rounds) for (const [, value] of await collect()) total += value as number;
    return total;
  }

  test('keep the baseline of a set that is away for one collection', async () => {
    expect(await deltas(2, [{ a: 10, b: 20, c: 5 }, { b: 20 }, { a: 11, b: 20 }])).toBe(10 + 20 + 5 + 1);
  });

  test('take a member’s leaving the overflow for no new beginning', async () => {
    expect(
      await deltas(1, [
        { a: 1, b: 10, c: 20 },
        { a: 1, c: 20 },
        { a: 1, b: 10, c: 20 },
      ]),
    ).toBe(1 + 30);
  });
});

describe('one value does not poison a delta stream', () => {
  test('a NaN of an observable gauge that is viewed as a sum', async () => {
    const views = [{ instrumentName: 'g', aggregation: { type: AggregationType.SUM as const } }];
    const { meter, collect } = deltaProvider({ views });
    let value = 1;
    meter.createObservableGauge('g').addCallback((result) => result.observe(value));
    const seen: unknown[] = [];
    for (value of [1, Number.NaN, 5, 6]) seen.push((await collect())[0]?.[1]);
    expect(seen).toEqual([1, undefined, 4, 1]);
  });

  test('a sum beyond the largest double', async () => {
    const { meter, collect } = deltaProvider();
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h');
    const seen: unknown[] = [];
    for (const value of [1.7e308, 1.7e308, 1, 1]) {
      counter.add(value);
      histogram.record(value);
      const [sum, distribution] = (await collect()).map(([, point]) => point);
      expect(distribution).toMatchObject({ count: 1 });
      seen.push([sum, Reflect.get(Object(distribution), 'sum')]);
    }
    expect(seen).toEqual([
      [1.7e308, 1.7e308],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});

test('a timeout longer than any timer is no timeout', async () => {
  jest.useFakeTimers();
  try {
    const reader = new TestReader();
    const meter = new MeterProvider({ readers: [reader], callbackTimeoutMillis: 2 ** 31 }).getMeter('m');
    let release: (() => void) | undefined;
    meter.createObservableGauge('g').addCallback(async (result) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      result.observe(3);
    });
    const points = reader.values('g');
    // A timer set for too long fires after a millisecond.
    jest.advanceTimersByTime(20);
    release!();
    expect(await points).toEqual([[{}, 3]]);
  } finally {
    jest.useRealTimers();
  }
});

test('enabled() says no once the provider is shut down, also of instruments that were there before', async () => {
  const { meter, provider } = deltaProvider();
  const instruments = [
    meter.createCounter('c'),
    meter.createUpDownCounter('u'),
    meter.createGauge('g'),
    meter.createHistogram('h'),
  ];
  expect(instruments.map((instrument) => instrument.enabled())).toEqual([true, true, true, true]);
  await provider.shutdown();
  expect(instruments.map((instrument) => instrument.enabled())).toEqual([false, false, false, false]);
  expect(meter.createCounter('later').enabled()).toBe(false);
});

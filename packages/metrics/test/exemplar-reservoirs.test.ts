import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type Attributes, context as contextApi, createContextKey, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  AlignedHistogramBucketExemplarReservoir,
  type Exemplar,
  type ExemplarReservoir,
  MeterProvider,
  MetricsError,
  type ReservoirParts,
  SimpleFixedSizeExemplarReservoir,
} from '@nanometer/metrics';
import * as fc from 'fast-check';
import { sampled, providerWith, exemplarsOf, valuesOf } from './support/exemplars.ts';

afterEach(() => {
  contextApi.disable();
  diag.disable();
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

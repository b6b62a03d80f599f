import { expect } from '@jest/globals';
import { type AggregationOption, AggregationType, DataPointType } from '@nanometer/metrics';
import type { Implementation } from './implementation.ts';
import { requirement, section, type Section } from './requirement.ts';

const DEFAULT_BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

/** Records into a histogram with this aggregation; returns the value of its point. */
async function recorded(sdk: Implementation, aggregation: AggregationOption, values: readonly number[]): Promise<any> {
  const { meter, reader } = sdk.setUp({}, { aggregation });
  const histogram = meter.createHistogram('h');
  for (const value of values) histogram.record(value);
  return (await reader.points('h'))[0]!.value;
}

function exponential(options: { maxSize?: number; recordMinMax?: boolean } = {}): AggregationOption {
  return { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: options as never };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Index of the bucket (2^(i/2^scale), 2^((i+1)/2^scale)] that holds a power of two. */
function indexOfPower(exponent: number, scale: number): number {
  return Math.ceil(exponent * 2 ** scale) - 1;
}

export const HISTOGRAMS: readonly Section[] = [
  section('sdk', 'Explicit bucket histogram aggregation', [
    requirement('MUST', 'has the default boundaries, and counts sum, minimum and maximum', async (sdk) => {
      const value = await recorded(sdk, { type: AggregationType.DEFAULT }, [1, 7, 20_000]);
      expect(value.buckets.boundaries).toEqual(DEFAULT_BOUNDARIES);
      expect(value).toMatchObject({ count: 3, sum: 20_008, min: 1, max: 20_000 });
    }),
    requirement('MUST', 'boundaries are upper-inclusive, and the buckets cover all numbers', async (sdk) => {
      const boundaries = [-5, 0, 10];
      const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } } as const;
      const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'u', aggregation }] });
      for (const value of [-1e300, -5, -4.999, 0, 5e-324, 10, 10.001, 1e300]) meter.createUpDownCounter('u').add(value);
      expect((await reader.points('u'))[0]!.value.buckets).toEqual({ boundaries, counts: [2, 2, 2, 2] });
    }),
    requirement('SHOULD', 'RecordMinMax can be turned off', async (sdk) => {
      const options = { boundaries: [1], recordMinMax: false };
      const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options } as const;
      expect(await recorded(sdk, aggregation, [1, 2])).toMatchObject({ min: undefined, max: undefined, count: 2 });
    }),
    requirement('SHOULD NOT', 'the sum of an instrument that may be negative is collected', async (sdk) => {
      const options = { boundaries: [0] };
      const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options } as const;
      const { meter, reader } = sdk.setUp({ views: [{ instrumentName: '*', aggregation }] });
      meter.createUpDownCounter('u').add(-5);
      meter.createGauge('g').record(-5);
      for (const name of ['u', 'g']) {
        expect((await reader.points(name))[0]!.value).toMatchObject({ sum: undefined, count: 1, min: -5, max: -5 });
      }
    }),
    requirement('SHOULD', 'infinite boundaries are the buckets that are there anyway', async (sdk) => {
      const options = { boundaries: [-Infinity, 3, 1, 2, Infinity] };
      const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options } as const;
      const value = await recorded(sdk, aggregation, [2]);
      expect(value.buckets).toEqual({ boundaries: [1, 2, 3], counts: [0, 1, 0, 0] });
    }),
  ]),
  section('sdk', 'Base2 exponential bucket histogram aggregation', [
    requirement(
      'MUST',
      'has at most 160 buckets per sign by default, and counts sum, minimum and maximum',
      async (sdk) => {
        const values = Array.from({ length: 1000 }, (_, i) => 1.1 ** (i / 2));
        const value = await recorded(sdk, exponential(), values);
        expect(value.positive.bucketCounts.length).toBeLessThanOrEqual(160);
        expect(value.positive.bucketCounts.length).toBeGreaterThan(80);
        expect(total(value.positive.bucketCounts)).toBe(1000);
        expect(value).toMatchObject({ count: 1000, zeroCount: 0, min: values[0], max: values.at(-1) });
      },
    ),
    requirement('SHOULD', 'RecordMinMax can be turned off, and sums of negative numbers are left out', async (sdk) => {
      const aggregation = exponential({ recordMinMax: false });
      const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'u', aggregation }] });
      for (const value of [-5, 3, 0]) meter.createUpDownCounter('u').add(value);
      const [{ value } = { value: undefined }] = await reader.points('u');
      expect(value).toMatchObject({ sum: undefined, min: undefined, max: undefined, count: 3, zeroCount: 1 });
      expect([value.positive.bucketCounts, value.negative.bucketCounts]).toEqual([[1], [1]]);
    }),
  ]),
  section('sdk', 'Handle all normal values', [
    requirement('MUST', 'the whole range of normal doubles is accepted', async (sdk) => {
      const value = await recorded(sdk, exponential(), [2 ** -1022, 1, Number.MAX_VALUE]);
      expect(value).toMatchObject({ count: 3, min: 2 ** -1022, max: Number.MAX_VALUE });
      expect(total(value.positive.bucketCounts)).toBe(3);
    }),
    requirement('SHOULD NOT', 'non-normal values get into sum, minimum and maximum', async (sdk) => {
      const value = await recorded(sdk, exponential(), [1, Infinity, Number.NaN, 2]);
      expect(value).toMatchObject({ count: 2, sum: 3, min: 1, max: 2 });
    }),
  ]),
  section('sdk', 'Support a minimum and maximum scale', [
    requirement('MUST', 'the largest range fits the smallest number of buckets', async (sdk) => {
      const value = await recorded(sdk, exponential({ maxSize: 2 }), [2 ** -1022, 1, Number.MAX_VALUE]);
      expect(value.scale).toBeGreaterThanOrEqual(-11);
      expect(total(value.positive.bucketCounts)).toBe(3);
      expect(value.positive.bucketCounts.length).toBeLessThanOrEqual(2);
    }),
  ]),
  section('sdk', 'Use the maximum scale for single measurements', [
    requirement('SHOULD', 'one value has scale 20', async (sdk) => {
      const value = await recorded(sdk, exponential(), [1.5, 1.5]);
      expect(value.scale).toBe(20);
      expect(2 ** (value.positive.offset / 2 ** 20)).toBeLessThan(1.5);
      expect(2 ** ((value.positive.offset + 1) / 2 ** 20)).toBeGreaterThanOrEqual(1.5);
    }),
  ]),
  section('sdk', 'Maintain the ideal scale', [
    requirement('SHOULD', 'the scale is the largest at which the values fit', async (sdk) => {
      for (const [maxSize, exponents] of [
        [4, [0, 1]],
        [4, [-3, 7]],
        [160, [-10, 10]],
        [3, [-1000, 1000]],
      ] as const) {
        const { scale } = await recorded(
          sdk,
          exponential({ maxSize }),
          exponents.map((exponent) => 2 ** exponent),
        );
        const buckets = (at: number): number => indexOfPower(exponents[1], at) - indexOfPower(exponents[0], at) + 1;
        expect(buckets(scale)).toBeLessThanOrEqual(maxSize);
        if (scale < 20) expect(buckets(scale + 1)).toBeGreaterThan(maxSize);
      }
    }),
    requirement('MUST', 'downscaling loses no count, also between deltas', async (sdk) => {
      const { meter, reader } = sdk.setUp({}, { temporality: 0, aggregation: exponential({ maxSize: 4 }) });
      const histogram = meter.createHistogram('h');
      histogram.record(1.5);
      histogram.record(1.6);
      await reader.metrics();
      histogram.record(1000);
      histogram.record(0);
      const [{ value } = { value: undefined }] = await reader.points('h');
      expect(value).toMatchObject({ count: 2, zeroCount: 1, sum: 1000, min: 0, max: 1000 });
      expect(value.positive.bucketCounts).toEqual([1]);
      expect(2 ** (value.positive.offset / 2 ** value.scale)).toBeLessThan(1000);
      expect(2 ** ((value.positive.offset + 1) / 2 ** value.scale)).toBeGreaterThanOrEqual(1000);
    }),
  ]),
  section('sdk', 'Last value aggregation', [
    requirement('MUST', 'the last value counts, with the time of the collection', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const gauge = meter.createGauge('g');
      for (const value of [1, -5, 2.5]) gauge.record(value, { k: 1 });
      sdk.pass(1000);
      expect(await reader.points('g')).toMatchObject([{ attributes: { k: 1 }, value: 2.5, endTime: sdk.now() }]);
    }),
  ]),
  section('sdk', 'Sum, last value and drop aggregation', [
    requirement('MUST', 'can be asked for by a view, whatever the instrument', async (sdk) => {
      const { meter, reader } = sdk.setUp({
        views: [
          { instrumentName: 'h', aggregation: { type: AggregationType.SUM } },
          { instrumentName: 'c', aggregation: { type: AggregationType.LAST_VALUE } },
          { instrumentName: 'd', aggregation: { type: AggregationType.DROP } },
        ],
      });
      for (const value of [1, 2]) {
        meter.createHistogram('h').record(value);
        meter.createCounter('c').add(value);
        meter.createCounter('d').add(value);
      }
      expect((await reader.metrics()).map((m) => [m.descriptor.name, m.dataPointType, m.dataPoints[0]!.value])).toEqual(
        [
          ['h', DataPointType.SUM, 3],
          ['c', DataPointType.GAUGE, 2],
        ],
      );
    }),
  ]),
];

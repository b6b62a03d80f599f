import { describe, expect, test } from '@jest/globals';
import { MeterProvider } from '@nanometer/metrics';
import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  MetricReader,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { RequestEncoder } from '../src/index.ts';
import { metricsOf } from './support/metrics.ts';

const HOSTILE = [NaN, Infinity, -Infinity, 0, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 2, -(2 ** 53), 2 ** 63, -(2 ** 63)];
const value = fc.oneof(fc.constantFrom(...HOSTILE), fc.double(), fc.integer());
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 127, 128, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1));
const time = fc.tuple(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 999_999_999 })) as fc.Arbitrary<HrTime>;

/** Attributes of all lengths, so that points begin anywhere. */
const SETS: readonly Attributes[] = [
  ...['', 'a', 'x'.repeat(200), 'é'.repeat(70)].map((symbol) => Object.freeze({ symbol })),
  Object.freeze({}),
  { mutable: true },
];
const BOUNDARIES = [Object.freeze([1, 2, 3]), Object.freeze(Array.from({ length: 20 }, (_, i) => i)), [1, 2, 3]];
const DESCRIPTORS = [ValueType.INT, ValueType.DOUBLE].map((valueType, i) => ({
  name: `metric ${i}`,
  description: '',
  unit: '1',
  valueType,
}));
const { GAUGE, SUM, HISTOGRAM } = DataPointType;

/** Mostly a common answer, now and then something else, so that templates come and go. */
function mostly<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: fc.constant(usual), weight: 12 }, { arbitrary: other, weight: 1 });
}
const shape = fc.record({
  sets: mostly([0, 1, 2, 3, 4], fc.array(fc.nat({ max: SETS.length - 1 }), { maxLength: 6 })),
  type: mostly<DataPointType>(HISTOGRAM, fc.constantFrom(GAUGE, SUM, HISTOGRAM)),
  boundaries: mostly(0, fc.nat({ max: BOUNDARIES.length - 1 })),
  hasSum: mostly(true, fc.boolean()),
  hasMin: mostly(true, fc.boolean()),
  hasMax: mostly(true, fc.boolean()),
  flags: mostly(0, fc.constantFrom(1, 300)),
  exemplars: mostly(0, fc.constantFrom(1)),
});
const numbers = fc.record({
  start: time,
  end: time,
  value,
  sum: value,
  min: value,
  max: value,
  count,
  counts: fc.array(count, { minLength: 21, maxLength: 21 }),
});
const round = fc.tuple(shape, fc.array(numbers, { minLength: 6, maxLength: 6 }), shape, shape);
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;
type Numbers = typeof numbers extends fc.Arbitrary<infer T> ? T : never;

function metricOf(which: number, each: Shape, given: readonly Numbers[], type: DataPointType): MetricData {
  const boundaries = BOUNDARIES[each.boundaries]!;
  const dataPoints = each.sets.map((set, i) => {
    const of = given[i]!;
    const histogram = {
      count: of.count,
      ...(each.hasSum ? { sum: of.sum } : {}),
      // Of single points one may lack what the others have.
      ...(each.hasMin || i === 1 ? { min: of.min } : {}),
      ...(each.hasMax ? { max: of.max } : {}),
      buckets: { boundaries, counts: of.counts.slice(0, boundaries.length + 1) },
    };
    return {
      startTime: of.start,
      endTime: of.end,
      attributes: SETS[set],
      value: type === HISTOGRAM ? histogram : of.value,
      ...(each.flags > 0 && i === 0 ? { flags: each.flags } : {}),
      ...(each.exemplars > 0 && i === 2
        ? { exemplars: [{ value: 1, timestamp: [1, 2], filteredAttributes: { a: 1 } }] }
        : {}),
    };
  });
  return {
    descriptor: DESCRIPTORS[which],
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: type,
    isMonotonic: true,
    dataPoints,
  } as unknown as MetricData;
}

function requestOf(metrics: MetricData[]): ResourceMetrics {
  return { resource: { attributes: {} }, scopeMetrics: [{ scope: { name: 's' }, metrics }] } as never;
}

describe('templates of points', () => {
  test('give the bytes of an encoder that has none, whatever changes from one encoding to the next', () => {
    let used = 0;
    fc.assert(
      fc.property(fc.array(round, { minLength: 4, maxLength: 12 }), (rounds) => {
        const encoder = new RequestEncoder();
        for (const [first, given, second, third] of rounds) {
          const metrics = requestOf([
            metricOf(0, first, given, first.type),
            metricOf(1, second, given, second.type === HISTOGRAM ? SUM : second.type),
            // Whether it is there at all.
            ...(third.hasSum ? [{ ...metricOf(0, third, given, GAUGE), descriptor: { ...DESCRIPTORS[0]! } }] : []),
          ]);
          if (encoder.templateBytes > 0) used++;
          const expected = new RequestEncoder(0).encode(metrics);
          const { bytes, pointCount } = encoder.encode(metrics);
          expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(expected.bytes).toString('hex'));
          expect(pointCount).toBe(expected.pointCount);
        }
      }),
      { numRuns: 300 },
    );
    expect(used).toBeGreaterThan(300);
  });

  class OnDemandReader extends MetricReader {
    override async onForceFlush(): Promise<void> {}
    override async onShutdown(): Promise<void> {}
  }

  function provided(): { record: (series: number) => void; collect: () => Promise<ResourceMetrics> } {
    const reader = new OnDemandReader();
    const meter = new MeterProvider({ readers: [reader] }).getMeter('m');
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h');
    return {
      record: (series) => {
        for (let i = 0; i < series; i++) {
          counter.add(i + 0.5, { i });
          histogram.record(i, { i });
        }
      },
      collect: async () => (await reader.collect()).resourceMetrics,
    };
  }

  test('are kept for what @nanometer/metrics collects, follow new series, and go with their metric', async () => {
    const { record, collect } = provided();
    const encoder = new RequestEncoder();
    const encodeNext = async (): Promise<void> => {
      const metrics = await collect();
      const expected = Buffer.from(new RequestEncoder(0).encode(metrics).bytes);
      expect(Buffer.from(encoder.encode(metrics).bytes).equals(expected)).toBe(true);
    };
    const kept: number[] = [];
    for (const series of [10, 10, 10, 11, 11, 11]) {
      record(series);
      await encodeNext();
      kept.push(encoder.templateBytes);
    }
    expect(kept.map((bytes) => bytes > 0)).toEqual([false, true, true, false, true, true]);
    expect(kept[2]).toBe(kept[1]);
    expect(kept[4]).toBeGreaterThan(kept[1]!);
    encoder.encode(metricsOf(0, 1));
    expect(encoder.templateBytes).toBe(0);
  });

  test.each([
    [0, 0],
    [1000, 1000],
  ])('of at most %p bytes take no more', async (limit, most) => {
    const { record, collect } = provided();
    const encoder = new RequestEncoder(limit);
    for (let i = 0; i < 3; i++) {
      record(12);
      const metrics = await collect();
      const expected = Buffer.from(new RequestEncoder(0).encode(metrics).bytes);
      expect(Buffer.from(encoder.encode(metrics).bytes).equals(expected)).toBe(true);
      expect(encoder.templateBytes).toBeLessThanOrEqual(most);
    }
    expect(encoder.templateBytes > 0).toBe(limit > 0);
  });
});

import { describe, expect, test } from '@jest/globals';
import { MeterProvider as OwnProvider } from '@nanometer/metrics';
import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { RequestEncoder } from '../src/index.ts';
import { MalformedMessage } from '../src/request/fields.ts';
import { countPoints, pointsOf } from '../src/request/request-tree.ts';
import { halveRequest, splitRequest } from '../src/request/split-request.ts';
import { metricsOf, requestOf } from './support/metrics.ts';

const HOSTILE = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  5e-324,
  2 ** 53 - 1,
  2 ** 53 + 2,
  -(2 ** 53),
  2 ** 63,
  -(2 ** 63),
  1e300,
];
const number = fc.oneof(fc.constantFrom(...HOSTILE), fc.double(), fc.integer());
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 127, 128, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1));
const time = fc.tuple(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 999_999_999 })) as fc.Arbitrary<HrTime>;
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'é'.repeat(70), 'x'.repeat(200), '\ud800', '__proto__'),
);
const scalar = fc.oneof(text, number, fc.boolean());
const attributeValue = fc.oneof(
  scalar,
  fc.array(text, { maxLength: 3 }),
  fc.array(number, { maxLength: 3 }),
  fc.constant(null),
  fc.uint8Array({ maxLength: 200 }),
  fc.dictionary(text, scalar, { maxKeys: 2 }),
);
const attributes = fc
  .tuple(fc.dictionary(text, attributeValue, { maxKeys: 4 }), fc.boolean())
  .map(([set, frozen]) => (frozen ? Object.freeze(set) : set) as Attributes);
const optional = fc.option(number, { nil: undefined });

function pointOf<T>(value: fc.Arbitrary<T>) {
  return fc.record({ startTime: time, endTime: time, attributes, value });
}
const histogram = fc
  .record({ boundaries: fc.array(number, { maxLength: 20 }), count, sum: optional, min: optional, max: optional })
  .chain(({ boundaries, ...rest }) =>
    fc
      .array(count, { minLength: boundaries.length + 1, maxLength: boundaries.length + 1 })
      .map((counts) => Object.assign({ buckets: { boundaries, counts } }, rest)),
  );
const range = fc.record({
  offset: fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
  bucketCounts: fc.array(count, { maxLength: 170 }),
});
const exponential = fc.record({
  scale: fc.integer({ min: -10, max: 20 }),
  zeroCount: count,
  count,
  sum: optional,
  min: optional,
  max: optional,
  positive: range,
  negative: range,
});
const descriptor = fc.record({
  name: text,
  description: text,
  unit: text,
  valueType: fc.constantFrom(ValueType.INT, ValueType.DOUBLE),
});
const temporality = fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE);

function metricOf(type: DataPointType, value: fc.Arbitrary<unknown>) {
  return fc.record({
    descriptor,
    aggregationTemporality: temporality,
    dataPointType: fc.constant(type),
    isMonotonic: fc.boolean(),
    dataPoints: fc.array(pointOf(value), { maxLength: 4 }),
  });
}
const metric = fc.oneof(
  metricOf(DataPointType.GAUGE, number),
  metricOf(DataPointType.SUM, number),
  metricOf(DataPointType.HISTOGRAM, histogram),
  metricOf(DataPointType.EXPONENTIAL_HISTOGRAM, exponential),
) as unknown as fc.Arbitrary<MetricData>;
const scope = fc.record(
  { name: text, version: text, schemaUrl: text, attributes, droppedAttributesCount: fc.nat() },
  { requiredKeys: ['name'] },
);
const resourceMetrics = fc.record({
  resource: fc.record({ attributes, schemaUrl: text }, { requiredKeys: ['attributes'] }),
  scopeMetrics: fc.array(fc.record({ scope, metrics: fc.array(metric, { maxLength: 4 }) }), { maxLength: 3 }),
}) as unknown as fc.Arbitrary<ResourceMetrics>;

function stock(metrics: ResourceMetrics): Buffer {
  return Buffer.from(ProtobufMetricsSerializer.serializeRequest(metrics)!);
}

describe('encoding', () => {
  test('gives the bytes of the stock serializer for any metrics, however often the encoder was used before', () => {
    const encoder = new RequestEncoder();
    fc.assert(
      fc.property(resourceMetrics, (metrics) => {
        const expected = stock(metrics).toString('hex');
        // The second time attributes come from the cache and lengths are known, the third time points from templates.
        for (let round = 0; round < 3; round++) {
          const { bytes, pointCount } = encoder.encode(metrics);
          expect(Buffer.from(bytes).toString('hex')).toBe(expected);
          expect(pointCount).toBe(
            metrics.scopeMetrics.flatMap((s) => s.metrics.flatMap((m): unknown[] => m.dataPoints)).length,
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['the stock SDK', MeterProvider],
    ['@nanometer/metrics', OwnProvider],
  ])('gives the stock bytes for what %s collects, at every collection', async (_, Provider) => {
    const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: memory, exportIntervalMillis: 2 ** 31 - 1 });
    const provider = new Provider({
      resource: resourceFromAttributes({ 'service.name': 'desk', ports: [1, 2] }),
      readers: [reader],
      views: [{ instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    });
    const meter = provider.getMeter('scope', '1.2.3');
    const counter = meter.createCounter('counter', { unit: '{order}', description: 'Ordérs' });
    const gauge = meter.createGauge('gauge', { valueType: ValueType.INT });
    const explicit = meter.createHistogram('explicit');
    const exponential = meter.createHistogram('exponential');
    const encoder = new RequestEncoder();
    for (let round = 0; round < 5; round++) {
      for (const [index, value] of [...HOSTILE, 0.1, 7, 300].entries()) {
        const set = { venue: `v${index % 3}`, lots: index, live: true, path: ['a', 'b'] };
        counter.add(Math.abs(value), set);
        gauge.record(value, set);
        explicit.record(value, set);
        exponential.record(value, set);
      }
      await reader.forceFlush();
      const metrics = memory.getMetrics().at(-1)!;
      expect(Buffer.from(encoder.encode(metrics).bytes).equals(stock(metrics))).toBe(true);
    }
  });

  test('does not keep the bytes of attributes that can change', () => {
    const encoder = new RequestEncoder();
    const mutable = { venue: 'a' };
    const nested = Object.freeze({ path: ['a'] });
    const metrics = metricsOf(0, 2);
    const points = metrics.scopeMetrics[0]!.metrics[0]!.dataPoints as { attributes: Attributes }[];
    points[0]!.attributes = mutable;
    points[1]!.attributes = nested;
    encoder.encode(metrics);
    mutable.venue = 'b';
    nested.path[0] = 'b';
    expect(Buffer.from(encoder.encode(metrics).bytes).equals(stock(metrics))).toBe(true);
  });

  test('writes exemplars, flags and zero thresholds where points carry them', () => {
    const metrics = metricsOf(5, 1);
    const plain = new RequestEncoder().encode(metrics).bytes.length;
    const point = metrics.scopeMetrics[0]!.metrics[0]!.dataPoints[0]! as object;
    Object.assign(point, {
      flags: 1,
      exemplars: [
        {
          value: 0.5,
          timestamp: [3, 0],
          filteredAttributes: { order: 'o1' },
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: 'b7ad6b7169203331',
        },
        { value: 1, timestamp: [4, 0], filteredAttributes: {}, traceId: 'not hex' },
      ],
    });
    const { bytes } = new RequestEncoder().encode(metrics);
    const hex = Buffer.from(bytes).toString('hex');
    // span_id = 4, trace_id = 5, as_double = 3, flags = 8 of the point.
    expect(hex).toContain('2208b7ad6b7169203331');
    expect(hex).toContain('2a100af7651916cd43dd8448eb211c80319c');
    expect(hex).toContain('19000000000000e03f');
    expect(hex).toContain('4001');
    expect(bytes.length).toBeGreaterThan(plain);
    expect(countPoints(bytes)).toBe(1);
  });
});

describe('splitting', () => {
  const pointsIn = (bytes: Uint8Array): string[] =>
    [...pointsOf(bytes)].map((point) => Buffer.from(point.bytes).toString('hex'));

  test('keeps every point, its order and its surroundings, and the limit unless one point is larger', () => {
    const encoder = new RequestEncoder();
    fc.assert(
      fc.property(resourceMetrics, fc.integer({ min: 1, max: 4000 }), (metrics, limit) => {
        const { bytes, pointCount } = encoder.encode(metrics);
        const parts = splitRequest(bytes, limit);
        expect(parts.reduce((sum, part) => sum + part.pointCount, 0)).toBe(pointCount);
        expect(parts.flatMap((part) => pointsIn(part.bytes))).toEqual(pointsIn(bytes));
        for (const part of parts) expect(part.pointCount === 1 || part.bytes.length <= limit).toBe(true);
        const surroundings = (request: Uint8Array): string[] =>
          [...pointsOf(request)].map(({ path }) => path.map(({ rest }) => Buffer.from(rest).toString('hex')).join(' '));
        expect(parts.flatMap((part) => surroundings(part.bytes))).toEqual(surroundings(bytes));
      }),
    );
  });

  test('halves between points and leaves a single point alone', () => {
    const halves = halveRequest(requestOf(0, 7), 7);
    expect(halves.map((half) => half.pointCount)).toEqual([4, 3]);
    expect(halves.flatMap((half) => pointsIn(half.bytes))).toEqual(pointsIn(requestOf(0, 7)));
    expect(halveRequest(requestOf(0, 1), 1)).toHaveLength(1);
  });

  test('two requests one after the other are one request with the points of both', () => {
    const both = Buffer.concat([requestOf(0, 3), requestOf(3, 4)]);
    expect(countPoints(both)).toBe(7);
  });

  test('bytes that are no request are refused and never read past their end', () => {
    const request = requestOf(0, 3);
    const walk = (bytes: Uint8Array): 'read' | 'refused' => {
      try {
        splitRequest(bytes, 100);
        return 'read';
      } catch (error) {
        if (error instanceof MalformedMessage) return 'refused';
        throw error;
      }
    };
    for (let length = 1; length < request.length; length++) expect(walk(request.subarray(0, length))).toBe('refused');
    fc.assert(
      fc.property(fc.nat({ max: request.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const damaged = request.slice();
        damaged[at] = byte;
        walk(damaged);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void walk(bytes)));
  });
});

// Protobuf read back by protobufjs after Prometheus' schema, written down here field by field.
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import * as protobuf from 'protobufjs';
import { ACCEPT, given, metric } from './support/producer.ts';
import type { PrometheusExporter } from '@nanometer/exporter-prometheus';

const { root } = protobuf.parse(`
  syntax = "proto2";
  message Timestamp { optional int64 seconds = 1; optional int32 nanos = 2; }
  message LabelPair { optional string name = 1; optional string value = 2; }
  message Exemplar { repeated LabelPair label = 1; optional double value = 2; optional Timestamp timestamp = 3; }
  message Gauge { optional double value = 1; }
  message Counter { optional double value = 1; optional Exemplar exemplar = 2; optional Timestamp created_timestamp = 3; }
  message Bucket { optional uint64 cumulative_count = 1; optional double upper_bound = 2; optional Exemplar exemplar = 3; }
  message BucketSpan { optional sint32 offset = 1; optional uint32 length = 2; }
  message Histogram {
    optional uint64 sample_count = 1; optional double sample_sum = 2; repeated Bucket bucket = 3;
    optional sint32 schema = 5; optional double zero_threshold = 6; optional uint64 zero_count = 7;
    repeated BucketSpan negative_span = 9; repeated sint64 negative_delta = 10;
    repeated BucketSpan positive_span = 12; repeated sint64 positive_delta = 13;
    optional Timestamp created_timestamp = 15; repeated Exemplar exemplars = 16;
  }
  message Metric { repeated LabelPair label = 1; optional Gauge gauge = 2; optional Counter counter = 3; optional Histogram histogram = 7; }
  message MetricFamily { optional string name = 1; optional string help = 2; optional int32 type = 3; repeated Metric metric = 4; optional string unit = 5; }
`);
const MetricFamily = root.lookupType('MetricFamily');

interface Native {
  schema: number;
  zeroCount: number;
  zeroThreshold: number;
  sampleCount: number;
  sampleSum: number;
  bucket: { cumulativeCount: number; upperBound: number }[];
  positiveSpan: { offset: number; length: number }[];
  positiveDelta: number[];
  negativeSpan: { offset: number; length: number }[];
  negativeDelta: number[];
  exemplars: { label: { name: string; value: string }[]; value: number }[];
}

interface Decoded {
  name: string;
  help: string;
  type: number;
  unit: string;
  metric: {
    label: { name: string; value: string }[];
    gauge: { value: number };
    counter: { value: number; createdTimestamp: object; exemplar: object };
    histogram: Native;
  }[];
}

async function familiesOf(exporter: PrometheusExporter): Promise<Decoded[]> {
  const reader = protobuf.Reader.create(Buffer.concat((await exporter.render(ACCEPT.protobuf)).chunks));
  const families: Decoded[] = [];
  while (reader.pos < reader.len) {
    const message = MetricFamily.decodeDelimited(reader);
    families.push(MetricFamily.toObject(message, { longs: Number, arrays: true }) as Decoded);
  }
  return families;
}

/** Buckets by index, from spans and deltas as Prometheus' documentation reads them. */
function bucketsOf(spans: Native['positiveSpan'], deltas: readonly number[]): Map<number, number> {
  const buckets = new Map<number, number>();
  let index = 0;
  let count = 0;
  let at = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++, index++) {
      count += deltas[at++]!;
      if (count !== 0) buckets.set(index, count);
    }
  }
  expect(at).toBe(deltas.length);
  return buckets;
}

test('has counters, gauges and classic histograms with everything that belongs to them', async () => {
  const { exporter, producer } = given();
  const exemplars = [{ value: 0.5, timestamp: [1, 2], filteredAttributes: { order: 'o-1' }, traceId: 'ab' }];
  for (const value of [1, 2.5]) {
    const histogram = { buckets: { boundaries: [1, 5], counts: [2, 0, 1] }, sum: value, count: 3 };
    producer.metrics = [
      metric('counter', 'c', [{ attributes: { ü: '"x"\n' }, value, exemplars }], { unit: 's', description: 'text' }),
      metric('upDown', 'u', [{ attributes: {}, value: -value }]),
      metric('histogram', 'h', [{ attributes: { venue: 'x' }, value: histogram, exemplars }]),
    ];
    const [counter, upDown, histograms] = await familiesOf(exporter);
    expect(counter).toMatchObject({
      name: 'c_seconds_total',
      help: 'text',
      type: 0,
      unit: 'seconds',
      metric: [
        {
          label: [{ name: '_', value: '"x"\n' }],
          counter: {
            value,
            createdTimestamp: { seconds: 1_700_000_000, nanos: 5e8 },
            exemplar: { value: 0.5, timestamp: { seconds: 1, nanos: 2 } },
          },
        },
      ],
    });
    expect(upDown).toMatchObject({ name: 'u', type: 1, metric: [{ gauge: { value: -value } }] });
    expect(histograms!.metric[0]!.histogram).toMatchObject({
      sampleCount: 3,
      sampleSum: value,
      bucket: [
        {
          cumulativeCount: 2,
          upperBound: 1,
          exemplar: {
            label: [
              { name: 'trace_id', value: 'ab' },
              { name: 'order', value: 'o-1' },
            ],
          },
        },
        { cumulativeCount: 2, upperBound: 5 },
        { cumulativeCount: 3, upperBound: Infinity },
      ],
    });
  }
});

test('exponential histograms are native ones with the same counts, at schema 8 at most', async () => {
  const range = fc.record({
    offset: fc.integer({ min: -3000, max: 3000 }),
    bucketCounts: fc.array(fc.oneof(fc.constant(0), fc.nat(1000), fc.constant(2 ** 40)), { maxLength: 40 }),
  });
  const histogram = fc.record({
    scale: fc.integer({ min: -4, max: 20 }),
    zeroCount: fc.nat(),
    positive: range,
    negative: range,
  });
  await fc.assert(
    fc.asyncProperty(histogram, async (value) => {
      const { exporter, producer } = given();
      const total = [value.positive, value.negative]
        .flatMap(({ bucketCounts }) => bucketCounts)
        .reduce((a, b) => a + b, value.zeroCount);
      producer.metrics = [metric('exponential', 'e', [{ attributes: {}, value: { ...value, sum: 1, count: total } }])];
      const native = (await familiesOf(exporter))[0]!.metric[0]!.histogram;
      expect(native).toMatchObject({ schema: Math.min(8, value.scale), zeroThreshold: 1e-128, sampleCount: total });
      for (const [sign, spans, deltas] of [
        ['positive', native.positiveSpan, native.positiveDelta],
        ['negative', native.negativeSpan, native.negativeDelta],
      ] as const) {
        const { offset, bucketCounts } = value[sign];
        const expected = new Map<number, number>();
        bucketCounts.forEach((count, i) => {
          // A bucket's upper bound tells where it goes: (i + 1) scaled down, rounded up.
          const index = Math.ceil((offset + i + 1) / 2 ** Math.max(0, value.scale - 8));
          if (count > 0) expected.set(index, (expected.get(index) ?? 0) + count);
        });
        expect([...bucketsOf(spans, deltas)]).toEqual([...expected]);
      }
    }),
    { numRuns: 300 },
  );
});

test('a histogram coarser than schema -4 is dropped and counted, the others stay', async () => {
  const { exporter, producer } = given();
  const value = (scale: number): object => ({
    scale,
    zeroCount: 0,
    positive: { offset: 0, bucketCounts: [1] },
    negative: { offset: 0, bucketCounts: [] },
    sum: 1,
    count: 1,
  });
  const points = [-5, -4].map((scale) => ({ attributes: { scale }, value: value(scale) }));
  producer.metrics = [metric('exponential', 'e', points)];
  expect((await familiesOf(exporter))[0]!.metric.map(({ label }) => label[0]!.value)).toEqual(['-4']);
  expect(exporter.stats().dropped).toEqual({ scale_out_of_range: 1 });
});

test.each([NaN, Infinity, -Infinity, -1, 1.5, 2 ** 60])(
  'counts of %p end neither the scrape nor the encoding',
  async (count) => {
    const { exporter, producer } = given();
    producer.metrics = [
      metric('histogram', 'h', [
        { attributes: {}, value: { buckets: { boundaries: [1], counts: [count, 1] }, sum: count, count } },
      ]),
      metric('gauge', 'g', [{ attributes: {}, value: count }]),
    ];
    expect((await familiesOf(exporter))[1]!.metric[0]!.gauge.value).toBe(count);
  },
);

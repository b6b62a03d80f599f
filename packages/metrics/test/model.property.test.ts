// Random programs of instruments, records, binds, views, readers and collections, against a model that keeps every
// measurement in a list and computes each point from scratch.
import { describe, expect, test } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  type BoundCounter,
  type BoundGauge,
  createAllowListAttributesProcessor,
  exponentialErrorBound,
  MeterProvider,
  quantile,
} from '@nanometer/metrics';
import * as fc from 'fast-check';
import { TestReader } from './support/test-reader.ts';

const KINDS = ['counter', 'updown', 'gauge', 'explicit', 'exponential'] as const;
type Kind = (typeof KINDS)[number];

const SETS: readonly (Attributes | undefined)[] = [
  undefined,
  {},
  { venue: 'a' },
  { venue: 'b' },
  { venue: 'a', side: 'buy' },
  { side: 'buy', venue: 'a' },
  { venue: 1 },
];
const BOUNDARIES = [0, 1, 10, 100];

type Step =
  { do: 'record'; kind: Kind; set: number; value: number; bound: boolean } | { do: 'collect'; reader: number };

// Quarters: sums of them are exact in doubles, so that the model may add in any order.
const value = fc.integer({ min: -400, max: 4000 }).map((quarters) => quarters / 4);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      kind: fc.constantFrom(...KINDS),
      set: fc.nat(SETS.length - 1),
      value,
      bound: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('collect' as const), reader: fc.nat(2) }) },
);

/** A stream of an instrument: with all attributes, or with one of them. */
type Stream = 'all' | 'side';

interface Measurement {
  metric: string;
  kind: Kind;
  key: string;
  value: number;
  order: number;
}

function keyOf(set: Attributes | undefined, onlySide: boolean): string {
  const entries = Object.entries(set ?? {}).filter(([name]) => !onlySide || name === 'side');
  return JSON.stringify(entries.sort(([a], [b]) => a.localeCompare(b)));
}

/** The point of one series from all of its measurements. */
function modelPoint(kind: Kind, values: readonly number[]): unknown {
  const sum = values.reduce((total, v) => total + v, 0);
  if (kind === 'counter' || kind === 'updown') return sum;
  if (kind === 'gauge') return values.at(-1);
  const summary = { count: values.length, sum, min: Math.min(...values), max: Math.max(...values) };
  if (kind === 'exponential') return summary;
  const counts = Array.from({ length: BOUNDARIES.length + 1 }, () => 0);
  for (const v of values) {
    const bucket = BOUNDARIES.findIndex((bound) => v <= bound);
    counts[bucket < 0 ? BOUNDARIES.length : bucket]!++;
  }
  return { ...summary, counts };
}

function exportedPoint(kind: Kind, point: any): unknown {
  if (kind !== 'explicit' && kind !== 'exponential') return point;
  const { count, sum, min, max } = point;
  if (kind === 'explicit') return { count, sum, min, max, counts: point.buckets.counts };
  const inBuckets = [...point.positive.bucketCounts, ...point.negative.bucketCounts];
  expect(inBuckets.every((c) => c >= 0)).toBe(true);
  expect(inBuckets.reduce((total, c) => total + c, point.zeroCount)).toBe(count);
  return { count, sum, min, max };
}

function metricName(kind: Kind, stream: Stream): string {
  return stream === 'all' ? kind : `${kind}.by_side`;
}

function runProgram(steps: readonly Step[], streams: readonly Stream[]) {
  const readers = [
    new TestReader(),
    new TestReader({ temporality: AggregationTemporality.DELTA }),
    new TestReader({ temporality: AggregationTemporality.DELTA }),
  ];
  const provider = new MeterProvider({
    readers,
    views: KINDS.flatMap((kind) =>
      streams.map((stream) => ({
        instrumentName: kind,
        name: metricName(kind, stream),
        attributesProcessors: stream === 'side' ? [createAllowListAttributesProcessor(['side'])] : [],
        ...(kind === 'exponential' ? { aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } } : {}),
      })),
    ),
  });
  const meter = provider.getMeter('m');
  const counter = meter.createCounter('counter');
  const upDown = meter.createUpDownCounter('updown');
  const gauge = meter.createGauge('gauge');
  const explicit = meter.createHistogram('explicit', { advice: { explicitBucketBoundaries: BOUNDARIES } });
  const exponential = meter.createHistogram('exponential');
  const unbound: Record<Kind, (v: number, a?: Attributes) => void> = {
    counter: (v, a) => counter.add(v, a),
    updown: (v, a) => upDown.add(v, a),
    gauge: (v, a) => gauge.record(v, a),
    explicit: (v, a) => explicit.record(v, a),
    exponential: (v, a) => exponential.record(v, a),
  };
  const handles = new Map<string, (v: number) => void>();
  const bound = (kind: Kind, set: number): ((v: number) => void) => {
    const instrument = { counter, updown: upDown, gauge, explicit, exponential }[kind];
    const handle = instrument.bind(SETS[set]) as Partial<BoundCounter & BoundGauge>;
    return (v) => (handle.add === undefined ? handle.record!(v) : handle.add(v));
  };
  const record = (kind: Kind, set: number, v: number, isBound: boolean): void => {
    if (!isBound) {
      unbound[kind](v, SETS[set]);
      return;
    }
    const name = `${kind}/${set}`;
    if (!handles.has(name)) handles.set(name, bound(kind, set));
    handles.get(name)!(v);
  };
  return { readers, record, steps };
}

async function exported(reader: TestReader): Promise<Map<string, unknown>> {
  const points = new Map<string, unknown>();
  for (const metric of await reader.metrics()) {
    const { name } = metric.descriptor;
    const kind = name.replace('.by_side', '') as Kind;
    for (const point of metric.dataPoints) {
      const key = `${name} ${keyOf(point.attributes, false)}`;
      expect(points.has(key)).toBe(false);
      points.set(key, exportedPoint(kind, point.value));
    }
  }
  return points;
}

function expected(measurements: readonly Measurement[]): Map<string, unknown> {
  const groups = new Map<string, Measurement[]>();
  for (const m of measurements) {
    const key = `${m.metric} ${m.key}`;
    groups.set(key, [...(groups.get(key) ?? []), m]);
  }
  return new Map(
    [...groups].map(([key, group]) => [
      key,
      modelPoint(
        group[0]!.kind,
        group.map((m) => m.value),
      ),
    ]),
  );
}

describe('any program', () => {
  test.each([
    ['all attributes', ['all']],
    ['attributes filtered by a view', ['side']],
    ['several views of each instrument', ['all', 'side']],
  ] as [string, Stream[]][])('exports what the model computes, to every reader, %s', async (_what, streams) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { readers, record } = runProgram(steps, streams);
        const all: Measurement[] = [];
        const collected = [0, 0, 0];
        for (const action of steps) {
          if (action.do === 'collect') {
            const from = action.reader === 0 ? 0 : collected[action.reader]!;
            collected[action.reader] = all.length;
            expect(await exported(readers[action.reader]!)).toEqual(expected(all.slice(from)));
            continue;
          }
          const { kind, set, value: v, bound } = action;
          record(kind, set, v, bound);
          const dropped = v < 0 && kind !== 'updown' && kind !== 'gauge';
          if (dropped) continue;
          for (const stream of streams) {
            const key = keyOf(SETS[set], stream === 'side');
            all.push({ metric: metricName(kind, stream), kind, key, value: v, order: all.length });
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('delta sums of any doubles add up to the cumulative sum, added as a receiver adds them', async () => {
    const measurement = fc.double({ min: 0, max: 1e9, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(measurement, { maxLength: 5 }), { maxLength: 30 }), async (intervals) => {
        const cumulative = new TestReader();
        const delta = new TestReader({ temporality: AggregationTemporality.DELTA });
        const counter = new MeterProvider({ readers: [cumulative, delta] }).getMeter('m').createCounter('c');
        let received = 0;
        for (const interval of intervals) {
          for (const v of interval) counter.add(v);
          for (const [, v] of await delta.values('c')) {
            expect(v).toBeGreaterThanOrEqual(0);
            received += v;
          }
        }
        const [[, total] = [undefined, 0]] = await cumulative.values('c');
        // One rounding of the last delta, never a sum of roundings.
        expect(Math.abs(received - total)).toBeLessThanOrEqual(total * 2 ** -52);
      }),
      { numRuns: 200 },
    );
  });

  test('has quantiles within the error bound of its scale, whichever numbers are recorded', async () => {
    const measurement = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(measurement, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (values, q) => {
          const reader = new TestReader({ aggregation });
          const histogram = new MeterProvider({ readers: [reader] }).getMeter('m').createHistogram('h');
          for (const v of values) histogram.record(v);
          const [{ value: point } = { value: undefined }] = await reader.points('h');
          const sorted = values.toSorted((a, b) => a - b);
          // 0.07 × 100 is a little above 7 in doubles, and means 7.
          const position = q * values.length * (1 - Number.EPSILON);
          const exact = sorted[Math.max(0, Math.ceil(position) - 1)]!;
          const estimate = quantile(point, q)!;
          const bound = exact * exponentialErrorBound(point.scale) * (1 + 1e-9);
          expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(bound);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a hundred thousand deltas of 0.1 do not drift', async () => {
    const delta = new TestReader({ temporality: AggregationTemporality.DELTA });
    const cumulative = new TestReader();
    const bound = new MeterProvider({ readers: [cumulative, delta] }).getMeter('m').createCounter('c').bind();
    let received = 0;
    for (let i = 0; i < 5000; i++) {
      for (let j = 0; j < 20; j++) bound.add(0.1);
      received += (await delta.values('c'))[0]![1] as number;
    }
    expect(received).toBeCloseTo((await cumulative.values('c'))[0]![1] as number, 11);
  });
});

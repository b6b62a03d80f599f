import { expect } from '@jest/globals';
import { type Context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { createAllowListAttributesProcessor, type Exemplar } from '@nanometer/metrics';
import type { TestReader } from '../support/test-reader.ts';
import { requirement, section, type Section, stockFails } from './requirement.ts';

const TRACE_ID = 'a'.repeat(32);
const SPAN_ID = 'b'.repeat(16);

function inSpan(traceFlags: TraceFlags): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags });
}

async function exemplarsOf(reader: TestReader, name: string): Promise<readonly Exemplar[]> {
  const points = (await reader.points(name)) as unknown as { exemplars?: readonly Exemplar[] }[];
  return points[0]?.exemplars ?? [];
}

const none = stockFails('has no exemplars');

export const EXEMPLARS: readonly Section[] = [
  section('sdk', 'Exemplar', [
    requirement(
      'MUST',
      'an exemplar has value, time, trace and span, and the attributes that a view dropped',
      async (sdk) => {
        const attributesProcessors = [createAllowListAttributesProcessor(['kept'])];
        const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'c', attributesProcessors }] });
        meter.createCounter('c').add(3, { kept: 1, dropped: 2 }, inSpan(TraceFlags.SAMPLED));
        expect(await exemplarsOf(reader, 'c')).toEqual([
          { value: 3, timestamp: sdk.now(), filteredAttributes: { dropped: 2 }, traceId: TRACE_ID, spanId: SPAN_ID },
        ]);
      },
      none,
    ),
  ]),
  section('sdk', 'ExemplarFilter', [
    requirement(
      'SHOULD',
      'is TraceBased by default: only measurements in a sampled span are eligible',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const counter = meter.createCounter('c');
        counter.add(1);
        counter.add(2, {}, inSpan(TraceFlags.NONE));
        counter.add(4, {}, inSpan(TraceFlags.SAMPLED));
        expect((await exemplarsOf(reader, 'c')).map(({ value }) => value)).toEqual([4]);
      },
      none,
    ),
  ]),
  section('sdk', 'AlignedHistogramBucketExemplarReservoir', [
    requirement(
      'MUST',
      'keeps at most one exemplar per bucket of an explicit histogram',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [10, 100] } });
        for (const value of [1, 2, 50, 60, 500]) histogram.record(value, {}, inSpan(TraceFlags.SAMPLED));
        const buckets = (await exemplarsOf(reader, 'h')).map(({ value }) => (value <= 10 ? 0 : value <= 100 ? 1 : 2));
        expect(buckets).toEqual([0, 1, 2]);
      },
      none,
    ),
  ]),
];

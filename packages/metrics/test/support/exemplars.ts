import { type Context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { type Exemplar, MeterProvider, type MeterProviderOptions } from '@nanometer/metrics';
import { ManualClock, TestReader } from './test-reader.ts';

export const TRACE_ID = 'a'.repeat(32);

export const SPAN_ID = 'b'.repeat(16);

export function inSpan(traceFlags: TraceFlags, spanId = SPAN_ID): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE_ID, spanId, traceFlags });
}

export const sampled = inSpan(TraceFlags.SAMPLED);

export const unsampled = inSpan(TraceFlags.NONE);

export function providerWith(options: MeterProviderOptions = {}): {
  reader: TestReader;
  meter: ReturnType<MeterProvider['getMeter']>;
  provider: MeterProvider;
} {
  const reader = new TestReader();
  const provider = new MeterProvider({ clock: new ManualClock(), readers: [reader], threads: false, ...options });
  return { reader, meter: provider.getMeter('m'), provider };
}

export async function exemplarsOf(reader: TestReader, name = 'x'): Promise<readonly Exemplar[] | undefined> {
  const points = (await reader.points(name)) as unknown as { exemplars?: readonly Exemplar[] }[];
  return points.at(-1)?.exemplars;
}

export async function valuesOf(reader: TestReader, name = 'x'): Promise<number[] | undefined> {
  return (await exemplarsOf(reader, name))?.map(({ value }) => value);
}

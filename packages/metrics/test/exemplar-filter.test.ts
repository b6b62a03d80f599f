import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { context as contextApi, diag, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricsError } from '@nanometer/metrics';
import { exemplarFilter } from '../src/exemplar/exemplar-filter.ts';
import { TRACE_ID, SPAN_ID, sampled, unsampled, providerWith, exemplarsOf, valuesOf } from './support/exemplars.ts';

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

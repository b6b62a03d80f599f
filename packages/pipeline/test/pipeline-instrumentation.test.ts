import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  type DropReason,
  type IngestEvent,
  PipelineInstrumentation,
  type PipelineInstrumentationOptions,
  PipelineOptionError,
  VERSION,
} from '@nanometer/pipeline';
import {
  ATTR_ERROR_TYPE,
  ATTR_PIPELINE_DROP_REASON,
  ATTR_PIPELINE_STAGE,
  METRIC_PIPELINE_ERROR_COUNT,
  METRIC_PIPELINE_EVENT_DROPPED,
  METRIC_PIPELINE_INGEST_COUNT,
  METRIC_PIPELINE_PROCESS_COUNT,
  METRIC_PIPELINE_PROCESS_DURATION,
  METRIC_PIPELINE_QUEUE_SIZE,
  METRICS,
} from '@nanometer/semconv';
import { metrics } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { SDKS, Recording } from '@nanometer/testing';

const STAGE = { [ATTR_PIPELINE_STAGE]: 'decode' };

function setUp(options: PipelineInstrumentationOptions = {}, Provider = SDKS[0]![1]) {
  const { meterProvider, collect } = new Recording(Provider);
  const pipeline = new PipelineInstrumentation({ meterProvider, ...options });
  const droppedBy = async (reason: DropReason): Promise<unknown> =>
    (await collect()).valueOf(METRIC_PIPELINE_EVENT_DROPPED, { [ATTR_PIPELINE_DROP_REASON]: reason });
  return { pipeline, collect, droppedBy };
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('records every metric of the group, each series with the attributes its definition declares', async () => {
    const { pipeline, collect } = setUp({}, Provider);
    pipeline.onIngest({ stage: 'decode', records: 10 });
    pipeline.onProcessed({ stage: 'decode', records: 7, durationSeconds: 0.25 });
    pipeline.onProcessed({ stage: 'decode', records: 0, durationSeconds: 0 });
    pipeline.onQueueSize({ stage: 'decode', size: 5 });
    pipeline.onQueueSize({ stage: 'decode', size: 3 });
    pipeline.onError({ stage: 'decode', errorType: 'ECONNRESET' });
    pipeline.onIngest({ stage: 'decode', records: -1 });

    const found = await collect();
    expect(found.valueOf(METRIC_PIPELINE_INGEST_COUNT, STAGE)).toBe(10);
    expect(found.valueOf(METRIC_PIPELINE_PROCESS_COUNT, STAGE)).toBe(7);
    expect(found.valueOf(METRIC_PIPELINE_PROCESS_DURATION, STAGE)).toEqual({ count: 2, sum: 0.25, min: 0, max: 0.25 });
    expect(found.valueOf(METRIC_PIPELINE_QUEUE_SIZE, STAGE)).toBe(3);
    expect(found.valueOf(METRIC_PIPELINE_ERROR_COUNT, { ...STAGE, [ATTR_ERROR_TYPE]: 'ECONNRESET' })).toBe(1);
    expect(found.valueOf(METRIC_PIPELINE_EVENT_DROPPED, { [ATTR_PIPELINE_DROP_REASON]: 'invalid_count' })).toBe(1);
    const declared = METRICS.filter(({ name }) => name.startsWith('pipeline.'));
    expect([...found.names].sort()).toEqual(declared.map(({ name }) => name).sort());
    for (const metric of declared) {
      for (const attributes of found.seriesOf(metric)) {
        expect(Object.keys(attributes).sort()).toEqual([...metric.attributes].sort());
      }
    }
  });
});

describe('what is invalid', () => {
  const NOT_COUNTS = [-1, 0.5, Number.NaN, Infinity, -Infinity, 5e-324, 2 ** 53, '1', 1n, null, undefined] as never[];

  test.each(NOT_COUNTS)('%p records, or a queue of that size, are counted as invalid', async (records) => {
    const { pipeline, collect, droppedBy } = setUp();
    pipeline.onIngest({ stage: 'decode', records });
    pipeline.onProcessed({ stage: 'decode', records, durationSeconds: 1 });
    pipeline.onQueueSize({ stage: 'decode', size: records });
    expect(await droppedBy('invalid_count')).toBe(3);
    // The duration of the same event was valid.
    expect((await collect()).valueOf(METRIC_PIPELINE_PROCESS_DURATION, STAGE)).toMatchObject({ count: 1 });
  });

  test.each([-5e-324, Number.NaN, Infinity, '1' as never])(
    'a duration of %p is counted, its records still are',
    async (durationSeconds) => {
      const { pipeline, collect, droppedBy } = setUp();
      pipeline.onProcessed({ stage: 'decode', records: 2, durationSeconds });
      expect(await droppedBy('invalid_duration')).toBe(1);
      expect((await collect()).valueOf(METRIC_PIPELINE_PROCESS_COUNT, STAGE)).toBe(2);
    },
  );

  test.each([0, -0, 1, 2 ** 53 - 1])('%d records are valid', async (records) => {
    const { pipeline, collect } = setUp();
    pipeline.onIngest({ stage: 'decode', records });
    expect((await collect()).valueOf(METRIC_PIPELINE_INGEST_COUNT, STAGE)).toBe(records + 0);
    expect(pipeline.dropped).toBe(0);
  });

  test('no method throws, whatever it is given', () => {
    const keys = ['stage', 'records', 'durationSeconds', 'size', 'errorType'];
    const field = fc.oneof(fc.anything({ withBigInt: true }), fc.constantFrom('s', 1, Number.NaN));
    const junk = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true }),
      fc.record(Object.fromEntries(keys.map((key) => [key, field])), { requiredKeys: [] }),
    );
    const { pipeline } = setUp();
    fc.assert(
      fc.property(fc.constantFrom('onIngest', 'onProcessed', 'onQueueSize', 'onError'), junk, (method, event) => {
        const call = pipeline[method as 'onIngest'];
        expect(() => call.call(pipeline, event as IngestEvent)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('limits', () => {
  test('stages beyond the limit are counted, those within go on', async () => {
    const { pipeline, droppedBy } = setUp({ maxStages: 2 });
    for (const stage of ['a', 'b', 'c', 'a', 'c']) pipeline.onIngest({ stage, records: 1 });
    expect(await droppedBy('too_many_stages')).toBe(2);
    expect(pipeline.dropped).toBe(2);
  });

  test('error types beyond the limit are recorded as _OTHER', async () => {
    const { pipeline, collect } = setUp({ maxErrorTypes: 2 });
    for (const errorType of ['a', 'b', 'c', 'd', 'a', '']) pipeline.onError({ stage: 'decode', errorType });
    const found = await collect();
    expect(found.valueOf(METRIC_PIPELINE_ERROR_COUNT, { ...STAGE, [ATTR_ERROR_TYPE]: '_OTHER' })).toBe(3);
    expect(found.valueOf(METRIC_PIPELINE_ERROR_COUNT, { ...STAGE, [ATTR_ERROR_TYPE]: 'a' })).toBe(2);
  });

  test.each<[string, PipelineInstrumentationOptions]>([
    ['maxStages is 0', { maxStages: 0 }],
    ['maxErrorTypes is 2.5', { maxErrorTypes: 2.5 }],
  ])('an option out of range is an error that says so: %s', (words, options) => {
    expect(() => setUp(options)).toThrow(PipelineOptionError);
    expect(() => setUp(options)).toThrow(words);
  });
});

describe('the package', () => {
  test('uses the global provider by default, and a meter before a provider', async () => {
    const { meterProvider, collect } = new Recording();
    metrics.setGlobalMeterProvider(meterProvider);
    try {
      new PipelineInstrumentation().onIngest({ stage: 'decode', records: 1 });
      const meter = meterProvider.getMeter('mine');
      const other = new PipelineInstrumentation({ meter, meterProvider: new Recording().meterProvider });
      other.onIngest({ stage: 'decode', records: 1 });
      expect((await collect()).names).toEqual([METRIC_PIPELINE_INGEST_COUNT.name, METRIC_PIPELINE_INGEST_COUNT.name]);
    } finally {
      metrics.disable();
    }
  });

  test('exports these names', async () => {
    expect(Object.keys(await import('@nanometer/pipeline')).sort()).toEqual([
      'PipelineInstrumentation',
      'PipelineOptionError',
      'VERSION',
    ]);
  });

  test('states the version of its package.json', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
  });
});

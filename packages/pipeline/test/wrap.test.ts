import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { PipelineInstrumentation } from '@nanometer/pipeline';
import {
  ATTR_ERROR_TYPE,
  ATTR_PIPELINE_DROP_REASON,
  ATTR_PIPELINE_STAGE,
  METRIC_PIPELINE_ERROR_COUNT,
  METRIC_PIPELINE_EVENT_DROPPED,
  METRIC_PIPELINE_INGEST_COUNT,
  METRIC_PIPELINE_PROCESS_COUNT,
  METRIC_PIPELINE_PROCESS_DURATION,
} from '@nanometer/semconv';
import * as fc from 'fast-check';
import { Recording } from '@nanometer/testing';

const STAGE = { [ATTR_PIPELINE_STAGE]: 'decode' };

/** A clock that the wrapped function moves on. */
function setUp() {
  const { meterProvider, collect } = new Recording();
  const time = { nowMs: 0 };
  const pipeline = new PipelineInstrumentation({ meterProvider, clock: () => time.nowMs });
  const errorsOf = async (type: string): Promise<unknown> =>
    (await collect()).valueOf(METRIC_PIPELINE_ERROR_COUNT, { ...STAGE, [ATTR_ERROR_TYPE]: type });
  return { pipeline, collect, time, errorsOf };
}

describe('wrap', () => {
  test('measures a function and counts what went in and came out', async () => {
    const { pipeline, collect, time } = setUp();
    const decode = pipeline.wrap('decode', (text: string) => {
      time.nowMs += 250;
      return text.length;
    });
    expect(decode('four')).toBe(4);
    const found = await collect();
    expect(found.valueOf(METRIC_PIPELINE_INGEST_COUNT, STAGE)).toBe(1);
    expect(found.valueOf(METRIC_PIPELINE_PROCESS_COUNT, STAGE)).toBe(1);
    expect(found.valueOf(METRIC_PIPELINE_PROCESS_DURATION, STAGE)).toMatchObject({ count: 1, sum: 0.25 });
  });

  test('measures an async function until it settles', async () => {
    const { pipeline, collect, time } = setUp();
    const load = pipeline.wrap('decode', async (key: string) => {
      await Promise.resolve();
      time.nowMs += 500;
      return key;
    });
    expect(await load('k')).toBe('k');
    expect((await collect()).valueOf(METRIC_PIPELINE_PROCESS_DURATION, STAGE)).toMatchObject({ count: 1, sum: 0.5 });
  });

  test('counts records as the option says, before the call and again after it', async () => {
    const { pipeline, collect } = setUp();
    const decode = pipeline.wrap('decode', (batch: string[]) => batch.splice(0).length, {
      recordsOf: (batch) => batch.length,
    });
    decode(['a', 'b', 'c']);
    const found = await collect();
    expect(found.valueOf(METRIC_PIPELINE_INGEST_COUNT, STAGE)).toBe(3);
    expect(found.valueOf(METRIC_PIPELINE_PROCESS_COUNT, STAGE)).toBe(3);
  });

  test('a record count that throws or is no count is dropped, and the call goes on', async () => {
    const { pipeline, collect } = setUp();
    const thrower = (): never => {
      throw new Error('mine');
    };
    expect(pipeline.wrap('decode', () => 'result', { recordsOf: thrower })()).toBe('result');
    expect(pipeline.wrap('decode', () => 'result', { recordsOf: () => -1 })()).toBe('result');
    // Each call leaves out two counts: what went in and what came out.
    const found = await collect();
    expect(found.valueOf(METRIC_PIPELINE_EVENT_DROPPED, { [ATTR_PIPELINE_DROP_REASON]: 'invalid_count' })).toBe(4);
    expect(found.valueOf(METRIC_PIPELINE_PROCESS_DURATION, STAGE)).toMatchObject({ count: 2 });
  });

  test('passes this, arguments, name and length through', () => {
    const { pipeline } = setUp();
    function decode(this: { prefix: string }, first: string, ...rest: string[]): string {
      return [this.prefix, first, ...rest].join('');
    }
    const wrapped = pipeline.wrap('decode', decode);
    expect(wrapped.call({ prefix: '>' }, 'a', 'b', 'c')).toBe('>abc');
    expect([wrapped.name, wrapped.length]).toEqual(['decode', 1]);
  });

  test('returns the very value, whatever it is', () => {
    const { pipeline } = setUp();
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(Object.is(pipeline.wrap('decode', () => value)(), value)).toBe(true);
      }),
    );
  });

  test('throws the very error, whatever it is, and counts it', async () => {
    const { pipeline, collect } = setUp();
    const thrown = [new TypeError('a'), 'text', undefined, null, 0, Object.create(null), Object.freeze(new Error('b'))];
    for (const each of thrown) {
      const wrapped = pipeline.wrap('decode', () => {
        throw each;
      });
      expect(catching(wrapped)).toEqual({ thrown: each });
    }
    const found = await collect();
    expect(found.valueOf(METRIC_PIPELINE_INGEST_COUNT, STAGE)).toBe(thrown.length);
    expect(found.valueOf(METRIC_PIPELINE_PROCESS_COUNT, STAGE) ?? 0).toBe(0);
    const errors = found
      .seriesOf(METRIC_PIPELINE_ERROR_COUNT)
      .map((series) => found.valueOf(METRIC_PIPELINE_ERROR_COUNT, series));
    expect(errors.reduce((sum: number, count) => sum + (count as number), 0)).toBe(thrown.length);
  });

  test('rejects with the very error and counts it', async () => {
    const { pipeline, errorsOf } = setUp();
    const error = new RangeError('too far');
    const wrapped = pipeline.wrap('decode', () => Promise.reject(error));
    await expect(wrapped()).rejects.toBe(error);
    expect(await errorsOf('RangeError')).toBe(1);
  });

  test('prefers an error’s code to its name, and takes what cannot be read as _OTHER', async () => {
    const { pipeline, errorsOf } = setUp();
    const unreadable = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('not yours to read');
      },
    });
    const thrown = [Object.assign(new Error('x'), { code: 'ECONNRESET' }), unreadable, { name: 'x'.repeat(300) }];
    for (const each of thrown) {
      const wrapped = pipeline.wrap('decode', () => {
        throw each;
      });
      expect(catching(wrapped).thrown).toBe(each);
    }
    expect(await errorsOf('ECONNRESET')).toBe(1);
    expect(await errorsOf('_OTHER')).toBe(2);
  });

  // In a process of its own: Jest takes unhandled rejections for itself.
  test('a rejection nobody handles is still reported as unhandled, and a handled one is not', () => {
    const program = `
      import { PipelineInstrumentation } from '@nanometer/pipeline';
      process.on('unhandledRejection', (error) => console.log('unhandled', error.message));
      const fail = new PipelineInstrumentation().wrap('decode', async (why) => { throw new Error(why); });
      fail('handled').catch(() => {});
      fail('forgotten');`;
    const flags = ['--conditions=@nanometer/source', '--input-type=module', '--eval', program];
    const { stdout } = spawnSync(process.execPath, flags, {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
    });
    expect(stdout).toBe('unhandled forgotten\n');
  });

  test('leaves a thenable alone that is not a promise: asking it may start its work', () => {
    const { pipeline } = setUp();
    let asked = 0;
    // oxlint-disable-next-line unicorn/no-thenable -- a query builder is one
    const query = { then: () => void asked++ };
    expect(pipeline.wrap('decode', () => query)()).toBe(query);
    expect(asked).toBe(0);
  });

  test('keeps the class of a promise', async () => {
    const { pipeline } = setUp();
    class Deferred<T> extends Promise<T> {}
    const result = pipeline.wrap('decode', () => Deferred.resolve(1))();
    expect(result).toBeInstanceOf(Deferred);
    expect(await result).toBe(1);
  });

  test('gives the function itself back where the stage cannot be followed', () => {
    const { pipeline } = setUp();
    const decode = (): number => 1;
    expect(pipeline.wrap('', decode)).toBe(decode);
  });
});

function catching(call: () => unknown): { thrown?: unknown } {
  try {
    call();
  } catch (thrown) {
    return { thrown };
  }
  return {};
}

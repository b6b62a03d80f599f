// `compatibility: 'js'` against the stock SDK itself: the same program, in a time of its own, gives the same data.
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { type Attributes, type Meter, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider as StockMeterProvider,
} from '@opentelemetry/sdk-metrics';
import { createAllowListAttributesProcessor, MeterProvider, type MeterProviderOptions } from '@nanometer/metrics';
import * as fc from 'fast-check';
import { TestReader, type TestReaderOptions } from './support/test-reader.ts';

type Provider = Pick<MeterProvider, 'getMeter'>;
type Program = (meter: Meter, collect: () => Promise<void>) => Promise<void> | void;

const providers: readonly ((options: MeterProviderOptions) => Provider)[] = [
  (options) => new StockMeterProvider(options) as unknown as Provider,
  (options) => new MeterProvider({ ...options, compatibility: 'js' }),
];

/** Everything the reader was given over a program, by either SDK. */
async function collected(program: Program, options: MeterProviderOptions, readerOptions: TestReaderOptions) {
  const results: unknown[] = [];
  for (const create of providers) {
    jest.useFakeTimers({ now: 1_700_000_000_000, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    try {
      const reader = new TestReader(readerOptions);
      const meter = create({ ...options, readers: [reader] }).getMeter('m', '1');
      const collections: unknown[] = [];
      const collect = async (): Promise<void> => {
        const { resourceMetrics } = await reader.collect();
        collections.push(structuredClone(resourceMetrics.scopeMetrics));
      };
      await program(meter, collect);
      await collect();
      results.push(collections);
    } finally {
      jest.useRealTimers();
    }
  }
  return results;
}

async function expectSame(
  program: Program,
  options: MeterProviderOptions = {},
  readerOptions: TestReaderOptions = {},
): Promise<void> {
  const [stock, ours] = await collected(program, options, readerOptions);
  expect(ours).toEqual(stock);
}

const DELTA: TestReaderOptions = { temporality: AggregationTemporality.DELTA };

describe('the js behaviour is that of the stock SDK', () => {
  test('the limit counts the overflow series', async () => {
    const program: Program = (meter) => {
      for (let id = 0; id < 6; id++) meter.createCounter('c').add(1, { id });
    };
    for (const limit of [1, 2, 3, 6, 7]) {
      await expectSame(program, {}, { limit });
      await expectSame(program, { views: [{ instrumentName: 'c', aggregationCardinalityLimit: limit }] });
    }
  });

  test.each([
    ['cumulative', {}],
    ['delta', DELTA],
  ])('the overflow of observed values, %s', async (_name, readerOptions) => {
    const program: Program = async (meter, collect) => {
      meter.createObservableCounter('c').addCallback((result) => {
        for (const [id, value] of [1, 2, 3, 4].entries()) result.observe(value, { id });
      });
      for (let i = 0; i < 3; i++) {
        await collect();
        jest.advanceTimersByTime(1000);
      }
    };
    await expectSame(program, {}, { ...readerOptions, limit: 2 });
  });

  test('a full overflow of observed values is not copied for each of them', async () => {
    const count = 16_000;
    const reader = new TestReader({ limit: 2 });
    const meter = new MeterProvider({ readers: [reader], compatibility: 'js' }).getMeter('m');
    meter.createObservableGauge('g').addCallback((result) => {
      for (let id = 0; id < count; id++) result.observe(id, { id });
    });
    let garbageCollections = 0;
    const observer = new PerformanceObserver((list) => void (garbageCollections += list.getEntries().length));
    observer.observe({ entryTypes: ['gc'] });
    const { resourceMetrics } = await reader.collect();
    // Node tells of them in turns of their own.
    await setImmediate();
    await setImmediate();
    observer.disconnect();
    const { dataPoints } = resourceMetrics.scopeMetrics[0]!.metrics[0]!;
    expect(dataPoints.map(({ value }) => value)).toEqual([0, count - 1]);
    // 50 to 100 when each copied those before it, 4 now.
    expect(garbageCollections).toBeLessThan(25);
  });

  test('observed sets that went away stay, and falling counters begin anew', async () => {
    const rounds: Record<string, number>[] = [{ a: 5, b: 7 }, { b: 3 }, { a: 2 }, {}, { a: 4, c: 1 }];
    for (const readerOptions of [{}, DELTA]) {
      await expectSame(
        async (meter, collect) => {
          let round: Record<string, number> = {};
          for (const kind of [
            'createObservableCounter',
            'createObservableUpDownCounter',
            'createObservableGauge',
          ] as const) {
            meter[kind](kind).addCallback((result) => {
              for (const [k, value] of Object.entries(round)) result.observe(value, { k });
            });
          }
          for (round of rounds) {
            jest.advanceTimersByTime(1000);
            await collect();
          }
        },
        {},
        readerOptions,
      );
    }
  });

  test('metrics of views come first, and namesakes together', async () => {
    const views = [
      { instrumentName: 'b', description: 'viewed' },
      { instrumentName: 'd', name: 'x' },
      { instrumentName: 'e', name: 'x' },
      { instrumentName: 'f', description: 'viewed' },
    ];
    await expectSame(
      (meter) => {
        for (const name of ['a', 'b', 'c', 'd', 'f']) meter.createCounter(name).add(1);
        meter.createHistogram('e').record(1);
        meter.createCounter('a', { unit: 's' }).add(1);
      },
      { views },
    );
  });

  test('a view leaves neither aggregation nor limit to the reader', async () => {
    const program: Program = (meter) => {
      for (let id = 0; id < 6; id++) meter.createHistogram('h').record(id, { id });
    };
    const aggregation = { type: AggregationType.SUM } as const;
    await expectSame(program, { views: [{ instrumentName: 'h', description: 'viewed' }] }, { limit: 3, aggregation });
  });

  test('numbers that spoil a sum do', async () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      await expectSame((meter) => {
        for (const valueType of [ValueType.DOUBLE, ValueType.INT]) {
          meter.createCounter(`c${valueType}`, { valueType }).add(value, { a: 1 });
          meter.createUpDownCounter(`u${valueType}`, { valueType }).add(value, { a: 1 });
        }
      });
    }
  });

  test('a delta series begins with its first record', async () => {
    await expectSame(
      async (meter, collect) => {
        jest.advanceTimersByTime(1000);
        meter.createCounter('c').add(1, { a: 1 });
        jest.advanceTimersByTime(1000);
        meter.createCounter('c').add(1, { a: 2 });
        await collect();
        jest.advanceTimersByTime(1000);
        for (const a of [1, 2, 3]) meter.createCounter('c').add(1, { a });
      },
      {},
      DELTA,
    );
  });

  test('the caller’s own attribute object is exported', async () => {
    const reader = new TestReader();
    const provider = new MeterProvider({ readers: [reader], compatibility: 'js' });
    const attributes: Attributes = { a: 1, absent: undefined };
    provider.getMeter('m').createCounter('c').add(1, attributes);
    provider.getMeter('m').createHistogram('h').record(1, attributes);
    for (const name of ['c', 'h']) expect((await reader.points(name))[0]!.attributes).toBe(attributes);
  });

  test('an unknown compatibility fails early', () => {
    expect(() => new MeterProvider({ compatibility: 'java' as never })).toThrow("must be 'specification' or 'js'");
  });
});

describe('any program', () => {
  const SETS: readonly Attributes[] = [{}, { a: 1 }, { a: '1' }, { b: true, a: 1 }, { a: 2, b: true }];
  const instrument = fc.constantFrom('counter', 'updown', 'gauge', 'histogram', 'exponential');
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ instrument, set: fc.nat(SETS.length - 1), value: fc.integer({ min: -8, max: 1000 }) }),
    },
    { weight: 2, arbitrary: fc.constant('collect' as const) },
    { weight: 1, arbitrary: fc.constant('pass' as const) },
  );

  test.each([
    ['cumulative', {}, false],
    ['cumulative under views', {}, true],
    ['delta of all series', DELTA, false],
  ])('gives the same data, %s', async (_name, readerOptions, isViewed) => {
    const attributesProcessors = [createAllowListAttributesProcessor(['a'])];
    const exponential = { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } };
    const views = [exponential, ...(isViewed ? [{ instrumentName: 'counter', attributesProcessors }] : [])];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await expectSame(
          async (meter, collect) => {
            const counter = meter.createCounter('counter');
            const upDown = meter.createUpDownCounter('updown');
            const gauge = meter.createGauge('gauge');
            const histogram = meter.createHistogram('histogram');
            const wide = meter.createHistogram('exponential');
            const record = (kind: string, value: number, set: Attributes): void => {
              if (kind === 'counter') counter.add(value, set);
              else if (kind === 'updown') upDown.add(value, set);
              else if (kind === 'gauge') gauge.record(value, set);
              else if (kind === 'histogram') histogram.record(value, set);
              // A delta of ours has the scale of the whole series.
              else if (readerOptions !== DELTA) wide.record(value, set);
            };
            // Which series an interval begins with, and when after an idle one, recording does not keep.
            const recordAll = (): void => {
              if (readerOptions !== DELTA) return;
              for (const kind of ['counter', 'updown', 'gauge', 'histogram'])
                for (const set of SETS) record(kind, 1, set);
            };
            recordAll();
            for (const action of steps) {
              if (action === 'pass') jest.advanceTimersByTime(1500);
              else if (action !== 'collect') record(action.instrument, action.value, SETS[action.set]!);
              else {
                await collect();
                recordAll();
              }
            }
          },
          { views },
          readerOptions,
        );
      }),
      { numRuns: 60 },
    );
  });
});

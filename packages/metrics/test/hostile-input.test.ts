import { beforeEach, describe, expect, test } from '@jest/globals';
import { diag, DiagLogLevel, ValueType } from '@opentelemetry/api';
import { AggregationType, bindCounter, MeterProvider, MetricsError } from '@nanometer/metrics';
import { TestReader } from './support/test-reader.ts';

let reader: TestReader;
let provider: MeterProvider;

beforeEach(() => {
  reader = new TestReader();
  provider = new MeterProvider({ readers: [reader] });
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

const hostileAttributes: [string, unknown][] = [
  ['a bigint', { a: 1n }],
  ['a symbol', { a: Symbol('s') }],
  ['a function', { a: () => 1 }],
  ['a cycle', cyclic],
  ['a nested bigint', { a: [{ b: 1n }] }],
  [
    'a getter that throws',
    {
      get a(): string {
        throw new Error('no');
      },
    },
  ],
  [
    'a nested getter that throws',
    {
      a: {
        get b(): string {
          throw new Error('no');
        },
      },
    },
  ],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no');
        },
      },
    ),
  ],
  ['a revoked proxy', revoked()],
  ['a string', 'attributes'],
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const notNumbers: unknown[] = ['5', 1n, undefined, null, {}, [], true, Symbol('s'), { valueOf: () => 5 }];

describe('recording calls never throw', () => {
  test.each(hostileAttributes)('attributes with %s are dropped and counted', async (_what, attributes) => {
    const meter = provider.getMeter('m');
    meter.createCounter('counter').add(1, attributes as never);
    meter.createUpDownCounter('updown').add(1, attributes as never);
    meter.createGauge('gauge').record(1, attributes as never);
    meter.createHistogram('histogram').record(1, attributes as never);
    expect(await reader.metrics()).toEqual([]);
    expect(provider.stats().dropped.invalid_attributes).toBe(4);
  });

  test.each(hostileAttributes)(
    'binding attributes with %s gives a handle that drops and counts',
    (_what, attributes) => {
      const bound = provider
        .getMeter('m')
        .createCounter('counter')
        .bind(attributes as never);
      bound.add(1);
      bound.add(1);
      expect(provider.stats().dropped.invalid_attributes).toBe(2);
    },
  );

  test.each(notNumbers)('%p is not a number: dropped and counted by all instruments, bound or not', async (value) => {
    const meter = provider.getMeter('m');
    const instruments = [
      (v: never) => meter.createCounter('counter').add(v),
      (v: never) => meter.createUpDownCounter('updown').add(v),
      (v: never) => meter.createGauge('gauge').record(v),
      (v: never) => meter.createHistogram('histogram').record(v),
      (v: never) => meter.createCounter('counter').bind().add(v),
      (v: never) => meter.createUpDownCounter('updown').bind().add(v),
      (v: never) => meter.createGauge('gauge').bind().record(v),
      (v: never) => meter.createHistogram('histogram').bind().record(v),
    ];
    for (const record of instruments) record(value as never);
    expect(await reader.metrics()).toEqual([]);
    expect(provider.stats().dropped.not_a_number).toBe(instruments.length);
  });

  test.each([NaN, Infinity, -Infinity])('%d does not poison a sum or a histogram', async (value) => {
    const meter = provider.getMeter('m');
    const counter = meter.createCounter('counter');
    const upDown = meter.createUpDownCounter('updown');
    const histogram = meter.createHistogram('histogram');
    for (const v of [1, value, 2]) {
      counter.add(v);
      counter.bind().add(v);
      upDown.add(v);
      upDown.bind().add(v);
      histogram.record(v);
      histogram.bind().record(v);
    }
    expect(await reader.values('counter')).toEqual([[{}, 6]]);
    expect(await reader.values('updown')).toEqual([[{}, 6]]);
    const [[, point]] = (await reader.values('histogram')) as [[unknown, any]];
    expect([point.sum, point.count, point.min, point.max]).toEqual([6, 4, 1, 2]);
    expect(provider.stats().dropped.non_finite).toBe(6);
  });

  test('a gauge keeps NaN and infinities, unless they cannot be whole numbers or a view sums them', async () => {
    const summing = new TestReader();
    const viewed = new MeterProvider({
      readers: [summing],
      views: [{ instrumentName: 'summed', aggregation: { type: AggregationType.SUM } }],
    });
    const gauge = provider.getMeter('m').createGauge('gauge');
    gauge.record(NaN, { a: 1 });
    gauge.bind({ a: 2 }).record(-Infinity);
    const whole = provider.getMeter('m').createGauge('whole', { valueType: ValueType.INT });
    whole.record(NaN);
    whole.bind().record(Infinity);
    viewed.getMeter('m').createGauge('summed').record(NaN);
    expect(await reader.values('gauge')).toEqual([
      [{ a: 1 }, NaN],
      [{ a: 2 }, -Infinity],
    ]);
    expect(await reader.values('whole')).toEqual([]);
    expect(await summing.values('summed')).toEqual([]);
  });

  test('counters and histograms drop negative values, and -0 is none', async () => {
    const meter = provider.getMeter('m');
    for (const value of [-1, -5e-324, -Number.MAX_VALUE, -0, 3]) {
      meter.createCounter('counter').add(value);
      meter.createHistogram('histogram').record(value);
    }
    expect(await reader.values('counter')).toEqual([[{}, 3]]);
    expect((await reader.points('histogram'))[0]!.value).toMatchObject({ count: 2, sum: 3, max: 3 });
    expect(provider.stats().dropped.negative).toBe(6);
  });

  test('whole-number instruments cut fractions off', async () => {
    const meter = provider.getMeter('m');
    const options = { valueType: ValueType.INT };
    meter.createCounter('counter', options).add(1.9);
    meter.createCounter('counter', options).bind().add(1.9);
    meter.createUpDownCounter('updown', options).add(-1.9);
    meter.createUpDownCounter('updown', options).bind().add(-1.9);
    meter.createGauge('gauge', options).record(-2.5);
    meter.createHistogram('histogram', options).record(7.9);
    expect(await reader.values('counter')).toEqual([[{}, 2]]);
    expect(await reader.values('updown')).toEqual([[{}, -2]]);
    expect(await reader.values('gauge')).toEqual([[{}, -2]]);
    expect((await reader.points('histogram'))[0]!.value).toMatchObject({ sum: 7 });
  });

  test.each([5e-324, 2 ** 53 - 1, 2 ** 53 + 2, Number.MAX_VALUE, 2 ** -1022])(
    '%d is recorded exactly',
    async (value) => {
      const meter = provider.getMeter('m');
      meter.createCounter('counter').add(value);
      meter.createHistogram('histogram').record(value);
      expect(await reader.values('counter')).toEqual([[{}, value]]);
      expect((await reader.points('histogram'))[0]!.value).toMatchObject({ sum: value, min: value, max: value });
    },
  );

  test('recording while attributes are being read keeps both measurements', async () => {
    const meter = provider.getMeter('m');
    const inner = meter.createHistogram('inner');
    const counter = meter.createCounter('counter');
    counter.add(5, {
      get a() {
        inner.record(1000);
        return 'x';
      },
    });
    expect(await reader.values('counter')).toEqual([[{ a: 'x' }, 5]]);
    expect((await reader.points('inner')).every(({ value }) => value.max === 1000)).toBe(true);
  });

  test('warns once per cause, naming the instrument and the reason', () => {
    const warnings: unknown[] = [];
    const quiet = (): void => {};
    const logger = { warn: (m: string) => warnings.push(m), error: quiet, info: quiet, debug: quiet, verbose: quiet };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    try {
      const counter = provider.getMeter('m').createCounter('orders');
      for (let i = 0; i < 100; i++) counter.add(-1);
    } finally {
      diag.disable();
    }
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"orders"');
  });
});

describe('odd names and options give a working instrument', () => {
  test.each(['', '1st', 'späti', 'a'.repeat(300)])('name %p', async (name) => {
    provider.getMeter('m').createCounter(name).add(1);
    expect(await reader.values(name)).toEqual([[{}, 1]]);
  });

  test('advice that is no advice is ignored', async () => {
    const histogram = provider.getMeter('m').createHistogram('h', {
      advice: { explicitBucketBoundaries: 'nonsense' as never, exponentialMaxSize: -3 },
    });
    histogram.record(1);
    expect((await reader.points('h'))[0]!.value.buckets.boundaries).toHaveLength(15);
  });

  test('a meter without a name works', async () => {
    provider
      .getMeter(undefined as never)
      .createCounter('c')
      .add(1);
    expect(await reader.values('c')).toEqual([[{}, 1]]);
  });
});

describe('configuration that makes no sense is refused with a code', () => {
  test.each([
    [{ views: [{ name: 'x' }] }, 'invalid_view'],
    [{ views: [{ instrumentName: 'a*', name: 'x' }] }, 'invalid_view'],
    [{ views: [{ instrumentName: 'a', aggregationCardinalityLimit: 0 }] }, 'invalid_view'],
    [{ callbackTimeoutMillis: 0 }, 'invalid_option'],
    [{ callbackTimeoutMillis: NaN }, 'invalid_option'],
  ])('%j', (options, code) => {
    expect(() => new MeterProvider(options)).toThrow(MetricsError);
    expect(() => new MeterProvider(options)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 1 } },
    { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [NaN] } },
    { type: 99 },
  ])('the aggregation %j in a view', (aggregation) => {
    const views = [{ instrumentName: 'h', aggregation: aggregation as never }];
    expect(() => new MeterProvider({ views })).toThrow(expect.objectContaining({ code: 'invalid_aggregation' }));
  });
});

test('binding works with instruments of any SDK, whose attributes are copied', () => {
  const seen: unknown[] = [];
  const foreign = { add: (value: number, attributes?: unknown) => seen.push([value, attributes]) };
  const attributes = { a: 'x' };
  const bound = bindCounter(foreign, attributes);
  attributes.a = 'changed';
  bound.add(2);
  expect(seen).toEqual([[2, { a: 'x' }]]);
});

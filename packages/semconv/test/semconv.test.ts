import { describe, expect, test } from '@jest/globals';
import * as semconv from '@nanometer/semconv';
import {
  ATTRIBUTES,
  createCounter,
  createGauge,
  createHistogram,
  createObservableCounter,
  createObservableGauge,
  createObservableUpDownCounter,
  createUpDownCounter,
  findMetric,
  type InstrumentKind,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_ML_PREDICTION_ERROR,
  type MetricDefinition,
  METRICS,
  prometheusFamily,
  prometheusLabel,
  prometheusName,
} from '@nanometer/semconv';
import { createNoopMeter, type Meter, type MetricOptions, ValueType } from '@opentelemetry/api';
import * as fc from 'fast-check';

describe('prometheusFamily', () => {
  const of = (name: string, unit: string, kind: 'monotonic' | 'gauge' | 'other'): string =>
    prometheusFamily({ name, unit, monotonic: kind === 'monotonic', gauge: kind === 'gauge' });

  // What Prometheus 3's own OTLP endpoint (otlptranslator 1.0.0) makes of the same metric.
  test.each<[string, string, 'monotonic' | 'gauge' | 'other', string]>([
    ['trading.order.count', '{order}', 'monotonic', 'trading_order_count_total'],
    ['exchange.message.io', 'By', 'monotonic', 'exchange_message_io_bytes_total'],
    ['process.cpu.time', 's', 'monotonic', 'process_cpu_time_seconds_total'],
    ['exchange.request.duration', 's', 'other', 'exchange_request_duration_seconds'],
    ['risk.exposure.net', '{currency}', 'gauge', 'risk_exposure_net'],
    ['risk.drawdown.ratio', '1', 'gauge', 'risk_drawdown_ratio'],
    ['system.memory.utilization', '1', 'gauge', 'system_memory_utilization_ratio'],
    ['trading.order.open', '1', 'other', 'trading_order_open'],
    ['requests', '1', 'monotonic', 'requests_total'],
    ['http.duration', 'ms', 'other', 'http_duration_milliseconds'],
    ['disk.io', 'By/s', 'gauge', 'disk_io_bytes_per_second'],
    ['order.rate', '{order}/s', 'gauge', 'order_rate_per_second'],
    ['order.rate', '1/m', 'gauge', 'order_rate_per_minute'],
    ['cpu.load', '%', 'gauge', 'cpu_load_percent'],
    ['pool.size', 'KiBy', 'gauge', 'pool_size_kibibytes'],
    ['room', 'Cel', 'gauge', 'room_celsius'],
    ['clock', 'Hz', 'gauge', 'clock_hertz'],
    ['queue.size', 'packets', 'gauge', 'queue_size_packets'],
    ['cost', '{currency}/{order}', 'gauge', 'cost'],
    ['used', 'By{used}', 'gauge', 'used'],
    ['no.unit', '', 'gauge', 'no_unit'],
    // A word the name already holds is not repeated; `total` and `ratio` move to the end.
    ['wait_seconds', 's', 'other', 'wait_seconds'],
    ['wait.seconds.total', 's', 'monotonic', 'wait_seconds_total'],
    ['seconds.before.open', 's', 'gauge', 'seconds_before_open'],
    ['total.orders', '', 'monotonic', 'orders_total'],
    ['hit.ratio.cache', '1', 'gauge', 'hit_cache_ratio'],
    // What Prometheus cannot spell.
    ['a..b--c', '', 'gauge', 'a_b_c'],
    ['_a_', '', 'gauge', 'a'],
    ['a:b', '', 'gauge', 'a:b'],
    ['9lives', '', 'gauge', '_9lives'],
    ['naïve', '', 'gauge', 'na_ve'],
    ['wait', 'µs', 'gauge', 'wait_s'],
  ])('%s in "%s" as %s is %s', (name, unit, kind, expected) => {
    expect(of(name, unit, kind)).toBe(expected);
  });

  test.each(['', '.', '---', 'é'])('a name of which nothing can be spelled is still a name: %p', (name) => {
    expect(of(name, '', 'gauge')).toBe('_');
  });

  test('is a valid name without doubled underscores, whatever the input', () => {
    const kind = fc.constantFrom('monotonic' as const, 'gauge' as const, 'other' as const);
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('total', 'a.seconds', '1a'));
    const unit = fc.oneof(fc.string(), fc.constantFrom('1', 's', 'By', 'By/s', '{a}', '%', '/', 's/'));
    fc.assert(
      fc.property(text, unit, kind, (name, of_, as) => {
        const family = of(name, of_, as);
        expect(family).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
        expect(family).not.toContain('__');
        expect(family.endsWith('_total') || family === 'total' || as !== 'monotonic').toBe(true);
      }),
    );
  });

  test('of a family is the family itself: naming twice adds nothing', () => {
    const kind = fc.constantFrom('monotonic' as const, 'gauge' as const, 'other' as const);
    const word = fc.constantFrom('a', 'total', 'ratio', 'seconds', 'bytes', 'count');
    const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'));
    fc.assert(
      fc.property(name, fc.constantFrom('', '1', 's', 'By', '{a}', '%'), kind, (text, unit, as) => {
        expect(of(of(text, unit, as), unit, as)).toBe(of(text, unit, as));
      }),
    );
  });
});

describe('prometheusLabel', () => {
  test.each([
    ['exchange.name', 'exchange_name'],
    ['error.type', 'error_type'],
    ['a-b/c', 'a_b_c'],
    ['a__b', 'a_b'],
    ['__name__', '_name_'],
    ['2xx', 'key_2xx'],
    ['a:b', 'a_b'],
    ['é', '_'],
    ['', '_'],
  ])('%p is %p', (key, label) => {
    expect(prometheusLabel(key)).toBe(label);
  });

  test('is a valid label that is never reserved, whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        expect(prometheusLabel(key)).toMatch(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/);
      }),
    );
  });
});

/** Remembers what each call to create an instrument was given. */
function rememberingMeter(): { meter: Meter; created: [string, string, MetricOptions | undefined][] } {
  const noop = createNoopMeter();
  const created: [string, string, MetricOptions | undefined][] = [];
  const meter = new Proxy(noop, {
    get: (target, key: keyof Meter) => {
      const method = target[key] as (name: string, options?: MetricOptions) => unknown;
      return (name: string, options?: MetricOptions) => {
        created.push([key, name, options]);
        return method.call(target, name, options);
      };
    },
  });
  return { meter, created };
}

const CREATORS: { readonly [Kind in InstrumentKind]: (meter: Meter, definition: MetricDefinition<Kind>) => object } = {
  counter: createCounter,
  updowncounter: createUpDownCounter,
  gauge: createGauge,
  histogram: createHistogram,
  observablecounter: createObservableCounter,
  observableupdowncounter: createObservableUpDownCounter,
  observablegauge: createObservableGauge,
};

const METHODS: Readonly<Record<InstrumentKind, keyof Meter>> = {
  counter: 'createCounter',
  updowncounter: 'createUpDownCounter',
  gauge: 'createGauge',
  histogram: 'createHistogram',
  observablecounter: 'createObservableCounter',
  observableupdowncounter: 'createObservableUpDownCounter',
  observablegauge: 'createObservableGauge',
};

describe('create…', () => {
  test.each(METRICS.map((metric) => [metric.name, metric] as const))('makes %s as it is defined', (_, definition) => {
    const { meter, created } = rememberingMeter();
    const create = CREATORS[definition.kind] as (meter: Meter, definition: MetricDefinition) => object;
    expect(create(meter, definition)).toBeInstanceOf(Object);
    const advice: Record<string, unknown> = {};
    if (definition.buckets !== undefined) advice['explicitBucketBoundaries'] = definition.buckets;
    if (definition.exponentialMaxSize !== undefined) advice['exponentialMaxSize'] = definition.exponentialMaxSize;
    expect(created).toEqual([
      [
        METHODS[definition.kind],
        definition.name,
        {
          description: definition.description,
          unit: definition.unit,
          valueType: definition.valueType === 'int' ? ValueType.INT : ValueType.DOUBLE,
          ...(definition.kind === 'histogram' ? { advice } : {}),
        },
      ],
    ]);
  });

  test('gives each instrument its own copy of the buckets', () => {
    const { meter, created } = rememberingMeter();
    createHistogram(meter, METRIC_EXCHANGE_REQUEST_DURATION);
    created[0]?.[2]?.advice?.explicitBucketBoundaries?.fill(0);
    expect(METRIC_EXCHANGE_REQUEST_DURATION.buckets?.[1]).toBeGreaterThan(0);
  });

  test('passes exponential buckets beside the explicit ones that serve other SDKs', () => {
    const { meter, created } = rememberingMeter();
    createHistogram(meter, METRIC_ML_PREDICTION_ERROR);
    expect(created[0]?.[2]?.advice).toEqual({
      explicitBucketBoundaries: METRIC_ML_PREDICTION_ERROR.buckets,
      exponentialMaxSize: 160,
    });
  });

  test('refuses a definition of another kind at compile time', () => {
    const meter = createNoopMeter();
    // @ts-expect-error a histogram is not a counter
    createCounter(meter, METRIC_EXCHANGE_REQUEST_DURATION);
    // @ts-expect-error a counter is not a gauge
    createGauge(meter, METRIC_EXCHANGE_MESSAGE_COUNT);
    // @ts-expect-error a definition of any kind might be of another one
    createCounter(meter, METRICS[0]!);
  });
});

describe('the registry', () => {
  test('finds every metric by its name and nothing by another', () => {
    for (const metric of METRICS) expect(findMetric(metric.name)).toBe(metric);
    for (const name of ['', 'constructor', '__proto__', 'trading.order']) expect(findMetric(name)).toBeUndefined();
  });

  test('exports a constant for every metric and attribute, and nothing under another name', () => {
    const constant = (prefix: string, name: string): string => `${prefix}_${name.toUpperCase().replaceAll('.', '_')}`;
    const expected = new Map<string, unknown>([
      ...METRICS.map((metric) => [constant('METRIC', metric.name), metric] as const),
      ...ATTRIBUTES.map((attribute) => [constant('ATTR', attribute.name), attribute.name] as const),
    ]);
    const exported = new Map(Object.entries(semconv).filter(([name]) => /^(METRIC|ATTR)_/.test(name)));
    expect(exported).toEqual(expected);
  });

  test('has no two metrics that arrive in Prometheus as one, nor two attributes as one label', () => {
    // A histogram takes three names, and may collide with a metric that is named like one of them.
    const families = METRICS.flatMap((metric) => {
      const family = prometheusName(metric);
      return metric.kind === 'histogram' ? [family, ...['_bucket', '_sum', '_count'].map((s) => family + s)] : [family];
    });
    expect(new Set(families).size).toBe(families.length);
    const labels = ATTRIBUTES.map(({ name }) => prometheusLabel(name));
    expect(new Set(labels).size).toBe(labels.length);
  });

  test('counts have whole numbers, times are doubles', () => {
    for (const { name, unit, valueType } of METRICS) {
      if (unit === 's') expect([name, valueType]).toEqual([name, 'double']);
      if (unit === 'By') expect([name, valueType]).toEqual([name, 'int']);
    }
  });

  test('the public names are these', () => {
    const others = Object.keys(semconv).filter((name) => !/^(METRIC|ATTR)_/.test(name));
    expect(others.sort()).toEqual([
      'ATTRIBUTES',
      'METRICS',
      'createCounter',
      'createGauge',
      'createHistogram',
      'createObservableCounter',
      'createObservableGauge',
      'createObservableUpDownCounter',
      'createUpDownCounter',
      'findMetric',
      'prometheusFamily',
      'prometheusLabel',
      'prometheusName',
      'prometheusUnit',
    ]);
  });
});

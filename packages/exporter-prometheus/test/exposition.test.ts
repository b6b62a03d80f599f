// What the text formats say, against a naive reader and against the stock exporter's own expectations.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MeterProvider } from '@nanometer/metrics';
import { PrometheusExporter, type TranslationStrategy } from '@nanometer/exporter-prometheus';
import { MeterProvider as StockProvider, AggregationType } from '@opentelemetry/sdk-metrics';
import { parseText } from './support/parse-text.ts';
import { ACCEPT, given, metric, textOf } from './support/producer.ts';

const HOSTILE = [
  NaN,
  Infinity,
  -Infinity,
  -0,
  0,
  5e-324,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  1e15,
  1e15 - 1,
  1e21,
  0.1,
  -1.5,
];

describe('values', () => {
  test.each(HOSTILE)('%p is read back as it was', async (value) => {
    const { exporter, producer } = given();
    // Before and after: the second scrape writes over the lines of the first.
    for (const now of [7, value, 12_345, value]) {
      producer.metrics = [metric('gauge', 'g', [{ attributes: { a: 1 }, value: now }])];
      const [sample] = parseText(await textOf(exporter)).get('g')!.samples;
      expect(sample!.value + 0).toBe(now + 0);
    }
  });

  test('are those of every scrape, whatever changed since the one before', async () => {
    const number = fc.oneof(fc.nat(), fc.double(), fc.constantFrom(...HOSTILE), fc.maxSafeNat());
    const scrape = fc.array(fc.tuple(fc.nat(5), number), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(scrape, { minLength: 1, maxLength: 6 }), fc.boolean(), async (scrapes, frozen) => {
        const { exporter, producer } = given();
        const sets = Array.from({ length: 6 }, (_, id) => (frozen ? Object.freeze({ id }) : { id }));
        const descriptorOf = metric('gauge', 'g', []);
        for (const points of scrapes) {
          const latest = new Map(points);
          const data = metric(
            'gauge',
            'g',
            [...latest].map(([id, value]) => ({ attributes: sets[id]!, value })),
          );
          producer.metrics = [{ ...data, descriptor: Reflect.get(descriptorOf, 'descriptor') }];
          const samples = parseText(await textOf(exporter)).get('g')?.samples ?? [];
          expect(samples.map(({ labels, value }) => [Number(labels['id']), value + 0])).toEqual(
            [...latest].map(([id, value]) => [id, value + 0]),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  test('of histograms are cumulative, whatever the producer counted', async () => {
    const count = fc.oneof(fc.nat({ max: 2000 }), fc.constantFrom(0, 9, 10, 99, 100, 2 ** 40));
    const histogram = fc.record({
      boundaries: fc.array(fc.constantFrom(-5, 0, 1, 1, 2.5, 10, Infinity, NaN, 3), { maxLength: 6 }),
      counts: fc.array(count, { minLength: 7, maxLength: 7 }),
      sum: fc.option(fc.double(), { nil: undefined }),
      count: fc.option(count, { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(histogram, { minLength: 1, maxLength: 5 }), async (scrapes) => {
        const { exporter, producer } = given();
        const attributes = Object.freeze({ venue: 'x' });
        for (const { boundaries, counts, sum, count } of scrapes) {
          const used = counts.slice(0, boundaries.length + 1);
          const total = count ?? used.reduce((a, b) => a + b, 0);
          const value = { buckets: { boundaries, counts: used }, sum, count: total };
          producer.metrics = [metric('histogram', 'h', [{ attributes, value }])];
          for (const accept of [ACCEPT.text, ACCEPT.openMetrics]) {
            const text = await textOf(exporter, accept);
            const { samples } = parseText(text, accept === ACCEPT.openMetrics).get('h')!;
            expect(samples.find(({ name }) => name === 'h_count')!.value).toBe(total);
            expect(samples.some(({ name }) => name === 'h_sum')).toBe(sum !== undefined);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

test('what is kept between scrapes changes nothing: a new exporter writes the same', async () => {
  // Sets 0 and 1, and 2 and 3, have the same labels once escaped.
  const sets = ['a.b', 'a_b', 'c.d', 'c_d', 'e'].map((key) => Object.freeze({ [key]: 1 }));
  const metrics = fc.array(fc.tuple(fc.constantFrom('m.n', 'm_n', 'o'), fc.uniqueArray(fc.nat(4))), { maxLength: 4 });
  const descriptors = new Map<string, object>();
  await fc.assert(
    fc.asyncProperty(fc.array(metrics, { minLength: 2, maxLength: 6 }), async (scrapes) => {
      const kept = given();
      let value = 0;
      for (const scrape of scrapes) {
        const data = scrape.map(([name, ids], place) => {
          const points = ids.map((id) => ({ attributes: sets[id]!, value: value++ }));
          const made = metric('gauge', name, points);
          const key = `${name} ${place}`;
          const descriptor = descriptors.get(key) ?? Reflect.get(made, 'descriptor');
          descriptors.set(key, descriptor as object);
          return Object.assign(made, { descriptor });
        });
        for (const accept of [ACCEPT.text, ACCEPT.openMetrics, ACCEPT.protobuf]) {
          const fresh = given();
          fresh.producer.metrics = data;
          kept.producer.metrics = data;
          expect(await textOf(kept.exporter, accept)).toBe(await textOf(fresh.exporter, accept));
        }
      }
    }),
    { numRuns: 30 },
  );
});

describe('labels', () => {
  const anything = fc.dictionary(
    fc.string({ unit: 'binary' }),
    fc.anything({ withBigInt: true, withTypedArray: true }),
    { maxKeys: 6 },
  );

  test('of any attributes can be read, and never stop a scrape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anything, { maxLength: 4 }),
        fc.constantFrom('NoTranslation', 'UnderscoreEscapingWithSuffixes'),
        async (sets, strategy) => {
          const { exporter, producer } = given({ translationStrategy: strategy as TranslationStrategy });
          producer.metrics = [
            metric(
              'counter',
              'c',
              sets.map((attributes) => ({ attributes, value: 1 })),
            ),
          ];
          const name = strategy === 'NoTranslation' ? 'c' : 'c_total';
          for (const accept of [ACCEPT.text, ACCEPT.utf8]) {
            const samples = parseText(await textOf(exporter, accept)).get(name)?.samples ?? [];
            const dropped = Object.values(exporter.stats().dropped).reduce((a, b) => a + b, 0);
            const { received, forwarded } = exporter.stats();
            expect(received).toBe(forwarded + dropped);
            expect(samples.length).toBeLessThanOrEqual(sets.length);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    ['quotes "', 'quotes "'],
    ['back\\slash', 'back\\slash'],
    ['line\nfeed', 'line\nfeed'],
    ['日本 🚀', '日本 🚀'],
    ['', ''],
    [true, 'true'],
    [1.5, '1.5'],
    [NaN, 'NaN'],
    [null, ''],
    [['a', 1, null, NaN], '["a",1,null,"NaN"]'],
    [{ k: [1n] }, '{"k":["1"]}'],
    [new Uint8Array([1, 2, 255]), 'AQL/'],
    [10n, '10'],
    ['half \ud800', 'half \ufffd'],
  ])('%p reads as %p', async (value, expected) => {
    const { exporter, producer } = given();
    producer.metrics = [metric('gauge', 'g', [{ attributes: { v: value }, value: 1 }])];
    expect(parseText(await textOf(exporter)).get('g')!.samples[0]!.labels).toEqual({ v: expected });
  });

  test('that become equal are joined in the order of their keys, and `le` is kept apart', async () => {
    const { exporter, producer } = given();
    const attributes = { b_c: 3, 'b.c': 2, 'b-c': 1, le: 'mine' };
    producer.metrics = [metric('gauge', 'g', [{ attributes, value: 1 }])];
    expect(parseText(await textOf(exporter)).get('g')!.samples[0]!.labels).toEqual({
      b_c: '1;2;3',
      exported_le: 'mine',
    });
  });

  test('of an object that its owner changes are those of the moment', async () => {
    const { exporter, producer } = given();
    const attributes: Record<string, unknown> = { a: 1, list: ['x'] };
    producer.metrics = [metric('gauge', 'g', [{ attributes, value: 1 }])];
    const labels = async (): Promise<unknown> => parseText(await textOf(exporter)).get('g')!.samples[0]!.labels;
    expect(await labels()).toEqual({ a: '1', list: '["x"]' });
    attributes['a'] = 2;
    (attributes['list'] as string[]).push('y');
    expect(await labels()).toEqual({ a: '2', list: '["x","y"]' });
  });

  test('of 10,000 attributes are all there', async () => {
    const { exporter, producer } = given();
    const attributes = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]));
    producer.metrics = [metric('gauge', 'g', [{ attributes, value: 1 }])];
    expect(Object.keys(parseText(await textOf(exporter)).get('g')!.samples[0]!.labels)).toHaveLength(10_000);
  });
});

describe('names', () => {
  test.each<[TranslationStrategy, string, string]>([
    ['UnderscoreEscapingWithSuffixes', ACCEPT.text, 'http_server_größe_bytes_total'.replace('größe', 'gr_e')],
    ['UnderscoreEscapingWithoutSuffixes', ACCEPT.text, 'http_server_gr_e'],
    ['NoUTF8EscapingWithSuffixes', ACCEPT.utf8, 'http.server.größe_bytes_total'],
    ['NoUTF8EscapingWithSuffixes', ACCEPT.text, 'http_server_gr__e_bytes_total'],
    ['NoTranslation', ACCEPT.utf8, 'http.server.größe'],
    ['NoTranslation', 'text/plain;version=1.0.0;escaping=dots', 'http_dot_server_dot_gr__e'],
    ['NoTranslation', 'text/plain;version=1.0.0;escaping=values', 'U__http_2e_server_2e_gr_f6__df_e'],
  ])('%s for %s is %s', async (translationStrategy, accept, expected) => {
    const { exporter, producer } = given({ translationStrategy });
    producer.metrics = [
      metric('counter', 'http.server.größe', [{ attributes: { 'a.b': 1 }, value: 1 }], { unit: 'By' }),
    ];
    expect([...parseText(await textOf(exporter, accept)).keys()]).toEqual([expected]);
  });

  test('a type conflict drops the later metric, another description keeps the first', async () => {
    const { exporter, producer } = given();
    const point = (id: number): object => ({ attributes: { id }, value: 1 });
    producer.metrics = [
      metric('gauge', 'a.b', [point(1)] as never, { description: 'first' }),
      metric('gauge', 'a_b', [point(2)] as never, { description: 'second' }),
      metric('gauge', 'a_b', [point(2)] as never),
      metric('histogram', 'a-b', [{ attributes: {}, value: { buckets: { boundaries: [], counts: [1] }, count: 1 } }]),
      metric('histogram', 'h', [{ attributes: {}, value: { buckets: { boundaries: [], counts: [1] }, count: 1 } }]),
      metric('gauge', 'h_count', [point(3)] as never),
      metric('counter', 'd', [point(4)] as never, { temporality: 0 }),
      metric('gauge', 'bad', [{ attributes: {}, value: 'text' }]),
      { ...metric('gauge', 'odd', [point(5)] as never), dataPointType: 9 },
    ];
    const families = parseText(await textOf(exporter));
    expect([...families].map(([name, { help, samples }]) => [name, help, samples.length])).toEqual([
      ['a_b', 'first', 2],
      ['h', undefined, 2],
    ]);
    const { dropped, received, forwarded } = exporter.stats();
    expect(dropped).toEqual({ type_conflict: 2, name_collision: 1, delta_temporality: 1, invalid_point: 2 });
    expect(received).toBe(forwarded + 6);
  });
});

describe('OpenMetrics', () => {
  const exemplars = [
    {
      value: 0.5,
      timestamp: [1_700_000_001, 250_000_000],
      filteredAttributes: { order: 'o-1' },
      traceId: 'ab',
      spanId: 'cd',
    },
    {
      value: 0.6,
      timestamp: [1_700_000_002, 0],
      filteredAttributes: { long: 'x'.repeat(200) },
      traceId: 'ef',
      spanId: '12',
    },
    { value: 99, timestamp: [1_700_000_000, 0], filteredAttributes: {} },
  ];

  test('has the exemplars of counters and buckets, the latest of each, within the limit of their labels', async () => {
    const { exporter, producer } = given();
    const value = { buckets: { boundaries: [1, 5], counts: [2, 0, 1] }, sum: 100.1, count: 3 };
    producer.metrics = [
      metric('histogram', 'h', [{ attributes: {}, value, exemplars }]),
      metric('counter', 'c', [{ attributes: {}, value: 3, exemplars: exemplars.slice(0, 1) }]),
    ];
    const families = parseText(await textOf(exporter, ACCEPT.openMetrics), true);
    expect(families.get('h')!.samples.map(({ labels, exemplar }) => [labels['le'], exemplar])).toEqual([
      ['1.0', ' # {trace_id="ef",span_id="12"} 0.6 1700000002.000000000'],
      ['5.0', undefined],
      ['+Inf', ' # {} 99 1700000000.000000000'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(families.get('c')!.samples[0]!.exemplar).toBe(
      ' # {trace_id="ab",span_id="cd",order="o-1"} 0.5 1700000001.250000000',
    );
    expect(await textOf(exporter)).not.toContain(' # {');
  });

  test('names units, says `unknown` for counters without the suffix, and has _created where asked', async () => {
    const { exporter, producer } = given({
      withCreated: true,
      translationStrategy: 'UnderscoreEscapingWithoutSuffixes',
    });
    producer.metrics = [metric('counter', 'c', [{ attributes: {}, value: 3 }], { unit: 's' })];
    expect((await textOf(exporter, ACCEPT.openMetrics)).split('\n')[0]).toBe('# TYPE c unknown');
    const other = given({ withCreated: true });
    other.producer.metrics = [
      metric('counter', 'c', [{ attributes: {}, value: 3 }], { unit: 's', description: 'a "b"' }),
    ];
    expect(await textOf(other.exporter, ACCEPT.openMetrics)).toBe(
      '# HELP c_seconds a \\"b\\"\n# TYPE c_seconds counter\n# UNIT c_seconds seconds\nc_seconds_total 3\nc_seconds_created 1700000000.5\n# EOF\n',
    );
  });
});

describe('both providers', () => {
  test.each([
    ['@nanometer/metrics', MeterProvider],
    ['@opentelemetry/sdk-metrics', StockProvider],
  ])('%s: names, types, labels and values as the stock exporter is expected to print them', async (_, Provider) => {
    const exporter = new PrometheusExporter({ preventServerStart: true, withResourceConstantLabels: /^service/ });
    const views = [{ instrumentName: 'exp', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM as const } }];
    const provider = new Provider({ readers: [exporter], views });
    const meter = provider.getMeter('test', '1.0', { schemaUrl: 'https://x' });
    meter.createCounter('counter', { description: 'a test' }).add(10, { key1: 'v1' });
    meter.createUpDownCounter('updown').add(-4);
    meter
      .createHistogram('histo', { unit: 'ms', advice: { explicitBucketBoundaries: [1, 10] } })
      .record(5, { key: 'v' });
    const exponential = meter.createHistogram('exp');
    for (const value of [0, 1, 2, 3, 1000]) exponential.record(value);
    meter.createObservableGauge('gauge').addCallback((result) => result.observe(1.5, { pid: 7 }));
    const text = await textOf(exporter);
    const families = parseText(text);
    const scope = { otel_scope_name: 'test', otel_scope_version: '1.0', otel_scope_schema_url: 'https://x' };
    expect(Object.fromEntries([...families].map(([name, { type }]) => [name, type]))).toEqual({
      target_info: 'gauge',
      counter_total: 'counter',
      updown: 'gauge',
      histo_milliseconds: 'histogram',
      exp: 'histogram',
      gauge: 'gauge',
    });
    const { service_name } = families.get('counter_total')!.samples[0]!.labels;
    expect(families.get('counter_total')!.samples).toMatchObject([
      { labels: { key1: 'v1', service_name, ...scope }, value: 10 },
    ]);
    expect(families.get('updown')!.samples[0]!.value).toBe(-4);
    expect(families.get('histo_milliseconds')!.samples.map(({ value }) => value)).toEqual([0, 1, 1, 5, 1]);
    expect(families.get('gauge')!.samples[0]!.labels).toEqual({ pid: '7', service_name, ...scope });
    const buckets = families.get('exp')!.samples.filter(({ name }) => name === 'exp_bucket');
    expect(buckets.find(({ labels }) => labels['le'] === '2')!.value).toBe(3);
    expect(await textOf(exporter)).toBe(text);
    await provider.shutdown();
  });
});

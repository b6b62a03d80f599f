import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MalformedOtlp } from '../src/otlp/malformed.ts';
import { parseExposition, sampleOf } from './support/exposition.ts';
import { type HistogramInput, join, message, metricBytes, type MetricInput, request, varint } from './support/otlp.ts';
import { Pipeline } from './support/pipeline.ts';

const counter = (value: number | bigint, rest: object = {}): MetricInput => ({
  name: 'fills',
  sum: [{ value, ...rest }],
  monotonic: true,
});

describe('points of one series', () => {
  test('a point sent again is a duplicate, an older one is stale, a later one replaces', () => {
    const pipeline = new Pipeline();
    pipeline.send([counter(5, { time: 10n })]);
    pipeline.send([counter(5, { time: 10n })]);
    pipeline.send([counter(4, { time: 9n })]);
    pipeline.send([counter(7, { time: 11n })]);
    expect(pipeline.values()).toEqual([7]);
    expect(pipeline.dropped).toEqual({ duplicate_point: 1, stale_point: 1 });
  });

  test('times are told apart to the nanosecond', () => {
    const pipeline = new Pipeline();
    pipeline.send([counter(1, { time: 1_800_000_000_000_000_001n })]);
    pipeline.send([counter(2, { time: 1_800_000_000_000_000_002n })]);
    pipeline.send([counter(3, { time: 1_800_000_000_000_000_001n })]);
    expect(pipeline.values()).toEqual([2]);
    expect(pipeline.dropped).toEqual({ stale_point: 1 });
  });

  test('a restarted producer begins anew, and what its predecessor still sends is stale', () => {
    const pipeline = new Pipeline();
    pipeline.send([counter(100, { start: 1n, time: 50n })]);
    pipeline.send([counter(3, { start: 40n, time: 45n })]);
    pipeline.send([counter(101, { start: 1n, time: 60n })]);
    expect(pipeline.values()).toEqual([3]);
    expect(pipeline.dropped).toEqual({ stale_point: 1 });
  });

  test('of a gauge only the time counts, whatever start it is sent with', () => {
    const pipeline = new Pipeline();
    pipeline.send([{ name: 'g', gauge: [{ value: 1, start: 9n, time: 10n }] }]);
    pipeline.send([{ name: 'g', gauge: [{ value: 2, start: 0n, time: 11n }] }]);
    expect(pipeline.values()).toEqual([2]);
  });

  test('increments are added up, each once, and counted from the first start', () => {
    const pipeline = new Pipeline();
    const increment = (value: number, start: bigint, time: bigint): MetricInput => ({
      ...counter(value, { start, time }),
      temporality: 1,
    });
    for (const [value, start, time] of [
      [2, 10n, 20n],
      [3, 20n, 30n],
      [3, 20n, 30n],
      [9, 10n, 15n],
      [0.5, 30n, 40n],
    ] as const) {
      pipeline.send([increment(value, start, time)]);
    }
    expect(pipeline.values()).toEqual([5.5]);
    expect(pipeline.accepted[0]!.startLow).toBe(10);
    expect(pipeline.dropped).toEqual({ duplicate_point: 1, late_increment: 1 });
  });

  test('an increment that would spoil the sum for good is refused and told', () => {
    const pipeline = new Pipeline();
    const increment = (value: number, time: bigint): MetricInput => ({ ...counter(value, { time }), temporality: 1 });
    pipeline.send([increment(2, 1n)]);
    for (const [index, value] of [Number.NaN, Infinity, -Infinity, -1].entries()) {
      expect(pipeline.send([increment(value, BigInt(10 + index))])).toBe('1 invalid_point');
    }
    const histogram = (sum: number, time: bigint): MetricInput => ({
      name: 'h',
      histogram: [{ count: 1, sum, time }],
      temporality: 1,
    });
    pipeline.send([histogram(1, 1n)]);
    expect(pipeline.send([histogram(Number.NaN, 2n)])).toBe('1 invalid_point');
    pipeline.send([increment(0.25, 20n)]);
    expect(pipeline.values()[0]).toBe(2.25);
    expect(sampleOf(pipeline.prometheus.text(), 'h_sum')).toBe(1);
  });

  test('a point without a time gets the time of its arrival', () => {
    const pipeline = new Pipeline({ nowMs: 1_700_000_000_000 });
    pipeline.send([counter(1, { time: 0n })]);
    expect(pipeline.accepted[0]!.timeMs).toBeCloseTo(1_700_000_000_000, 2);
  });

  test.each([
    [Number.NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 53 + 2, '9007199254740994'],
    [-1.5, '-1.5'],
  ])('a gauge of %d is printed as %s', (value, printed) => {
    const pipeline = new Pipeline();
    pipeline.send([{ name: 'level', gauge: [{ value }] }]);
    expect(pipeline.prometheus.text()).toContain(`\nlevel ${printed}\n`);
    parseExposition(pipeline.prometheus.text());
  });

  test.each([
    [2n ** 53n - 1n, 9007199254740991],
    [2n ** 53n + 1n, 9007199254740992],
    [-(2n ** 53n) - 1n, -9007199254740992],
    [-1n, -1],
    [2n ** 63n - 1n, 2 ** 63],
    [-(2n ** 63n), -(2 ** 63)],
  ])('the integer %s arrives as the nearest double', (value, nearest) => {
    const pipeline = new Pipeline();
    pipeline.send([{ name: 'level', gauge: [{ value }] }]);
    expect(pipeline.values()).toEqual([nearest]);
  });
});

describe('what is not taken is counted, and told where the sender can help it', () => {
  test.each<[string, MetricInput, string, string]>([
    ['a point without a value', { name: 'a', gauge: [{}] }, 'invalid_point', '1 invalid_point'],
    ['a point marked as having none', { name: 'a', gauge: [{ value: 1, flags: 1 }] }, 'no_recorded_value', ''],
    ['a metric without a name', { name: '', gauge: [{ value: 1 }] }, 'invalid_point', '1 invalid_point'],
    ['a summary', { name: 'a', summary: 1 }, 'unsupported_type', '1 unsupported_type'],
    [
      'an unknown temporality',
      { name: 'a', sum: [{ value: 1 }], temporality: 0 },
      'unsupported_type',
      '1 unsupported_type',
    ],
    [
      'counts that do not fit the bounds',
      { name: 'a', histogram: [{ count: 1, bounds: [1], counts: [1] }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'bounds that do not ascend',
      { name: 'a', histogram: [{ count: 1, bounds: [2, 2], counts: [1, 0, 0] }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'a bound that is no number',
      { name: 'a', histogram: [{ count: 1, bounds: [Number.NaN], counts: [1, 0] }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'a scale beyond any double',
      { name: 'a', exponential: [{ count: 1, scale: 31 }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'a bucket offset of more than 32 bits',
      { name: 'a', exponential: [{ count: 1, scale: 0, positive: { offset: 2 ** 40, counts: [1] } }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'more buckets than one point may have',
      { name: 'a', exponential: [{ count: 1, scale: 0, positive: { offset: 0, counts: Array(5000).fill(1) } }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'attributes beyond all measure',
      { name: 'a', gauge: [{ value: 1, attributes: { key: 'x'.repeat(70_000) } }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'a name beyond all measure',
      { name: 'x'.repeat(70_000), gauge: [{ value: 1 }] },
      'invalid_point',
      '1 invalid_point',
    ],
    [
      'a name the bridge itself prints',
      { name: 'reserved', sum: [{ value: 1 }], monotonic: true },
      'type_conflict',
      '',
    ],
  ])('%s', (_, metric, cause, told) => {
    const pipeline = new Pipeline();
    expect(pipeline.send([metric])).toBe(told);
    expect(pipeline.dropped).toEqual({ [cause]: 1 });
    parseExposition(pipeline.prometheus.text());
  });

  test('a metric with two sets of data keeps the last, and the points of the other are counted', () => {
    const pipeline = new Pipeline();
    const twice = join(
      metricBytes({ name: 'a', gauge: [{ value: 1 }, { value: 2 }] }),
      metricBytes({ name: 'a', sum: [{ value: 7 }] }),
    );
    pipeline.ingest.request(message(1, message(2, message(2, twice))), 'grpc', 5000);
    expect(pipeline.values()).toEqual([7]);
    expect(pipeline.dropped).toEqual({ invalid_point: 2 });
    expect(pipeline.prometheus.account.received).toBe(3);
  });

  test('the series limit refuses further series, told; those there go on', () => {
    const pipeline = new Pipeline({ seriesLimit: 2 });
    const gauge = (n: number, time: bigint): MetricInput => ({
      name: 'g',
      gauge: [{ value: n, attributes: { n: BigInt(n) }, time }],
    });
    expect(pipeline.send([gauge(1, 1n), gauge(2, 1n), gauge(3, 1n)])).toBe('1 series_limit');
    expect(pipeline.send([gauge(1, 2n), gauge(3, 2n), gauge(4, 2n)])).toBe('2 series_limit');
    expect(pipeline.dropped).toEqual({ series_limit: 3 });
    expect(pipeline.store.size).toBe(2);
  });

  test('a sender with a new resource or scope for every request stays within the limit', () => {
    const pipeline = new Pipeline({ seriesLimit: 3 });
    for (let n = 0; n < 10; n++) pipeline.send([], { 'service.instance.id': `i${n}` });
    for (let n = 0; n < 10; n++) pipeline.send([counter(1)], { 'service.instance.id': 'i0' }, { name: `s${n}` });
    expect([...pipeline.store.resources]).toHaveLength(3);
    // The scope without a name came with each of the three resources.
    expect(pipeline.dropped).toEqual({ series_limit: 10 });
    expect(pipeline.send([counter(2, { time: 9n })], { 'service.instance.id': 'i9' })).toBe('1 series_limit');
  });
});

describe('attributes', () => {
  test('their order makes no difference, their types and values do', () => {
    const pipeline = new Pipeline();
    const gauge = (attributes: NonNullable<HistogramInput['attributes']>, time: bigint): MetricInput => ({
      name: 'g',
      gauge: [{ value: 1, attributes, time }],
    });
    pipeline.send([gauge({ a: 'x', b: 'y' }, 1n), gauge({ b: 'y', a: 'x' }, 2n)]);
    expect(pipeline.store.size).toBe(1);
    const others = [
      { a: 1n },
      { a: '1' },
      { a: 1.5 },
      { a: true },
      { a: ['1'] },
      { a: null },
      { a: new Uint8Array([1]) },
    ];
    pipeline.send(others.map((attributes) => gauge(attributes, 1n)));
    expect(pipeline.store.size).toBe(1 + others.length);
  });

  test('of every kind become labels that Prometheus takes', () => {
    const pipeline = new Pipeline();
    const attributes = {
      'quote"': 'a "b" \\ c\nd',
      'unicode.é': 'Zürich 🏦',
      list: ['a', 'b"', 1n],
      bytes: new Uint8Array([0, 255]),
      nested: { deep: { key: [1n] } },
      int: -(2n ** 63n),
      double: 0.1,
      nan: Number.NaN,
      flag: true,
      nothing: null,
      '': 'empty key',
      '0digit': 'leading digit',
      __name__: 'sneaky',
      __proto__: 'odd',
      job: 'mine',
      le: '5',
    };
    pipeline.send([{ name: 'g', gauge: [{ value: 1, attributes }] }], {
      'service.name': 'desk',
      'service.namespace': 'trading',
      'service.instance.id': 'a1',
      'host.name': 'box "7"',
    });
    const families = parseExposition(pipeline.prometheus.text());
    expect(families.get('g')!.samples[0]!.labels).toMatchObject({
      job: 'trading/desk',
      instance: 'a1',
      quote_: 'a "b" \\ c\nd',
      unicode_: 'Zürich 🏦',
      list: '["a","b\\"",1]',
      bytes: 'AP8=',
      nested: '{"deep":"{\\"key\\":[1]}"}',
      int: '-9223372036854775808',
      double: '0.1',
      nan: 'NaN',
      flag: 'true',
      nothing: '',
      _: 'empty key',
      key_0digit: 'leading digit',
      exported_job: 'mine',
      exported_le: '5',
    });
    expect(families.get('target_info')!.samples[0]!.labels).toEqual({
      job: 'trading/desk',
      instance: 'a1',
      host_name: 'box "7"',
    });
  });

  test('keys that escaping makes equal share a label; those of the scope and the exporter keep theirs', () => {
    const pipeline = new Pipeline();
    const attributes = { 'a.b': '1', a_b: '2', 'otel.scope.team': 'point', otel_scope_name: 'mine' };
    pipeline.send(
      [{ name: 'g', gauge: [{ value: 1, attributes }] }],
      {},
      { name: 'lib', attributes: { team: 'scope' } },
    );
    expect(parseExposition(pipeline.prometheus.text()).get('g')!.samples[0]!.labels).toEqual({
      otel_scope_name: 'lib',
      otel_scope_team: 'scope',
      a_b: '1;2',
      exported_otel_scope_name: 'mine',
      exported_otel_scope_team: 'point',
    });
  });

  test('any attributes on point, scope and resource give an exposition that holds', () => {
    const attributes = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('job', 'le', 'a.b', 'a_b', 'otel_scope_x', 'x', 'exported_job')),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.double(), fc.boolean(), fc.array(fc.string())),
    );
    fc.assert(
      fc.property(attributes, attributes, attributes, (point, scope, resource) => {
        const pipeline = new Pipeline();
        pipeline.send([{ name: 'g', gauge: [{ value: 1, attributes: point }] }], resource, { attributes: scope });
        expect(parseExposition(pipeline.prometheus.text()).get('g')!.samples).toHaveLength(1);
      }),
    );
  });
});

describe('names', () => {
  test('carry the unit and the suffix of their type', () => {
    const pipeline = new Pipeline();
    pipeline.send([
      {
        name: 'trading.fee',
        unit: 'USDT',
        sum: [{ value: 1.5 }],
        monotonic: true,
        description: 'Fees\nand "rebates" \\',
      },
      { name: 'order.latency', unit: 's', histogram: [{ count: 1, sum: 0.5, bounds: [1], counts: [1, 0] }] },
      { name: 'position', unit: '{contract}', sum: [{ value: -3 }] },
      { name: 'leverage', unit: '1', gauge: [{ value: 2 }] },
    ]);
    const families = parseExposition(pipeline.prometheus.text());
    expect([...families].map(([name, { type }]) => `${type} ${name}`)).toEqual([
      'counter trading_fee_USDT_total',
      'histogram order_latency_seconds',
      'gauge position',
      'gauge leverage_ratio',
    ]);
    expect(families.get('trading_fee_USDT_total')!.help).toBe('Fees\\nand "rebates" \\\\');
  });

  test('that fall together keep their first owner: another type is a conflict, equal labels a collision', () => {
    const pipeline = new Pipeline();
    pipeline.send([
      { name: 'a.b', gauge: [{ value: 1 }] },
      { name: 'a_b', gauge: [{ value: 2 }] },
      { name: 'a_b', histogram: [{ count: 1 }] },
      { name: 'a.b', gauge: [{ value: 3, attributes: { side: 'buy' } }] },
      { name: 'h', histogram: [{ count: 1 }] },
      { name: 'h.count', gauge: [{ value: 4 }] },
      { name: 'target_info', gauge: [{ value: 5 }] },
    ]);
    expect(pipeline.dropped).toEqual({ name_collision: 1, type_conflict: 3 });
    const families = parseExposition(pipeline.prometheus.text());
    expect(families.get('a_b')!.samples.map(({ value }) => value)).toEqual([1, 3]);
    pipeline.send([{ name: 'a_b', gauge: [{ value: 9, time: 9n }] }]);
    expect(pipeline.dropped).toEqual({ name_collision: 2, type_conflict: 3 });
  });

  test('any name and unit give an exposition that holds', () => {
    const unit = fc.oneof(fc.string(), fc.constantFrom('s', 'By/s', '1', '%', '{order}'));
    const kind = fc.constantFrom('gauge', 'sum', 'histogram');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), unit, kind), { maxLength: 8 }), (metrics) => {
        const pipeline = new Pipeline();
        pipeline.send(
          metrics.map(([name, unit, kind]) => ({
            name,
            unit,
            monotonic: true,
            [kind]: [kind === 'histogram' ? { count: 1, sum: 2, bounds: [0], counts: [0, 1] } : { value: 1 }],
          })),
        );
        parseExposition(pipeline.prometheus.text());
      }),
    );
  });
});

describe('histograms', () => {
  test('explicit ones are printed with their bounds; a bound at infinity is the +Inf line', () => {
    const pipeline = new Pipeline();
    const bounds = [-0.5, 0, 5e-324, 0.1, Infinity];
    pipeline.send([{ name: 'h', histogram: [{ count: 21, sum: 1.25, bounds, counts: [1, 2, 3, 4, 5, 6] }] }]);
    const text = pipeline.prometheus.text();
    expect(sampleOf(text, 'h_bucket', { le: '-0.5' })).toBe(1);
    expect(sampleOf(text, 'h_bucket', { le: '5e-324' })).toBe(6);
    expect(sampleOf(text, 'h_bucket', { le: '0.1' })).toBe(10);
    expect(sampleOf(text, 'h_bucket', { le: '+Inf' })).toBe(21);
    expect(sampleOf(text, 'h_sum')).toBe(1.25);
  });

  test('without buckets or a sum have neither, and a replaced state leaves nothing behind', () => {
    const pipeline = new Pipeline();
    const histogram = (point: HistogramInput): MetricInput => ({ name: 'h', histogram: [point] });
    pipeline.send([histogram({ count: 3, sum: 1, bounds: [1, 2], counts: [1, 1, 1], time: 1n })]);
    pipeline.send([histogram({ count: 4, time: 2n })]);
    expect(pipeline.prometheus.text()).toBe('# TYPE h histogram\nh_bucket{le="+Inf"} 4\nh_count 4\n');
  });

  test('increments of both forms add up to the whole', () => {
    const pipeline = new Pipeline();
    const explicit = (time: bigint, bounds: number[], counts: number[]): MetricInput => ({
      name: 'h',
      temporality: 1,
      histogram: [{ count: counts.reduce((a, b) => a + b), sum: 2, min: 0, max: 9, bounds, counts, time }],
    });
    pipeline.send([explicit(1n, [1, 2], [1, 0, 4]), explicit(2n, [1, 2], [0, 2, 1])]);
    expect(sampleOf(pipeline.prometheus.text(), 'h_bucket', { le: '2' })).toBe(3);
    expect(sampleOf(pipeline.prometheus.text(), 'h_count')).toBe(8);
    expect(sampleOf(pipeline.prometheus.text(), 'h_sum')).toBe(4);
    // Other bounds: the buckets start over below a count that goes on.
    pipeline.send([explicit(3n, [5], [1, 1])]);
    expect(sampleOf(pipeline.prometheus.text(), 'h_bucket', { le: '5' })).toBe(1);
    expect(sampleOf(pipeline.prometheus.text(), 'h_count')).toBe(10);
  });

  test('exponential ones become classic buckets at powers of the square root of two, with every count', () => {
    const pipeline = new Pipeline();
    // Scale 3: eight buckets per power of two. Offsets 0..15 cover (1, 4].
    const positive = { offset: 0, counts: Array<number>(16).fill(1) };
    const negative = { offset: -8, counts: [2] };
    pipeline.send([{ name: 'e', exponential: [{ count: 21, sum: 30, scale: 3, zeroCount: 3, positive, negative }] }]);
    const samples = parseExposition(pipeline.prometheus.text()).get('e')!.samples;
    const buckets = samples.filter(({ name }) => name === 'e_bucket').map(({ labels, value }) => [labels['le'], value]);
    expect(buckets).toEqual([
      ['-0.7071067811865476', 0],
      ['-0.5', 2],
      ['0', 5],
      ['1', 5],
      ['1.4142135623730951', 9],
      ['2', 13],
      ['2.8284271247461903', 17],
      ['4', 21],
      ['+Inf', 21],
    ]);
  });

  test('any exponential increments keep their counts, however far apart their scales and offsets are', () => {
    const range = fc.record({
      offset: fc.oneof(fc.integer({ min: -2000, max: 2000 }), fc.integer()),
      counts: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
    });
    const point = fc.record({
      scale: fc.integer({ min: -30, max: 30 }),
      zeroCount: fc.integer({ min: 0, max: 9 }),
      positive: range,
      negative: range,
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 5 }), fc.constantFrom(1, 2), (points, temporality) => {
        const pipeline = new Pipeline();
        const counts = points.map(({ zeroCount, positive, negative }) =>
          [zeroCount, ...positive.counts, ...negative.counts].reduce((a, b) => a + b),
        );
        for (const [index, input] of points.entries()) {
          const exponential = [{ ...input, count: counts[index]!, sum: 1, time: BigInt(index + 1) }];
          pipeline.send([{ name: 'e', exponential, temporality }]);
        }
        const total = temporality === 1 ? counts.reduce((a, b) => a + b) : counts.at(-1);
        expect(sampleOf(pipeline.prometheus.text(), 'e_count')).toBe(total);
        const { distribution } = pipeline.accepted[0]!.histogram!;
        const { zeroCount, positive, negative } = distribution as unknown as (typeof points)[number];
        const held = [zeroCount, ...positive.counts, ...negative.counts].reduce((a, b) => a + b);
        expect(held).toBe(total);
      }),
    );
  });
});

const anyPoint = fc.record({
  value: fc.oneof(fc.double(), fc.constant(undefined)),
  attributes: fc.dictionary(fc.constantFrom('a', 'b', 'job'), fc.constantFrom('x', 1n, true, ['x'])),
  start: fc.bigInt({ min: 0n, max: 3n }),
  time: fc.bigInt({ min: 0n, max: 5n }),
  flags: fc.constantFrom(0, 0, 0, 1),
});
const anyHistogram = fc.record({
  count: fc.nat(9),
  sum: fc.double(),
  bounds: fc.constantFrom([], [1], [1, 2], [2, 1]),
  counts: fc.constantFrom([], [1, 0], [1, 0, 2]),
  time: fc.bigInt({ min: 0n, max: 5n }),
});
const anyMetric: fc.Arbitrary<MetricInput> = fc
  .record({
    name: fc.constantFrom('', 'a', 'a.b', 'a_b', 'h'),
    unit: fc.constantFrom('', 's', '1'),
    kind: fc.constantFrom('gauge', 'sum', 'histogram', 'summary'),
    points: fc.array(anyPoint, { maxLength: 4 }),
    histograms: fc.array(anyHistogram, { maxLength: 3 }),
    monotonic: fc.boolean(),
    temporality: fc.constantFrom(0, 1, 2),
  })
  .map(({ name, unit, kind, points, histograms, monotonic, temporality }) => ({
    name,
    unit,
    monotonic,
    temporality,
    [kind]: kind === 'histogram' ? histograms : kind === 'summary' ? points.length : points,
  }));

describe('requests', () => {
  test('received = forwarded + dropped after any sequence of requests, and the exposition holds', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyMetric, { maxLength: 4 }), { maxLength: 6 }), (requests) => {
        const pipeline = new Pipeline({ seriesLimit: 4 });
        for (const metrics of requests) pipeline.send(metrics, { 'service.name': 'desk' });
        const { received, forwarded, dropped } = pipeline.prometheus.account.ledger(0);
        expect(received).toBe(pipeline.ingest.receivedBy.http);
        expect(forwarded + Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(received);
        parseExposition(pipeline.prometheus.text());
      }),
      { numRuns: 300 },
    );
  });

  const sample = request(
    [
      { ...counter(1), description: 'd', unit: 's' },
      { name: 'g', gauge: [{ value: 1, attributes: { list: ['a', { b: 1n }], bytes: new Uint8Array([1]) } }] },
      { name: 'h', histogram: [{ count: 2, sum: 1, min: 0, max: 1, bounds: [1], counts: [1, 1] }] },
      { name: 'e', exponential: [{ count: 2, scale: 2, positive: { offset: -3, counts: [1, 1] } }] },
      { name: 's', summary: 2 },
    ],
    { 'service.name': 'desk' },
    { name: 'scope', version: '1', attributes: { k: true } },
  );

  test('cut off at any byte, a request is malformed or shorter, and nothing of a malformed one is stored', () => {
    let malformed = 0;
    for (let length = 0; length < sample.length; length++) {
      const pipeline = new Pipeline();
      try {
        pipeline.ingest.request(sample.subarray(0, length), 'grpc', 5000);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedOtlp);
        expect(pipeline.accepted).toEqual([]);
        expect(pipeline.ingest.receivedBy.grpc).toBe(0);
        malformed++;
      }
    }
    // The whole is one ResourceMetrics: only the empty prefix is a request.
    expect(malformed).toBe(sample.length - 1);
  });

  test('with bytes changed, a request is malformed or every one of its points is accounted for', () => {
    const change = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(sample);
        for (const [at, byte] of changes) bytes[at] = byte;
        const pipeline = new Pipeline({ seriesLimit: 3 });
        try {
          pipeline.ingest.request(bytes, 'grpc', 5000);
        } catch (error) {
          if (!(error instanceof MalformedOtlp)) throw error;
          expect(pipeline.accepted).toEqual([]);
        }
        const { received, forwarded, dropped } = pipeline.prometheus.account.ledger(0);
        expect(forwarded + Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(received);
        parseExposition(pipeline.prometheus.text());
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an endless varint', Buffer.alloc(11, 0xff), /varint is longer than 10 bytes at byte 0/],
    ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0x00]), /a length of 127 exceeds what is left at byte 1/],
    ['a length beyond any memory', join(Buffer.from([0x0a]), varint(2n ** 62n)), /exceeds what is left/],
    ['a group', Buffer.from([0x13]), /wire type 3/],
    ['field number 0', Buffer.from([0x02, 0x00]), /field number 0/],
    ['a message where a number belongs', message(1, message(2, message(2, Buffer.from([0x38, 0x01])))), /wire type 0/],
    [
      'half a packed double',
      message(1, message(2, message(2, message(9, message(1, message(7, Buffer.alloc(12))))))),
      /not a whole number of values/,
    ],
  ])('%s is refused with the place', (_, bytes, text) => {
    expect(() => new Pipeline().ingest.request(bytes, 'grpc', 5000)).toThrow(text);
  });

  test('attributes nested without end are refused before the stack is', () => {
    let value = message(1, Buffer.from('x'));
    for (let depth = 0; depth < 5000; depth++) value = message(5, message(1, value));
    const attribute = message(1, join(message(1, Buffer.from('k')), message(2, value)));
    expect(() => new Pipeline().ingest.request(message(1, message(1, attribute)), 'grpc', 5000)).toThrow(
      /nesting deeper/,
    );
  });

  test('fields of a later protocol are passed over', () => {
    const unknown = join(varint(15 * 8 + 2), varint(3), Buffer.from('new'), varint(16 * 8), varint(300));
    const metric = join(metricBytes({ name: 'g', gauge: [{ value: 4 }] }), unknown);
    const pipeline = new Pipeline();
    pipeline.ingest.request(join(message(1, join(unknown, message(2, message(2, metric)))), unknown), 'grpc', 5000);
    expect(pipeline.values()).toEqual([4]);
  });
});

describe('a series without new points', () => {
  const fills = (value: number, instance: string, time = 9n): Buffer =>
    request([counter(value, { time }), { name: 'held', gauge: [{ value, time }] }], {
      'service.instance.id': instance,
    });

  test('is forgotten with all that was only its own, and its place is given again', () => {
    const pipeline = new Pipeline({ seriesLimit: 4 });
    const send = (bytes: Buffer, timeMs: number): string => pipeline.ingest.request(bytes, 'http', timeMs).refusals;
    send(fills(1, 'a'), 1000);
    send(fills(2, 'b'), 2000);
    expect(send(fills(3, 'c'), 2000)).toBe('2 series_limit');
    expect(pipeline.ingest.expire(1000)).toBe(0);
    expect(pipeline.ingest.expire(1001)).toBe(2);
    expect(pipeline.store.size).toBe(2);
    expect(send(fills(3, 'c'), 3000)).toBe('');
    const text = pipeline.prometheus.text();
    expect(text).not.toContain('instance="a"');
    expect(sampleOf(text, 'fills_total', { instance: 'b' })).toBe(2);
    expect(sampleOf(text, 'fills_total', { instance: 'c' })).toBe(3);
    expect(send(fills(4, 'b', 10n), 3000)).toBe('');
    expect(sampleOf(pipeline.prometheus.text(), 'fills_total', { instance: 'b' })).toBe(4);
    expect(pipeline.ingest.expire(9999)).toBe(4);
    expect([...pipeline.store.resources]).toEqual([]);
    expect(pipeline.prometheus.text()).toBe('');
  });

  test('leaves its name free for a metric of another type', () => {
    const pipeline = new Pipeline();
    pipeline.send([{ name: 'x', gauge: [{ value: 1 }] }]);
    pipeline.ingest.expire(Infinity);
    pipeline.send([{ name: 'x', histogram: [{ count: 1, sum: 1, bounds: [1], counts: [1, 0] }] }]);
    expect(pipeline.dropped).toEqual({});
    expect(pipeline.prometheus.text()).toContain('# TYPE x histogram');
  });

  test('comes and goes as in a store that never forgets, when only what is silent is forgotten', () => {
    const steps = fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        const pipeline = new Pipeline();
        const latest = new Map<string, { value: number; atMs: number }>();
        for (const [index, [instance, advance]] of list.entries()) {
          const atMs = index * 10 + advance;
          pipeline.ingest.request(fills(index, `i${instance}`, BigInt(index + 2)), 'http', atMs);
          latest.set(`i${instance}`, { value: index, atMs });
          const beforeMs = atMs - 35;
          pipeline.ingest.expire(beforeMs);
          for (const [name, { atMs: seenMs }] of latest) if (seenMs < beforeMs) latest.delete(name);
        }
        const shown = [...parseExposition(pipeline.prometheus.text()).values()]
          .flatMap(({ samples }) => samples)
          .filter(({ name }) => name === 'fills_total')
          .map(({ labels, value }): [string, number] => [labels['instance']!, value]);
        expect(new Map(shown)).toEqual(new Map([...latest].map(([name, { value }]) => [name, value])));
      }),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseExposition, sampleOf } from './support/exposition.ts';
import { join, message, metricBytes, type MetricInput, request } from './support/otlp.ts';
import { Pipeline } from './support/pipeline.ts';
import { counter } from './support/point-inputs.ts';

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

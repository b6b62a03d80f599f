import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseExposition } from './support/exposition.ts';
import type { HistogramInput, MetricInput } from './support/otlp.ts';
import { Pipeline } from './support/pipeline.ts';

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

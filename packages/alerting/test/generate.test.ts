import { describe, expect, test } from '@jest/globals';
import {
  firingExpression,
  grafanaRuleFile,
  grafanaUid,
  parseRules,
  prometheusRuleFile,
  readRules,
} from '@nanometer/alerting';
import { rulesOf } from './support.ts';

const tiers = ['prometheus', 'grafana'];
const expressionOf = (rule: Record<string, unknown>): string => firingExpression(rulesOf({ tiers, ...rule }).rules[0]!);
const registry = (rule: Record<string, unknown>): string =>
  firingExpression(
    parseRules('r', JSON.stringify({ rules: [{ name: 'A', severity: 'info', summary: 's', tiers, ...rule }] }))
      .rules[0]!,
  );

describe('PromQL', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['each series alone', { kind: 'threshold', above: 1 }, 'max without (otel_scope_name, otel_scope_version) (x) > 1'],
    [
      'a combination of attributes',
      { kind: 'threshold', below: 1, aggregate: 'sum', by: ['job', 'a.b'], where: { 'a.b': 'v', c: { not: 'w' } } },
      'sum by (a_b, job) (x{a_b="v", c!="w"}) < 1',
    ],
    ['all as one', { kind: 'threshold', above: 1, aggregate: 'min', by: [] }, 'min(x) > 1'],
    [
      'matchers, escaped',
      {
        kind: 'threshold',
        above: 1,
        aggregate: 'max',
        by: [],
        where: { a: ['x.y', 'z'], b: { prefix: 'p+' }, c: '"' },
      },
      String.raw`max(x{a=~"x\\.y|z", b=~"p\\+.*", c="\""}) > 1`,
    ],
    [
      'hysteresis',
      { kind: 'threshold', above: 1, clear: 0.5, aggregate: 'max', by: ['job'] },
      '(max by (job) (x) > 1) or (max by (job) (x) > 0.5 and on (job) ALERTS{alertname="A", alertstate="firing"})',
    ],
    ['absence', { kind: 'absence', after: '1m', where: { k: 'v' } }, 'absent_over_time(x{k="v"}[1m])'],
    [
      'staleness',
      { kind: 'staleness', after: '15s', aggregate: 'min', by: ['job'] },
      'min by (job) (time() - (timestamp(x) or max_over_time(timestamp(x)[1h:1m]))) > 15',
    ],
    [
      'the rate of a counter',
      { kind: 'rate', instrument: 'counter', window: '1m', above: 2, aggregate: 'sum', by: [] },
      `sum(increase(x_total[1m])) * ${1 / 60} > 2`,
    ],
    [
      'the rate of a gauge, per window',
      { kind: 'rate', window: '1m', per: '1m', above: 2, aggregate: 'sum', by: [] },
      'sum(delta(x[1m])) > 2',
    ],
    [
      'a ratio',
      {
        kind: 'ratio',
        numerator: { metric: 'n', custom: true, instrument: 'counter' },
        denominator: { metric: 'd', custom: true, instrument: 'counter' },
        window: '5m',
        minimum: 20,
        above: 0.1,
      },
      'sum(increase(n_total[5m])) / (sum(increase(d_total[5m])) >= 20) > 0.1',
    ],
    [
      'a burn rate',
      {
        kind: 'burnRate',
        bad: { metric: 'n', custom: true, instrument: 'counter' },
        total: { metric: 'd', custom: true, instrument: 'counter' },
        objective: 0.999,
        windows: [{ long: '1h', short: '5m', factor: 14.4 }],
      },
      '(sum(increase(n_total[1h])) / (sum(increase(d_total[1h])) > 0) / 0.001 > 14.4 and sum(increase(n_total[5m])) / (sum(increase(d_total[5m])) > 0) / 0.001 > 14.4)',
    ],
    [
      'a percentile of explicit buckets',
      { kind: 'threshold', instrument: 'histogram', unit: 's', field: 'p99', above: 1, aggregate: 'max', by: [] },
      'max(histogram_quantile(0.99, sum without (otel_scope_name, otel_scope_version) (rate(x_seconds_bucket[1m])))) > 1',
    ],
    [
      'a count of a histogram',
      {
        kind: 'rate',
        instrument: 'histogram',
        field: 'count',
        window: '1m',
        per: '1m',
        above: 1,
        aggregate: 'sum',
        by: [],
      },
      'sum(increase(x_count[1m])) > 1',
    ],
  ])('of %s', (_, rule, expression) => {
    expect(expressionOf(rule)).toBe(expression);
  });

  test('of the registry: unit, ratio and total are in the name', () => {
    const rule = { kind: 'threshold', above: 1, aggregate: 'max', by: [] };
    expect(registry({ ...rule, metric: 'risk.limit.utilization' })).toBe('max(risk_limit_utilization_ratio) > 1');
    expect(registry({ ...rule, metric: 'exchange.feed.age' })).toBe('max(exchange_feed_age_seconds) > 1');
  });
});

describe('files', () => {
  const desk = readRules(new URL('../rules/desk.yaml', import.meta.url).pathname);

  test('a rule of Prometheus has the labels and texts of the rule', () => {
    const file = prometheusRuleFile(desk, 'desk');
    expect(file.groups[0]).toMatchObject({ name: 'desk', interval: '1s' });
    expect(file.groups[0]?.rules.find(({ alert }) => alert === 'RateLimitNear')).toMatchObject({
      for: '0s',
      labels: { severity: 'warning' },
      annotations: {
        summary:
          '{{ $labels.job }}: {{ $labels.exchange_limiter }} limit of {{ $labels.exchange_name }} is {{ $value | humanizePercentage }} used',
      },
    });
    expect(file.groups[0]?.rules.find(({ alert }) => alert === 'Drawdown')?.annotations['summary']).toContain(
      'than 5% below',
    );
    expect(file.groups[0]?.rules.find(({ alert }) => alert === 'MessageGaps')?.keep_firing_for).toBe('30s');
  });

  test('a rule of Grafana has a fixed uid, a recovery threshold and no $', () => {
    const panels = new Map([['Use of limits', 7]]);
    const place = { group: 'desk', folder: 'F', datasourceUid: 'P', dashboardUid: 'D', panels };
    const file = grafanaRuleFile(desk, place);
    expect(JSON.stringify(file)).not.toContain('$');
    const rule = file.groups[0]?.rules.find(({ title }) => title === 'ExposureLimit');
    expect(rule).toMatchObject({
      uid: 'nanometer-exposure-limit',
      dashboardUid: 'D',
      panelId: 7,
      noDataState: 'OK',
      labels: { severity: 'critical', tier: 'grafana' },
      data: [
        { datasourceUid: 'P', relativeTimeRange: { from: 60, to: 0 } },
        {
          datasourceUid: '__expr__',
          model: {
            conditions: [{ evaluator: { type: 'gt', params: [1] }, unloadEvaluator: { type: 'lt', params: [0.98] } }],
          },
        },
      ],
    });
    expect(new Set(desk.rules.map(grafanaUid)).size).toBe(desk.rules.length);
  });

  test('Grafana does not put its environment in texts of a rule', () => {
    const rules = rulesOf({ kind: 'threshold', above: 1, summary: 'more than $1000 of ${HOME}', tiers: ['grafana'] });
    const [rule] = grafanaRuleFile(rules, { group: 'g', folder: 'F', datasourceUid: 'P' }).groups[0]!.rules;
    expect(rule!.annotations['summary']).toBe('more than $$1000 of $${HOME}');
  });

  test('two rules that Grafana could not tell apart are refused', () => {
    const rules = rulesOf(
      { kind: 'threshold', above: 1, name: 'ABc', tiers: ['grafana'] },
      { kind: 'threshold', above: 2, name: 'Abc', tiers: ['grafana'] },
    );
    expect(() => grafanaRuleFile(rules, { group: 'g', folder: 'F', datasourceUid: 'P' })).toThrow(
      'rules ABc and Abc would both be nanometer-abc in Grafana',
    );
  });

  test('only rules of the tier are in it', () => {
    const rules = rulesOf({ kind: 'threshold', above: 1, tiers: ['bridge'] });
    expect(prometheusRuleFile(rules, 'g').groups[0]?.rules).toEqual([]);
  });
});

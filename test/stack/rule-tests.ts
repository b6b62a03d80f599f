import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Alert, ALERTS, PIPELINE_RULES } from '@nanometer/grafana';
import {
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_PNL_REALIZED,
  prometheusName,
} from '@nanometer/semconv';
import { stringify } from 'yaml';
import { COLLECTOR_CONFIG } from './paths.ts';

/** A series as promtool writes it (`_` is no sample), and when which alert fires. */
interface RuleTest {
  readonly name: string;
  readonly series: Readonly<Record<string, string>>;
  readonly alert: string;
  /** Labels of the alert besides the severity; those of the first series when absent. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Evaluation time → the summaries of the alerts that fire then. */
  readonly firing: Readonly<Record<string, readonly string[]>>;
}

const drawdown = `${prometheusName(METRIC_RISK_DRAWDOWN_RATIO)}{job="desk",trading_currency="USD"}`;
const limit = `${prometheusName(METRIC_RISK_LIMIT_UTILIZATION)}{job="desk",risk_limit_name="gross_exposure"}`;
const age = `${prometheusName(METRIC_EXCHANGE_FEED_AGE)}{job="desk",exchange_name="binance-spot"}`;
const bridgeDrops = (cause: string): string =>
  `${prometheusName(METRIC_NANOMETER_BRIDGE_POINT_DROPPED)}{nanometer_output="statsd",nanometer_drop_cause="${cause}"}`;
const staleFeed = 'desk: nothing from binance-spot for more than 5 s';

/** One sample per second each. */
const TESTS: readonly RuleTest[] = [
  {
    name: 'drawdown fires above its threshold at once, not at it, and ends with it',
    series: { [drawdown]: '0 0.05 0.0501 0.05' },
    alert: 'Drawdown',
    firing: { '1s': [], '2s': ['desk: equity in USD is more than 5 % below its peak'], '3s': [] },
  },
  {
    name: 'a limit fires above 1',
    series: { [limit]: '0.99 1 1.01' },
    alert: 'Exposure limit',
    firing: { '1s': [], '2s': ['desk: limit gross_exposure is breached'] },
  },
  {
    name: 'a feed that is silent for a moment does not fire, one that stays silent does',
    series: { [age]: '0 1 2 3 4 5 6 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20' },
    alert: 'Feed stale',
    firing: { '6s': [], '13s': [], '22s': [], '23s': [staleFeed] },
  },
  {
    name: 'a desk that is gone makes its feeds stale, although their last age was fine',
    series: { [age]: '0.1 0.1 0.1 _x60' },
    alert: 'Feed stale',
    firing: { '16s': [], '17s': [staleFeed], '60s': [staleFeed] },
  },
  {
    name: 'lost data fires for a minute after each loss, whichever hop lost it',
    series: { [bridgeDrops('stale_point')]: '0x30 5x100', [bridgeDrops('duplicate_point')]: '0+7x130' },
    alert: 'PipelineLosesData',
    // All hops are one number.
    labels: {},
    firing: { '30s': [], '31s': ['5 events, measurements or points were lost within a minute'], '120s': [] },
  },
  {
    name: 'a queue that fills names its exporter',
    series: {
      'otelcol_exporter_queue_size{exporter="otlp_http/bridge"}': '0 500 501',
      'otelcol_exporter_queue_capacity{exporter="otlp_http/bridge"}': '1000x2',
    },
    alert: 'CollectorQueueFilling',
    firing: { '1s': [], '2s': ['The queue of otlp_http/bridge is 50.1% full'] },
  },
  {
    name: 'a target that is down for half a minute fires',
    series: { 'up{job="collector",instance="collector:8888"}': '1 0x60' },
    alert: 'PipelineTargetDown',
    firing: { '25s': [], '35s': ['collector at collector:8888 does not answer'] },
  },
];

const pnl = prometheusName(METRIC_TRADING_PNL_REALIZED);
const fills = prometheusName(METRIC_TRADING_FILL_COUNT);
const recorded = (name: string, labels: string, value: number): object => ({
  expr: name,
  // A recorded value is there from the evaluation after its minute, which looks half a minute back.
  eval_time: '2m30s',
  exp_samples: [{ labels: `${name}{${labels}}`, value }],
});

/** Levels from -3 to 7 within the minute that the rule sees at two minutes: 91 s to 150 s less the offset of 30 s. */
const MINUTE_TEST: object = {
  name: 'a minute is recorded with its extremes, which a mean would hide',
  interval: '1s',
  input_series: [
    { series: `${pnl}{job="desk"}`, values: '1x100 -3 7 5x100' },
    { series: `${fills}{job="desk"}`, values: '0+2x300' },
  ],
  promql_expr_test: [
    recorded(`minute:${pnl}:min`, 'job="desk"', -3),
    recorded(`minute:${pnl}:max`, 'job="desk"', 7),
    recorded(`minute:${pnl}:last`, 'job="desk"', 5),
    recorded(`minute:${fills}:last`, 'job="desk"', 240),
  ],
};

const prometheusForm = (alert: Alert): object => ({
  alert: alert.title,
  expr: `${alert.expression} > ${alert.threshold}`,
  for: `${alert.forSeconds}s`,
  labels: { severity: alert.severity },
  annotations: { summary: alert.summary },
});

/**
 * Writes what `promtool test rules` needs and returns the file to give it. Grafana's rules are tested in Prometheus form:
 * the same expression, threshold and duration.
 */
export function writeRuleTests(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const grafanaRules = join(folder, 'grafana-rules.yaml');
  const rules = ALERTS.map((alert) => prometheusForm(alert));
  writeFileSync(grafanaRules, stringify({ groups: [{ name: 'desk', interval: '1s', rules }] }));
  const file = join(folder, 'rule-tests.yaml');
  writeFileSync(
    file,
    stringify({
      rule_files: [
        grafanaRules,
        ...['pipeline.yaml', 'minute.yaml'].map((name) => join(COLLECTOR_CONFIG, 'rules', name)),
      ],
      evaluation_interval: '1s',
      tests: [
        MINUTE_TEST,
        ...TESTS.map((each) => ({
          name: each.name,
          interval: '1s',
          input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
          alert_rule_test: Object.entries(each.firing).map(([evalTime, summaries]) => ({
            eval_time: evalTime,
            alertname: each.alert,
            exp_alerts: summaries.map((summary) => expected(each, summary)),
          })),
        })),
      ],
    }),
  );
  return file;
}

function expected(test: RuleTest, summary: string): object {
  const rule = PIPELINE_RULES.find(({ alert }) => alert === test.alert);
  const alert = ALERTS.find(({ title }) => title === test.alert);
  const ofSeries = Object.keys(test.series)[0]?.matchAll(/(\w+)="([^"]*)"/g) ?? [];
  const labels = test.labels ?? Object.fromEntries([...ofSeries].map(([, key, value]) => [key, value]));
  return {
    exp_labels: { ...labels, severity: rule?.severity ?? alert?.severity },
    exp_annotations: { summary, ...(rule === undefined ? {} : { description: rule.description }) },
  };
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DESK_RULES_FILE, parseRuleTests, promtoolTests } from '@nanometer/alerting';
import { DESK_RULES, PIPELINE_RULES } from '@nanometer/grafana';
import {
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
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

const bridgeDrops = (cause: string): string =>
  `${prometheusName(METRIC_NANOMETER_BRIDGE_POINT_DROPPED)}{nanometer_output="statsd",nanometer_drop_cause="${cause}"}`;

/** One sample per second each. */
const TESTS: readonly RuleTest[] = [
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

/** The desk's own rule tests: what our evaluation makes of their samples, Prometheus must make of them, to the letter. */
function deskTests(): readonly object[] {
  const file = join(dirname(DESK_RULES_FILE), 'desk.test.rules');
  return promtoolTests(DESK_RULES, parseRuleTests(file, readFileSync(file, 'utf8')).tests);
}

/** Writes what `promtool test rules` needs and returns the file to give it. */
export function writeRuleTests(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'rule-tests.yaml');
  writeFileSync(
    file,
    stringify({
      rule_files: ['desk.yaml', 'pipeline.yaml', 'minute.yaml'].map((name) => join(COLLECTOR_CONFIG, 'rules', name)),
      evaluation_interval: '1s',
      tests: [
        MINUTE_TEST,
        ...deskTests(),
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
  const ofSeries = Object.keys(test.series)[0]?.matchAll(/(\w+)="([^"]*)"/g) ?? [];
  const labels = test.labels ?? Object.fromEntries([...ofSeries].map(([, key, value]) => [key, value]));
  return {
    exp_labels: { ...labels, severity: rule?.severity },
    exp_annotations: { summary, description: rule?.description },
  };
}

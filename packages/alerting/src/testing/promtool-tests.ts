import { prometheusFamily, prometheusLabel } from '@nanometer/semconv';
import { RuleEngine } from '../engine/rule-engine.ts';
import { durationText } from '../rules/duration.ts';
import { type RuleSet, selectorsOf } from '../rules/rule.ts';
import type { RuleTest, TestSeries } from './parse-rule-test.ts';
import { replay } from './replay.ts';

/**
 * The tests in the form of `promtool test rules`: the alerts that our own evaluation makes of the samples, with all labels
 * and annotations, are what Prometheus must make of them.
 */
export function promtoolTests(rules: RuleSet, tests: readonly RuleTest[]): readonly object[] {
  const names = rules.rules.filter(({ tiers }) => tiers.includes('prometheus')).map(({ name }) => name);
  return tests.map((test) => {
    const engine = new RuleEngine(rules, { tier: 'prometheus', onTransition: () => {}, startMs: 0 });
    const checks: object[] = [];
    replay(engine, test, ({ atMs }) => {
      const firing = [...engine.alerts(atMs)].filter(({ state }) => state === 'firing');
      for (const alertname of names) {
        checks.push({
          eval_time: durationText(atMs),
          alertname,
          exp_alerts: firing
            .filter(({ rule }) => rule === alertname)
            .map(({ labels, annotations }) => {
              const { alertname: _, ...rest } = labels;
              return { exp_labels: rest, exp_annotations: annotations };
            }),
        });
      }
    });
    return {
      name: test.name,
      interval: durationText(test.everyMs),
      input_series: test.series.map((each) => inputSeries(rules, each)),
      alert_rule_test: checks,
    };
  });
}

function inputSeries(rules: RuleSet, { series, samples }: TestSeries): object {
  const selectors = rules.rules.flatMap(({ condition }) => selectorsOf(condition));
  const metric = selectors.find(({ metric: each }) => each.name === series.name)?.metric;
  const monotonic = metric?.kind === 'counter' || metric?.kind === 'observablecounter';
  const gauge = metric?.kind === 'gauge' || metric?.kind === 'observablegauge';
  const family = prometheusFamily({ name: series.name, unit: metric?.unit ?? '', monotonic, gauge });
  const labels = Object.entries(series.attributes).map(
    ([key, value]) => `${prometheusLabel(key)}=${JSON.stringify(value)}`,
  );
  return {
    series: `${family}${series.field === 'value' ? '' : `_${series.field}`}{${labels.join(',')}}`,
    values: samples.map((sample) => (sample === undefined ? '_' : String(sample))).join(' '),
  };
}

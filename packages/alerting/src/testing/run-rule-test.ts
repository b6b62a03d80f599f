import { prometheusLabel } from '@nanometer/semconv';
import type { Alert } from '../engine/alert.ts';
import { RuleEngine } from '../engine/rule-engine.ts';
import { durationText } from '../rules/duration.ts';
import { didYouMean } from '../rules/nearest.ts';
import type { RuleSet, Tier } from '../rules/rule.ts';
import type { Check, ExpectedAlert, RuleTest } from './parse-rule-test.ts';
import { replay } from './replay.ts';

/** Why a test failed, with its line. */
export interface Failure {
  readonly line: number;
  readonly message: string;
}

/** What became of a test. */
export interface RuleTestResult {
  readonly name: string;
  readonly line: number;
  readonly failures: readonly Failure[];
}

/** Runs a test on the rules of a tier, default the bridge's: samples in, alerts compared at the times it names. */
export function runRuleTest(rules: RuleSet, test: RuleTest, tier: Tier = 'bridge'): RuleTestResult {
  const failures: Failure[] = [];
  const names = rules.rules.map(({ name }) => name);
  for (const { alerts } of test.checks) {
    for (const { rule, line } of alerts) {
      if (!names.includes(rule)) failures.push({ line, message: `no rule "${rule}"${didYouMean(rule, names)}` });
    }
  }
  if (failures.length > 0) return { name: test.name, line: test.line, failures };
  const engine = new RuleEngine(rules, { tier, onTransition: () => {}, startMs: 0 });
  replay(engine, test, (check) => failures.push(...compared(check, [...engine.alerts(check.atMs)])));
  return { name: test.name, line: test.line, failures };
}

function compared({ atMs, line, alerts }: Check, actual: readonly Alert[]): Failure[] {
  const failures: Failure[] = [];
  const unexpected = new Set(actual.filter(({ state }) => state === 'firing'));
  for (const expected of alerts) {
    const found = actual.find((alert) => isExpected(alert, expected));
    if (found) unexpected.delete(found);
    else failures.push({ line: expected.line, message: `at ${durationText(atMs)}: ${missing(expected, actual)}` });
  }
  for (const alert of unexpected) {
    failures.push({ line, message: `at ${durationText(atMs)}: ${shown(alert)} fires, which is not expected` });
  }
  return failures;
}

function isExpected(alert: Alert, { rule, state, attributes, summary }: ExpectedAlert): boolean {
  return (
    alert.rule === rule &&
    alert.state === state &&
    Object.entries(attributes).every(([key, value]) => alert.labels[prometheusLabel(key)] === value) &&
    (summary === undefined || alert.annotations['summary'] === summary)
  );
}

function missing({ rule, state, summary }: ExpectedAlert, actual: readonly Alert[]): string {
  const same = actual.filter((alert) => alert.rule === rule);
  const wanted = `${rule} ${state}${summary === undefined ? '' : ` "${summary}"`}`;
  return `expected ${wanted}; ${same.length === 0 ? 'it is inactive' : `there is ${same.map(shown).join(' and ')}`}`;
}

function shown({ rule, state, labels, annotations }: Alert): string {
  const rest = Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity');
  const inner = rest.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ');
  return `${rule}{${inner}} ${state} ${JSON.stringify(annotations['summary'] ?? '')}`;
}

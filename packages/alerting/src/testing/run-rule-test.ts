import { prometheusLabel } from '@nanometer/semconv';
import type { Alert } from '../engine/alert.ts';
import { RuleEngine } from '../engine/rule-engine.ts';
import { durationText } from '../rules/duration.ts';
import { didYouMean } from '../rules/nearest.ts';
import type { RuleSet, Tier } from '../rules/rule.ts';
import type { Check, ExpectedAlert, RuleTest } from './parse-rule-test.ts';

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
  const slots = test.series.map(() => -2);
  const lastMs = test.checks.at(-1)?.atMs ?? 0;
  let checked = 0;
  for (let step = 0; step * test.everyMs <= lastMs; step++) {
    const nowMs = step * test.everyMs;
    checked = checkUntil(engine, test.checks, checked, nowMs, failures);
    for (const [index, { series, samples }] of test.series.entries()) {
      const sample = samples[step];
      if (sample === undefined) continue;
      // A series exists from its first sample on.
      if (slots[index] === -2) slots[index] = engine.register({ ...series }, nowMs);
      engine.update(slots[index]!, nowMs, sample);
    }
    engine.evaluate(nowMs);
  }
  checkUntil(engine, test.checks, checked, Number.POSITIVE_INFINITY, failures);
  return { name: test.name, line: test.line, failures };
}

/** Makes the checks whose time is before `nowMs`; returns how many are made by then. */
function checkUntil(
  engine: RuleEngine,
  checks: readonly Check[],
  from: number,
  nowMs: number,
  failures: Failure[],
): number {
  let index = from;
  for (; index < checks.length && checks[index]!.atMs < nowMs; index++) {
    const check = checks[index]!;
    engine.evaluate(check.atMs);
    failures.push(...compared(check, [...engine.alerts(check.atMs)]));
  }
  return index;
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

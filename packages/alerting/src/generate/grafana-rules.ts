import { AlertingError } from '../errors.ts';
import { durationText } from '../rules/duration.ts';
import type { Level, Rule, RuleSet } from '../rules/rule.ts';
import { annotationsOf } from './annotations.ts';
import { rulesOfTier } from './prometheus-rules.ts';
import { promqlOf } from './promql.ts';

/*
 * Grafana's file format of alerting differs from its HTTP API (folder and name instead of uids, durations as text); these
 * are the parts of it that we use.
 */

/** `apiVersion: 1` file of rule groups. */
export interface GrafanaRuleFile {
  readonly apiVersion: 1;
  readonly groups: readonly GrafanaRuleGroup[];
}

export interface GrafanaRuleGroup {
  readonly orgId: number;
  readonly name: string;
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly GrafanaRule[];
}

export interface GrafanaRule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly GrafanaQuery[];
  readonly dashboardUid?: string;
  readonly panelId?: number;
  readonly for: string;
  readonly keepFiringFor?: string;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
}

export interface GrafanaQuery {
  readonly refId: string;
  /** Required on every query, expressions included, with `from` above `to`: otherwise Grafana does not start. */
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly datasourceUid: string;
  readonly model: Readonly<Record<string, unknown>>;
}

/** Where the rules go in Grafana. */
export interface GrafanaPlace {
  readonly group: string;
  readonly folder: string;
  readonly datasourceUid: string;
  readonly dashboardUid?: string;
  /** Panels of that dashboard by title. */
  readonly panels?: ReadonlyMap<string, number>;
}

// Grafana evaluates on a grid of 10 s and never runs a rule whose interval is off the grid.
const INTERVAL = '10s';
const RANGE = { from: 60, to: 0 };

/**
 * The rules of the tier `grafana` as a provisioning file. Alerts carry the label `tier: grafana`, so that an Alertmanager
 * that also hears of them from a faster tier can tell them apart. @throws AlertingError `TIER_UNABLE`
 */
export function grafanaRuleFile(rules: RuleSet, place: GrafanaPlace): GrafanaRuleFile {
  const { group: name, folder } = place;
  const ofTier = rulesOfTier(rules, 'grafana').map((rule) => unexpanded(grafanaRule(rule, place)));
  const titles = new Map<string, string>();
  for (const { uid, title } of ofTier) {
    const other = titles.get(uid);
    titles.set(uid, title);
    if (other === undefined) continue;
    const message = `rules ${other} and ${title} would both be ${uid} in Grafana, which keeps one of them; rename one`;
    throw new AlertingError('TIER_UNABLE', message);
  }
  return { apiVersion: 1, groups: [{ orgId: 1, name, folder, interval: INTERVAL, rules: ofTier }] };
}

/** Grafana puts variables of its environment in all texts of a provisioning file: a doubled `$` is a single one. */
function unexpanded<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$') as T;
  if (Array.isArray(value)) return value.map(unexpanded) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unexpanded(each as unknown)])) as T;
}

/** Never changed or reused: Grafana keeps state and silences by it. */
export function grafanaUid({ name }: Rule): string {
  return `nanometer-${name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}`.slice(0, 40);
}

function grafanaRule(rule: Rule, { datasourceUid, dashboardUid, panels }: GrafanaPlace): GrafanaRule {
  const { value, level } = promqlOf(rule);
  const panelId = rule.panel === undefined ? undefined : panels?.get(rule.panel);
  return {
    uid: grafanaUid(rule),
    title: rule.name,
    condition: 'B',
    data: [
      {
        refId: 'A',
        relativeTimeRange: RANGE,
        datasourceUid,
        model: { refId: 'A', expr: value, instant: true, range: false },
      },
      {
        refId: 'B',
        relativeTimeRange: RANGE,
        datasourceUid: '__expr__',
        model: { refId: 'B', type: 'threshold', expression: 'A', conditions: [thresholdCondition(level)] },
      },
    ],
    // A panel's link needs both.
    ...(dashboardUid === undefined || panelId === undefined ? {} : { dashboardUid, panelId }),
    for: durationText(rule.forMs),
    ...(rule.keepFiringMs === 0 ? {} : { keepFiringFor: durationText(rule.keepFiringMs) }),
    // What has no value is no breach; silence has rules of its own.
    noDataState: 'OK',
    // A rule that cannot be evaluated is not a breach; it is reported as its own error.
    execErrState: 'Error',
    annotations: annotationsOf(rule, 'grafana'),
    labels: { severity: rule.severity, ...rule.labels, tier: 'grafana' },
    isPaused: false,
  };
}

function thresholdCondition({ direction, limit, clear }: Level): object {
  const evaluator = { type: direction === 'above' ? 'gt' : 'lt', params: [limit] };
  if (clear === limit) return { evaluator };
  // Grafana's recovery threshold: once firing, it ends beyond this one.
  return { evaluator, unloadEvaluator: { type: direction === 'above' ? 'lt' : 'gt', params: [clear] } };
}

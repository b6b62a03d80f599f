import {
  DESK_RULES_FILE,
  type GrafanaRuleFile,
  grafanaRuleFile,
  promqlOf,
  readRules,
  type RuleSet,
} from '@nanometer/alerting';
import { PROMETHEUS_UID } from './data-sources.ts';
import { DESK_ROWS, DESK_UID } from './desk/board.ts';

/** The desk's rules: the file that the process and the bridge evaluate as well. */
export const DESK_RULES: RuleSet = readRules(DESK_RULES_FILE);

/** What Grafana and Prometheus evaluate of one rule. */
export interface Alert {
  readonly title: string;
  /** Without its comparison. */
  readonly expression: string;
  /** It has a result while all is well, too. */
  readonly alwaysHasResult: boolean;
}

/** The desk's alerts. */
export const ALERTS: readonly Alert[] = DESK_RULES.rules.map((rule) => ({
  title: rule.name,
  expression: promqlOf(rule).value,
  // What only trouble makes has no series before the first trouble, and what no panel shows the desk may not record.
  alwaysHasResult: ['threshold', 'staleness'].includes(rule.condition.kind) && rule.panel !== undefined,
}));

/** Grafana's provisioning file of the desk's rules. */
export function deskRuleFile(): GrafanaRuleFile {
  const panels = new Map(DESK_ROWS.flatMap((row) => row.panels).map(({ title, id }) => [title, id]));
  for (const { name, panel } of DESK_RULES.rules) {
    if (panel !== undefined && !panels.has(panel)) throw new Error(`rule ${name}: the board has no panel "${panel}"`);
  }
  const place = { group: 'desk', folder: 'Nanometer', datasourceUid: PROMETHEUS_UID, dashboardUid: DESK_UID, panels };
  return grafanaRuleFile(DESK_RULES, place);
}

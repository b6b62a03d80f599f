import { ALERTS, type Alert } from './alerts.ts';
import { ALERTMANAGER_URL, PROMETHEUS_UID } from './data-sources.ts';
import { DESK_UID } from './desk/board.ts';

/*
 * Grafana's file format of alerting differs from its HTTP API (folder and name instead of uids, durations as text), and
 * with it from what the foundation SDK builds; these are the parts of it that we use.
 */

/** `apiVersion: 1` file of rule groups. */
export interface RuleFile {
  readonly apiVersion: 1;
  readonly groups: readonly RuleGroup[];
}

export interface RuleGroup {
  readonly orgId: number;
  readonly name: string;
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly RuleQuery[];
  readonly dashboardUid: string;
  readonly panelId: number;
  readonly for: string;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
}

export interface RuleQuery {
  readonly refId: string;
  /** Required on every query, expressions included, with `from` above `to`: otherwise Grafana does not start. */
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly datasourceUid: string;
  readonly model: Readonly<Record<string, unknown>>;
}

// Grafana evaluates on a grid of 10 s and never runs a rule whose interval is off the grid.
const INTERVAL = '10s';
const RANGE = { from: 60, to: 0 };

function rule(alert: Alert): Rule {
  return {
    uid: alert.uid,
    title: alert.title,
    condition: 'B',
    data: [
      {
        refId: 'A',
        relativeTimeRange: RANGE,
        datasourceUid: PROMETHEUS_UID,
        model: { refId: 'A', expr: alert.expression, instant: true, range: false },
      },
      {
        refId: 'B',
        relativeTimeRange: RANGE,
        datasourceUid: '__expr__',
        model: {
          refId: 'B',
          type: 'threshold',
          expression: 'A',
          conditions: [{ evaluator: { type: 'gt', params: [alert.threshold] } }],
        },
      },
    ],
    dashboardUid: DESK_UID,
    panelId: alert.panelId,
    for: `${alert.forSeconds}s`,
    noDataState: alert.noData,
    // A rule that cannot be evaluated is not a breach; it is reported as its own error.
    execErrState: 'Error',
    annotations: { summary: alert.summary, description: alert.description },
    labels: { severity: alert.severity },
    isPaused: false,
  };
}

/** The alert rules. */
export function ruleFile(): RuleFile {
  return {
    apiVersion: 1,
    groups: [{ orgId: 1, name: 'desk', folder: 'Nanometer', interval: INTERVAL, rules: ALERTS.map(rule) }],
  };
}

/** Alertmanager decides who is told, for Grafana as for Prometheus. */
export function contactPointFile(): object {
  return {
    apiVersion: 1,
    contactPoints: [
      {
        orgId: 1,
        name: 'desk',
        receivers: [
          {
            uid: 'nanometer-contact-alertmanager',
            type: 'prometheus-alertmanager',
            settings: { url: ALERTMANAGER_URL },
            disableResolveMessage: false,
          },
        ],
      },
    ],
  };
}

/** The whole policy tree of the organisation: the file replaces it. */
export function policyFile(): object {
  return {
    apiVersion: 1,
    policies: [
      {
        orgId: 1,
        receiver: 'desk',
        group_by: ['grafana_folder', 'alertname'],
        group_wait: '0s',
        group_interval: '10s',
        // Alertmanager takes an alert for resolved when it is not repeated: Grafana states an end four evaluations ahead,
        // two minutes at least.
        repeat_interval: '1m',
      },
    ],
  };
}

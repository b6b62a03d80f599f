import {
  ATTR_EXCHANGE_NAME,
  ATTR_RISK_LIMIT_NAME,
  ATTR_TRADING_CURRENCY,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_LIMIT_UTILIZATION,
  prometheusLabel,
} from '@nanometer/semconv';
import { FEED_AGE_PANEL } from './desk/exchanges.ts';
import { DRAWDOWN_PANEL, LIMITS_PANEL } from './desk/profit-and-risk.ts';
import { ageNow, maxBy, series } from './promql.ts';

/** One alert: `expression` above `threshold` for at least `forSeconds`, once per combination of its labels. */
export interface Alert {
  /** Never changed or reused: Grafana keeps state and silences by it. */
  readonly uid: string;
  readonly title: string;
  readonly expression: string;
  readonly threshold: number;
  readonly forSeconds: number;
  readonly severity: 'critical' | 'warning';
  /** What is wrong, with `{{ .Labels.… }}` where it matters. No `$`, which provisioning would expand. */
  readonly summary: string;
  /** What to do. */
  readonly description: string;
  readonly panelId: number;
  /** What it means that the expression has no result. */
  readonly noData: 'OK' | 'Alerting';
}

const label = (attribute: string): string => `{{ .Labels.${prometheusLabel(attribute)} }}`;

/** The desk's alerts. */
export const ALERTS: readonly Alert[] = [
  {
    uid: 'nanometer-drawdown',
    title: 'Drawdown',
    expression: maxBy(['job', ATTR_TRADING_CURRENCY], series(METRIC_RISK_DRAWDOWN_RATIO)),
    threshold: 0.05,
    forSeconds: 0,
    severity: 'critical',
    summary: `{{ .Labels.job }}: equity in ${label(ATTR_TRADING_CURRENCY)} is more than 5 % below its peak`,
    description: 'Stop the strategy that causes it (P&L by strategy) and flatten its positions.',
    panelId: DRAWDOWN_PANEL,
    // A desk that is gone is reported by the stale feed, not three times.
    noData: 'OK',
  },
  {
    uid: 'nanometer-exposure-limit',
    title: 'Exposure limit',
    expression: maxBy(['job', ATTR_RISK_LIMIT_NAME], series(METRIC_RISK_LIMIT_UTILIZATION)),
    threshold: 1,
    forSeconds: 0,
    severity: 'critical',
    summary: `{{ .Labels.job }}: limit ${label(ATTR_RISK_LIMIT_NAME)} is breached`,
    description: 'Reduce the position (Exposure by market shows where); raise a limit only afterwards.',
    panelId: LIMITS_PANEL,
    noData: 'OK',
  },
  {
    uid: 'nanometer-feed-stale',
    title: 'Feed stale',
    expression: maxBy(['job', ATTR_EXCHANGE_NAME], ageNow(series(METRIC_EXCHANGE_FEED_AGE))),
    threshold: 5,
    forSeconds: 10,
    severity: 'critical',
    summary: `{{ .Labels.job }}: nothing from ${label(ATTR_EXCHANGE_NAME)} for more than 5 s`,
    description: 'Cancel the quotes on that exchange, then reconnect. If all are stale, the desk itself is gone.',
    panelId: FEED_AGE_PANEL,
    noData: 'Alerting',
  },
];

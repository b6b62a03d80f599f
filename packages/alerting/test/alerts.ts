import { type Alert, type AlertState, fingerprintOf } from '@nanometer/alerting';

/** An alert as an engine makes it. */
export function alertOf(state: AlertState, labels: Record<string, string> = {}): Alert {
  const all = { alertname: 'A', severity: 'critical', ...labels };
  return {
    fingerprint: fingerprintOf(all),
    rule: all.alertname,
    severity: 'critical',
    state,
    labels: all,
    annotations: { summary: 's' },
    value: 2,
    threshold: 1,
    activeAtMs: 100,
    startsAtMs: state === 'firing' || state === 'resolved' ? 200 : undefined,
    endsAtMs: state === 'resolved' ? 300 : undefined,
  };
}

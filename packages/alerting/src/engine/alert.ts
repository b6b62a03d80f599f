import type { Severity } from '../rules/rule.ts';

/** `pending` holds but not for long enough yet; `inactive` was pending and fires no more than before. */
export type AlertState = 'pending' | 'firing' | 'resolved' | 'inactive';

/** One rule's alert for one combination of labels. */
export interface Alert {
  /** Of the labels, as Alertmanager computes it: equal in every tier. */
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly state: AlertState;
  /** `alertname`, `severity`, the rule's and the series' labels, by Prometheus name. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The last value compared; `undefined` where nothing has come. */
  readonly value: number | undefined;
  readonly threshold: number | undefined;
  /** Since when the condition holds, Unix milliseconds. */
  readonly activeAtMs: number;
  /** Since when it fires. */
  readonly startsAtMs: number | undefined;
  /** When it ended. */
  readonly endsAtMs: number | undefined;
}

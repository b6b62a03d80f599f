import type { Alert } from '../engine/alert.ts';

/** A person has seen the alert and deals with it. */
export interface Acknowledgement {
  readonly by: string;
  readonly atMs: number;
  /** When it ends by itself, Unix milliseconds; it ends with the alert in any case. */
  readonly untilMs: number | undefined;
  readonly comment: string;
}

/** Nobody is told of the alert until then. */
export interface Shelf {
  readonly by: string;
  readonly atMs: number;
  readonly untilMs: number;
  readonly comment: string;
}

/** An alert with what people and receivers know of it. */
export interface HeldAlert {
  alert: Alert;
  /** What receivers were told last. */
  notified: 'nothing' | 'firing';
  acknowledgement: Acknowledgement | undefined;
  shelf: Shelf | undefined;
}

/** Why nobody is told of an alert that fires. */
export type Suppression = 'silenced' | 'shelved' | 'inhibited';

/** An alert as lists show it. */
export interface AlertView extends Alert {
  readonly acknowledgement?: Acknowledgement;
  readonly shelf?: Shelf;
  readonly suppressedBy?: Suppression;
}

/** Alerts with all these labels are not notified from start to end. */
export interface Silence {
  readonly id: string;
  /** Label → value; `alertname` is the rule's name. */
  readonly matchers: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** Whether labels have all that matchers ask for. */
export function hasLabels(
  labels: Readonly<Record<string, string>>,
  matchers: Readonly<Record<string, string>>,
): boolean {
  for (const name of Object.keys(matchers)) if ((labels[name] ?? '') !== matchers[name]) return false;
  return true;
}

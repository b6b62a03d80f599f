import type { Alert } from '../engine/alert.ts';

/** One thing to tell: an alert began or ended. */
export interface Notification {
  /** Ascends; the same however often it is sent, so that a receiver can tell repetition from news. */
  readonly id: number;
  /** When the alert changed, Unix milliseconds. */
  readonly atMs: number;
  readonly alert: Alert;
}

/** `firing` or `resolved`: what a notification is of. */
export function statusOf({ alert }: Notification): 'firing' | 'resolved' {
  return alert.state === 'resolved' ? 'resolved' : 'firing';
}

/** What became of an attempt. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** To be sent again; `afterMs` is what the receiver asked for. */
  | { readonly kind: 'retry'; readonly error: string; readonly afterMs?: number }
  /** Will not be taken however often it is sent. */
  | { readonly kind: 'refused'; readonly error: string };

/** Takes notifications somewhere. */
export interface Transport {
  /** Sends a message; never rejects. All notifications of a message share the labels of `groupBy`. */
  send(notifications: readonly Notification[], signal: AbortSignal): Promise<Outcome>;
}

import type { Acknowledgement, HeldAlert, Shelf, Silence } from '../center/held-alert.ts';
import type { Notification } from '../delivery/notification.ts';
import type { DropCause } from '../delivery/receiver-queue.ts';
import type { Alert } from '../engine/alert.ts';

/** A change of what the center knows. */
export type Entry =
  /** An alert changed; `notify` is the number of the notification it makes. */
  | { readonly kind: 'alert'; readonly alert: Alert; readonly notify?: number }
  /** An alert that was suppressed is notified after all. */
  | { readonly kind: 'notify'; readonly fingerprint: string; readonly notify: number; readonly atMs: number }
  | { readonly kind: 'delivered'; readonly receiver: string; readonly ids: readonly number[] }
  | { readonly kind: 'dropped'; readonly receiver: string; readonly ids: readonly number[]; readonly cause: DropCause }
  | {
      readonly kind: 'acknowledge';
      readonly fingerprint: string;
      readonly acknowledgement: Acknowledgement | undefined;
    }
  | { readonly kind: 'shelve'; readonly fingerprint: string; readonly shelf: Shelf | undefined }
  | { readonly kind: 'silence'; readonly silence: Silence }
  | { readonly kind: 'unsilence'; readonly id: string };

/** All that the center knows, as saved. */
export interface SavedState {
  readonly nextId: number;
  readonly alerts: readonly HeldAlert[];
  /** Ended lately, the oldest first. */
  readonly resolved: readonly Alert[];
  readonly silences: readonly Silence[];
  /** What waits, by receiver. */
  readonly queues: Readonly<Record<string, readonly Notification[]>>;
}

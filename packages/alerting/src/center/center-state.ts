import type { Notification } from '../delivery/notification.ts';
import type { Alert } from '../engine/alert.ts';
import type { Entry, SavedState } from '../journal/entry.ts';
import type { HeldAlert, Silence } from './held-alert.ts';

/** Alerts that have ended and are still shown. */
const RESOLVED_MAX = 1000;

/** What the center knows, as a function of the entries: the same entries make the same state, now and after a restart. */
export class CenterState {
  readonly alerts: Map<string, HeldAlert> = new Map();
  readonly silences: Map<string, Silence> = new Map();
  /** Ended alerts, the oldest first. */
  readonly resolved: Alert[] = [];
  nextId = 1;

  /** Takes an entry; returns the notification it makes. */
  apply(entry: Entry): Notification | undefined {
    switch (entry.kind) {
      case 'alert':
        return this.#alert(entry.alert, entry.notify);
      case 'notify': {
        const held = this.alerts.get(entry.fingerprint);
        return held && this.#notify(held, entry.notify, entry.atMs);
      }
      case 'acknowledge': {
        const held = this.alerts.get(entry.fingerprint);
        if (held) held.acknowledgement = entry.acknowledgement;
        break;
      }
      case 'shelve': {
        const held = this.alerts.get(entry.fingerprint);
        if (held) held.shelf = entry.shelf;
        break;
      }
      case 'silence':
        this.silences.set(entry.silence.id, entry.silence);
        break;
      case 'unsilence':
        this.silences.delete(entry.id);
        break;
      case 'delivered':
      case 'dropped':
        // Of the queues, which are the receivers'.
        break;
    }
    return undefined;
  }

  #alert(alert: Alert, notify: number | undefined): Notification | undefined {
    const { fingerprint, state } = alert;
    const held = this.alerts.get(fingerprint) ?? {
      alert,
      notified: 'nothing',
      acknowledgement: undefined,
      shelf: undefined,
    };
    // What ends because nothing comes any more has no text of its own, or one with a gap where the value would be.
    const isEmpty = Object.keys(alert.annotations).length === 0 || (state === 'resolved' && alert.value === undefined);
    held.alert = isEmpty ? { ...alert, annotations: held.alert.annotations } : alert;
    this.alerts.set(fingerprint, held);
    const notification =
      notify === undefined ? undefined : this.#notify(held, notify, alert.endsAtMs ?? alert.startsAtMs ?? 0);
    if (state === 'resolved' || state === 'inactive') this.alerts.delete(fingerprint);
    if (state === 'resolved') {
      this.resolved.push(held.alert);
      if (this.resolved.length > RESOLVED_MAX) this.resolved.shift();
    }
    return notification;
  }

  #notify(held: HeldAlert, id: number, atMs: number): Notification {
    this.nextId = Math.max(this.nextId, id + 1);
    held.notified = held.alert.state === 'firing' ? 'firing' : 'nothing';
    return { id, atMs, alert: held.alert };
  }

  load({ nextId, alerts, resolved, silences }: SavedState): void {
    this.nextId = nextId;
    this.resolved.push(...resolved);
    for (const held of alerts) this.alerts.set(held.alert.fingerprint, { ...held });
    for (const silence of silences) this.silences.set(silence.id, silence);
  }
}

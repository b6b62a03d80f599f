import { randomUUID } from 'node:crypto';
import { createTransport } from '../delivery/create-transport.ts';
import type { Notification } from '../delivery/notification.ts';
import { ReceiverQueue, type ReceiverStats } from '../delivery/receiver-queue.ts';
import type { Alert } from '../engine/alert.ts';
import type { SavedAlert } from '../engine/group.ts';
import { AlertJournal } from '../journal/alert-journal.ts';
import type { Entry, SavedState } from '../journal/entry.ts';
import { type CenterOptions, type CheckedCenterOptions, checkedCenterOptions } from './center-options.ts';
import { CenterState } from './center-state.ts';
import { type AlertView, hasLabels, type HeldAlert, type Silence, type Suppression } from './held-alert.ts';
import { Inhibitor } from './inhibitor.ts';

/** What a center has done. */
export interface CenterStats {
  /** Alerts that are pending or fire, by severity and state. */
  readonly active: readonly { readonly severity: string; readonly state: string; readonly count: number }[];
  /** Alerts beyond the limit. */
  readonly alertsDropped: number;
  readonly silences: number;
  readonly receivers: Readonly<Record<string, ReceiverStats>>;
}

/** How long what is under way may take when the center closes. */
const CLOSE_GRACE_MS = 2000;

/** How long Alertmanager is told to remember an alert whose acknowledgement has no end. */
const OPEN_HOLD_MS = 86_400_000;

/**
 * Holds alerts, what people said about them and what receivers still have to be told. With a folder it is durable: a
 * change is on disk before anyone outside is told of it, and a notification stays until its receiver has acknowledged it.
 */
export class AlertCenter {
  readonly #options: CheckedCenterOptions;
  readonly #state = new CenterState();
  readonly #inhibitor: Inhibitor;
  readonly #queues: readonly ReceiverQueue[];
  readonly #journal: AlertJournal | undefined;
  /** Alerts that fire and of which nobody is told, looked at again with every tick. */
  readonly #suppressed = new Set<string>();
  readonly #repostAtMs = new Map<ReceiverQueue, number>();
  #holdAgainAtMs = 0;
  #alertsDropped = 0;
  #isTelling = false;

  private constructor(options: CheckedCenterOptions, journal: AlertJournal | undefined) {
    this.#options = options;
    this.#journal = journal;
    this.#inhibitor = new Inhibitor(options.inhibitions);
    this.#queues = options.receivers.map(
      (receiver) =>
        new ReceiverQueue(
          receiver,
          createTransport(receiver, options.now),
          {
            onDelivered: async (name, ids) => {
              this.#commit({ kind: 'delivered', receiver: name, ids });
              await this.durable();
            },
            onDropped: (name, ids, cause) => this.#commit({ kind: 'dropped', receiver: name, ids, cause }),
            durable: () => this.durable(),
            onTrouble: options.onTrouble,
          },
          options.now,
          options.random,
        ),
    );
  }

  /**
   * Opens a center, and goes on where the last one on its folder ended.
   *
   * @throws AlertingError `OPTION_INVALID`, `RECEIVER_INVALID`, `STATE_UNUSABLE`
   */
  static async open(options: CenterOptions = {}): Promise<AlertCenter> {
    const checked = checkedCenterOptions(options);
    const journal = checked.journal && (await AlertJournal.open(checked.journal));
    const center = new AlertCenter(checked, journal);
    if (journal) center.#recover(journal);
    return center;
  }

  #recover({ recovered: { state, entries } }: AlertJournal): void {
    const queues = new Map<string, Map<number, Notification>>();
    const queueOf = (name: string): Map<number, Notification> => {
      const queue = queues.get(name) ?? new Map<number, Notification>();
      queues.set(name, queue);
      return queue;
    };
    if (state) {
      this.#state.load(state);
      for (const [name, waiting] of Object.entries(state.queues)) {
        for (const each of waiting) queueOf(name).set(each.id, each);
      }
    }
    for (const entry of entries) {
      const notification = this.#state.apply(entry);
      if (notification) for (const { name } of this.#queues) queueOf(name).set(notification.id, notification);
      if (entry.kind === 'delivered' || entry.kind === 'dropped') {
        for (const id of entry.ids) queueOf(entry.receiver).delete(id);
      }
    }
    for (const [name, waiting] of queues) {
      const queue = this.#queues.find((each) => each.name === name);
      if (queue) queue.restore([...waiting.values()]);
      else if (waiting.size > 0) {
        this.#options.onTrouble(
          `${waiting.size} notifications wait for receiver "${name}", which is configured no more`,
        );
      }
    }
    for (const { alert, notified } of this.#state.alerts.values()) {
      if (alert.state !== 'firing') continue;
      this.#inhibitor.count(alert.labels, 1);
      if (notified === 'nothing') this.#suppressed.add(alert.fingerprint);
    }
  }

  /** Alerts of an earlier life that had not ended, for `RuleEngine.restore`. */
  restorable(): SavedAlert[] {
    return [...this.#state.alerts.values()].map(({ alert }) => alert);
  }

  /** Takes a change of an alert; the engine's `onTransition`. */
  readonly onTransition = (alert: Alert): void => {
    const { fingerprint, state } = alert;
    const held = this.#state.alerts.get(fingerprint);
    if (held === undefined && this.#state.alerts.size >= this.#options.alertLimit) {
      if (state === 'pending' || state === 'firing') this.#alertsDropped++;
      return;
    }
    // An end of what is not known is nobody's news.
    if (held === undefined && state !== 'pending' && state !== 'firing') return;
    const wasFiring = held?.alert.state === 'firing';
    if (wasFiring !== (state === 'firing')) this.#inhibitor.count(alert.labels, state === 'firing' ? 1 : -1);
    this.#suppressed.delete(fingerprint);
    const suppressed = state === 'firing' && this.#suppressionOf(alert, held, this.#options.now()) !== undefined;
    if (suppressed) this.#suppressed.add(fingerprint);
    const isNews =
      state === 'firing'
        ? !suppressed && held?.notified !== 'firing'
        : state === 'resolved' && held?.notified === 'firing';
    this.#commit({ kind: 'alert', alert, ...(isNews ? { notify: this.#state.nextId } : {}) });
  };

  #suppressionOf({ labels }: Alert, held: HeldAlert | undefined, nowMs: number): Suppression | undefined {
    if (held?.shelf !== undefined && held.shelf.untilMs > nowMs) return 'shelved';
    for (const { matchers, startsAtMs, endsAtMs } of this.#state.silences.values()) {
      if (startsAtMs <= nowMs && nowMs < endsAtMs && hasLabels(labels, matchers)) return 'silenced';
    }
    return this.#inhibitor.isInhibited(labels) ? 'inhibited' : undefined;
  }

  /** Does what time brings: silences, shelves and acknowledgements end, what fires is posted again. To be called about every second. */
  tick(): void {
    const nowMs = this.#options.now();
    for (const { id, endsAtMs } of this.#state.silences.values()) {
      if (endsAtMs <= nowMs) this.#commit({ kind: 'unsilence', id });
    }
    for (const { alert, acknowledgement, shelf } of this.#state.alerts.values()) {
      const { fingerprint } = alert;
      if (acknowledgement?.untilMs !== undefined && acknowledgement.untilMs <= nowMs) {
        this.#commit({ kind: 'acknowledge', fingerprint, acknowledgement: undefined });
      }
      if (shelf === undefined || shelf.untilMs > nowMs) continue;
      this.#commit({ kind: 'shelve', fingerprint, shelf: undefined });
      // Whoever was told before it was shelved is told that it goes on.
      if (alert.state === 'firing') this.#suppressed.add(fingerprint);
    }
    for (const fingerprint of this.#suppressed) {
      const held = this.#state.alerts.get(fingerprint);
      if (held !== undefined && this.#suppressionOf(held.alert, held, nowMs) !== undefined) continue;
      this.#suppressed.delete(fingerprint);
      if (held) this.#commit({ kind: 'notify', fingerprint, notify: this.#state.nextId, atMs: nowMs });
    }
    for (const queue of this.#queues) this.#repost(queue, nowMs);
    this.#holdAgain(nowMs);
    this.#journal?.saveIfDue(() => this.#saved());
  }

  #repost(queue: ReceiverQueue, nowMs: number): void {
    const { repostMs } = queue;
    if (repostMs === undefined || nowMs < (this.#repostAtMs.get(queue) ?? 0)) return;
    this.#repostAtMs.set(queue, nowMs + repostMs);
    const alerts = [...this.#state.alerts.values()].filter(
      ({ notified, acknowledgement, shelf }) => notified === 'firing' && !acknowledgement && !shelf,
    );
    if (alerts.length > 0) queue.repost(alerts.map(({ alert }) => ({ alert })));
  }

  /** Alerts that are pending or fire, then those that ended lately, the latest first. */
  list(): AlertView[] {
    const nowMs = this.#options.now();
    const views: AlertView[] = [];
    for (const held of this.#state.alerts.values()) {
      const { alert, acknowledgement, shelf } = held;
      const suppressedBy = alert.state === 'firing' ? this.#suppressionOf(alert, held, nowMs) : undefined;
      views.push({
        ...alert,
        ...(acknowledgement === undefined ? {} : { acknowledgement }),
        ...(shelf === undefined ? {} : { shelf }),
        ...(suppressedBy === undefined ? {} : { suppressedBy }),
      });
    }
    return [...views, ...this.#state.resolved.toReversed()];
  }

  silences(): Silence[] {
    return [...this.#state.silences.values()];
  }

  /**
   * A person deals with an alert that fires: it is not posted again until it ends, or the acknowledgement does. False when
   * there is no such alert.
   */
  acknowledge(fingerprint: string, by: string, comment: string = '', untilMs?: number): boolean {
    const held = this.#state.alerts.get(fingerprint);
    if (held === undefined) return false;
    const atMs = this.#options.now();
    this.#commit({ kind: 'acknowledge', fingerprint, acknowledgement: { by, atMs, untilMs, comment } });
    this.#hold(held, untilMs === undefined ? OPEN_HOLD_MS : untilMs - atMs);
    return true;
  }

  /** A receiver that forgets what is not posted again is told to remember an alert for so long. */
  #hold({ alert, notified }: HeldAlert, holdMs: number): void {
    if (notified !== 'firing') return;
    for (const queue of this.#queues) if (queue.repostMs !== undefined) queue.repost([{ alert, holdMs }]);
  }

  /** Holds anew, long before the last time ends, what is acknowledged for as long as it fires. */
  #holdAgain(nowMs: number): void {
    const everyMs = OPEN_HOLD_MS / 2;
    // The clock may have been set back.
    if (nowMs < this.#holdAgainAtMs && nowMs >= this.#holdAgainAtMs - everyMs) return;
    this.#holdAgainAtMs = nowMs + everyMs;
    for (const held of this.#state.alerts.values()) {
      const { acknowledgement } = held;
      if (acknowledgement !== undefined && acknowledgement.untilMs === undefined) this.#hold(held, OPEN_HOLD_MS);
    }
  }

  /** Nobody is told of an alert until then. False when there is no such alert. */
  shelve(fingerprint: string, by: string, untilMs: number, comment: string = ''): boolean {
    const held = this.#state.alerts.get(fingerprint);
    if (held === undefined) return false;
    const atMs = this.#options.now();
    this.#commit({ kind: 'shelve', fingerprint, shelf: { by, atMs, untilMs, comment } });
    this.#hold(held, untilMs - atMs);
    return true;
  }

  /** Silences alerts by their labels; returns the silence, or `undefined` when there are too many. */
  silence(silence: Omit<Silence, 'id'>): Silence | undefined {
    if (this.#state.silences.size >= this.#options.silenceLimit) return undefined;
    const made = { ...silence, id: randomUUID() };
    this.#commit({ kind: 'silence', silence: made });
    return made;
  }

  /** Ends a silence; what fires is told with the next tick. False when there is none. */
  unsilence(id: string): boolean {
    if (!this.#state.silences.has(id)) return false;
    this.#commit({ kind: 'unsilence', id });
    return true;
  }

  #commit(entry: Entry): void {
    this.#journal?.append(entry);
    const notification = this.#state.apply(entry);
    if (notification) for (const queue of this.#queues) queue.add(notification);
    if (entry.kind !== 'delivered' && entry.kind !== 'dropped') this.#tellChange();
  }

  /** Once per turn, however many alerts changed in it. */
  #tellChange(): void {
    const { onAlertsChanged } = this.#options;
    if (onAlertsChanged === undefined || this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      try {
        onAlertsChanged(this.list());
      } catch (error) {
        this.#options.onTrouble(`onAlertsChanged failed: ${String(error)}`);
      }
    });
  }

  stats(): CenterStats {
    const counts = new Map<string, { severity: string; state: string; count: number }>();
    for (const { alert } of this.#state.alerts.values()) {
      const key = `${alert.severity} ${alert.state}`;
      const each = counts.get(key) ?? { severity: alert.severity, state: alert.state, count: 0 };
      each.count++;
      counts.set(key, each);
    }
    return {
      active: [...counts.values()],
      alertsDropped: this.#alertsDropped,
      silences: this.#state.silences.size,
      receivers: Object.fromEntries(this.#queues.map((queue) => [queue.name, queue.stats()])),
    };
  }

  #saved(): SavedState {
    return {
      nextId: this.#state.nextId,
      alerts: [...this.#state.alerts.values()],
      resolved: this.#state.resolved,
      silences: this.silences(),
      queues: Object.fromEntries(this.#queues.map(({ name, waiting }) => [name, waiting])),
    };
  }

  /** Resolves when all changes so far are on disk, where there is a folder. */
  durable(): Promise<void> {
    return this.#journal?.durable(() => this.#saved()) ?? Promise.resolve();
  }

  /** Stops sending; what waits is kept when there is a folder. */
  async close(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.close(CLOSE_GRACE_MS)));
    await this.#journal?.close(() => this.#saved());
  }
}

import type { Alert } from '../engine/alert.ts';
import { AlertmanagerTransport } from './alertmanager.ts';
import { Latencies } from './latencies.ts';
import type { Notification, Outcome, Transport } from './notification.ts';
import type { CheckedReceiver } from './receiver-options.ts';
import { takeMessage } from './take-message.ts';
import { TokenBucket } from './token-bucket.ts';

/** Why a notification was given up. */
export type DropCause = 'refused' | 'queue_full';

/** What a queue tells its owner. */
export interface QueueListener {
  /** These need no more sending. Resolves when that is durable. */
  onDelivered(receiver: string, ids: readonly number[]): Promise<void>;
  onDropped(receiver: string, ids: readonly number[], cause: DropCause): void;
  /** Resolves when everything queued so far is durable: before that, nobody is told. */
  durable(): Promise<void>;
  onTrouble(text: string): void;
}

/** A receiver's account: received = delivered + held + dropped. */
export interface ReceiverStats {
  readonly received: number;
  readonly delivered: number;
  readonly held: number;
  readonly dropped: Readonly<Record<DropCause, number>>;
  /** Attempts without success, by error. */
  readonly failed: Readonly<Record<string, number>>;
  readonly throttled: number;
  readonly latencies: Pick<Latencies, 'counts' | 'count' | 'sumSeconds'>;
}

const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 10_000;
/** Different errors counted by name; others are one. */
const ERRORS_MAX = 32;

/** The notifications of one receiver, in order, one message at a time; sent until acknowledged. */
export class ReceiverQueue {
  readonly name: string;
  readonly repostMs: number | undefined;
  readonly #receiver: CheckedReceiver;
  readonly #transport: Transport;
  readonly #listener: QueueListener;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #tokens: TokenBucket;
  readonly #stopping = new AbortController();
  #waiting: Notification[] = [];
  #reposts = new Map<string, { readonly alert: Alert; readonly holdMs?: number }>();
  #running: Promise<void> | undefined;
  #inFlight: AbortController | undefined;
  #backoffMs = BACKOFF_FIRST_MS;
  #isTroubled = false;
  readonly #counts = { received: 0, delivered: 0, throttled: 0 };
  readonly #dropped: Record<DropCause, number> = { refused: 0, queue_full: 0 };
  readonly #failed: Record<string, number> = {};
  readonly #latencies = new Latencies();

  constructor(
    receiver: CheckedReceiver,
    transport: Transport,
    listener: QueueListener,
    now: () => number,
    random: () => number,
  ) {
    this.name = receiver.name;
    this.repostMs = receiver.repostMs;
    this.#receiver = receiver;
    this.#transport = transport;
    this.#listener = listener;
    this.#now = now;
    this.#random = random;
    this.#tokens = new TokenBucket(receiver.messagesPerMinute, now());
  }

  /** What waits, oldest first. */
  get waiting(): readonly Notification[] {
    return this.#waiting;
  }

  /** Queues a notification; for one too many, the oldest is dropped. */
  add(notification: Notification): void {
    this.#counts.received++;
    this.#waiting.push(notification);
    // What is to be told once more is older than this, and would undo it.
    this.#reposts.delete(notification.alert.fingerprint);
    if (this.#waiting.length > this.#receiver.queueLimit) {
      const [oldest] = this.#waiting.splice(0, 1);
      this.#drop([oldest!.id], 'queue_full');
    }
    this.#run();
  }

  /** Goes on with what an earlier life left. */
  restore(notifications: readonly Notification[]): void {
    this.#counts.received += notifications.length;
    this.#waiting = [...notifications, ...this.#waiting];
    this.#run();
  }

  /** Tells once more what fires; one that cannot be told now is told with the next round. */
  repost(alerts: readonly { readonly alert: Alert; readonly holdMs?: number }[]): void {
    for (const each of alerts) this.#reposts.set(each.alert.fingerprint, each);
    this.#run();
  }

  stats(): ReceiverStats {
    return {
      ...this.#counts,
      held: this.#waiting.length,
      dropped: { ...this.#dropped },
      failed: { ...this.#failed },
      latencies: this.#latencies,
    };
  }

  /** Stops sending; what waits stays in the state. A message under way has `graceMs` to be acknowledged. */
  async close(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const timer = setTimeout(() => this.#inFlight?.abort(), graceMs);
    await this.#running;
    clearTimeout(timer);
  }

  #run(): void {
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = undefined;
      // What came in the last turn.
      if (this.#waiting.length > 0 || this.#reposts.size > 0) this.#run();
    });
  }

  async #sendAll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const first = this.#waiting[0];
      if (first === undefined) {
        if (this.#reposts.size === 0) return;
        await this.#sendReposts();
        continue;
      }
      const { groupWaitMs } = this.#receiver;
      // No longer than that, wherever the clock went since.
      await this.#wait(Math.min(groupWaitMs, first.atMs + groupWaitMs - this.#now()));
      const throttleMs = this.#tokens.take(this.#now());
      if (throttleMs > 0) {
        this.#counts.throttled++;
        await this.#wait(throttleMs);
        continue;
      }
      await this.#listener.durable();
      if (this.#stopping.signal.aborted) return;
      // Taken only now, so that what came meanwhile goes with it.
      const message = takeMessage(this.#waiting, this.#receiver.batchLimit, this.#receiver.groupBy);
      await this.#deliver(message);
    }
  }

  async #deliver(message: readonly Notification[]): Promise<void> {
    const outcome = await this.#attempt((signal) => this.#transport.send(message, signal));
    if (outcome.kind === 'delivered') {
      this.#recovered();
      const nowMs = this.#now();
      for (const { atMs } of message) this.#latencies.record(Math.max(0, nowMs - atMs) / 1000);
      this.#counts.delivered += message.length;
      await this.#listener.onDelivered(this.name, this.#remove(message));
      return;
    }
    this.#fail(outcome);
    if (outcome.kind === 'retry') {
      await this.#backOff(outcome.afterMs ?? 0);
      return;
    }
    // One bad notification must not take the others of its message with it.
    if (message.length > 1) {
      for (const each of message) {
        await this.#throttle();
        if (this.#stopping.signal.aborted) return;
        await this.#deliver([each]);
      }
      return;
    }
    this.#drop(this.#remove(message), 'refused');
  }

  async #sendReposts(): Promise<void> {
    const transport = this.#transport;
    const batch = [...this.#reposts.values()].slice(0, this.#receiver.batchLimit);
    for (const { alert } of batch) this.#reposts.delete(alert.fingerprint);
    if (!(transport instanceof AlertmanagerTransport)) return;
    const outcome = await this.#attempt((signal) => transport.post(batch, signal));
    if (outcome.kind === 'delivered') return this.#recovered();
    this.#fail(outcome);
    const untold = outcome.kind === 'retry' ? [...this.#reposts.values(), ...batch] : [];
    // What fires is told with the next round; what is to be remembered for so long is in no round.
    const kept = untold.filter(({ holdMs, alert }) => holdMs !== undefined && !this.#isWaiting(alert));
    this.#reposts = new Map(kept.map((each) => [each.alert.fingerprint, each]));
    if (outcome.kind === 'retry') await this.#backOff(outcome.afterMs ?? 0);
  }

  /** Whether there is news of an alert. */
  #isWaiting({ fingerprint }: Alert): boolean {
    return this.#waiting.some(({ alert }) => alert.fingerprint === fingerprint);
  }

  /** Waits until the rate limit lets one more message through. */
  async #throttle(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const waitMs = this.#tokens.take(this.#now());
      if (waitMs === 0) return;
      this.#counts.throttled++;
      await this.#wait(waitMs);
    }
  }

  async #attempt(send: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
    this.#inFlight = new AbortController();
    const timeout = setTimeout(() => this.#inFlight?.abort(), this.#receiver.timeoutMs);
    try {
      return await send(this.#inFlight.signal);
    } finally {
      clearTimeout(timeout);
      this.#inFlight = undefined;
    }
  }

  #remove(message: readonly Notification[]): number[] {
    const ids = new Set(message.map(({ id }) => id));
    this.#waiting = this.#waiting.filter(({ id }) => !ids.has(id));
    return [...ids];
  }

  #drop(ids: readonly number[], cause: DropCause): void {
    this.#dropped[cause] += ids.length;
    this.#listener.onDropped(this.name, ids, cause);
  }

  #fail({ kind, error }: Exclude<Outcome, { kind: 'delivered' }>): void {
    const known = error in this.#failed || Object.keys(this.#failed).length < ERRORS_MAX;
    const name = known ? error : '_OTHER';
    this.#failed[name] = (this.#failed[name] ?? 0) + 1;
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    const what = kind === 'retry' ? 'they are kept' : 'what it refuses is dropped and counted';
    this.#listener.onTrouble(`receiver "${this.name}" does not take notifications (${error}); ${what}`);
  }

  #recovered(): void {
    this.#backoffMs = BACKOFF_FIRST_MS;
    this.#isTroubled = false;
  }

  /** Full jitter: many senders of one receiver must not come back together. */
  async #backOff(askedMs: number): Promise<void> {
    const waitMs = Math.max(askedMs, this.#random() * this.#backoffMs, 1);
    this.#backoffMs = Math.min(2 * this.#backoffMs, BACKOFF_MAX_MS);
    await this.#wait(waitMs);
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    if (!(ms > 0) || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
  }
}

import { LiveClient, LiveError, type LiveFrame, type LiveSeries, type LiveStatus } from '@nanometer/live/client';
import { formatAge } from '../format.ts';
import { RecentTimes } from '../store/recent-times.ts';
import type { Store } from '../store/store.ts';
import type { Link } from './link.ts';
import type { Session } from './session.ts';

// The server's limit on name patterns per subscription, and what it would refuse beyond it.
const NAMES_PER_SUBSCRIPTION = 32;
// A refused subscription sends no snapshot; what the others brought must not wait for it for ever.
const SNAPSHOT_LIMIT_MS = 2000;
// One tick of the server comes as a message per subscription; without frames to draw, this ends a batch.
const BATCH_MS = 50;
/** What a feed needs beside the store it fills. */
export interface LiveFeedInputs {
  readonly session: Session;
  /** Least time between two messages of a subscription, where the device draws seldom; 0, the default, is each tick of the server. */
  readonly minIntervalMs?: number;
  /**
   * The same of what is only written and not drawn. A message costs the page far more than what is in it
   * (`npm run bench:page`, phone: a quarter of the main thread's time, before a third of the messages were left).
   */
  readonly writtenIntervalMs?: number;
  /** Something arrived, or the link changed. */
  readonly onNews: () => void;
  /** The bridge lets nobody in without a token, or not with this one: `signedIn` is called for when there is another. */
  readonly onRefused: (problem: string) => void;
}

/** Feeds a store from the bridge's live stream; the only file of the page that knows the stream's client. */
export class LiveFeed {
  /** Milliseconds from a value's time to its arrival here, by the bridge's clock. */
  readonly arrival: RecentTimes = new RecentTimes();
  readonly #store: Store;
  readonly #url: string;
  readonly #inputs: LiveFeedInputs;
  readonly #listeners: (readonly [topic: string, handler: (body: unknown) => void])[] = [];
  #client: LiveClient | undefined;
  #refused = false;
  /** Slot in the store by series id, -1 where the id is unknown; valid within one epoch of the server. */
  #slots: Int32Array = new Int32Array(1024).fill(-1);
  #clockOffsetMs = 0;
  #status: LiveStatus = { state: 'idle', attempts: 0 };
  #statusSinceMs: number = performance.now();
  #problem = '';
  #subscriptions = 0;
  /** Snapshots still to come on this connection: until then a sum would be of some of its parts only. */
  #awaited = 0;
  #arrivedAt: number | undefined;
  /** When the first value came that is not taken over yet. */
  #batchSinceMs: number | undefined;

  /** @param url - WebSocket address of the stream. */
  constructor(store: Store, url: string, inputs: LiveFeedInputs) {
    this.#store = store;
    this.#url = url;
    this.#inputs = inputs;
  }

  /** Connects and asks for all series of the metrics the store's measures read. Again after signing in. */
  start(): void {
    this.#client?.close();
    this.#refused = false;
    this.#subscriptions = 0;
    const { session, minIntervalMs = 0, writtenIntervalMs = 0 } = this.#inputs;
    const client = new LiveClient({
      url: this.#url,
      backoffMaxMs: 5000,
      ...(session.hasToken ? { ticket: () => session.ticket() } : {}),
      onDescriptors: (series) => this.#define(series),
      onFrame: (frame) => this.#apply(frame),
      onReset: () => this.#reset(),
      onStatus: (status) => this.#onStatus(status),
      onError: (error) => this.#onError(error),
    });
    this.#client = client;
    const { drawn, written } = this.#store.metricNames();
    this.#subscribe(client, drawn, minIntervalMs);
    this.#subscribe(client, written, Math.max(minIntervalMs, writtenIntervalMs));
    for (const [topic, handler] of this.#listeners) this.#listenTo(client, topic, handler);
    // Only closing the client rejects this.
    client.connect().catch(() => undefined);
  }

  #subscribe(client: LiveClient, names: readonly string[], minIntervalMs: number): void {
    for (let from = 0; from < names.length; from += NAMES_PER_SUBSCRIPTION) {
      client.subscribe({ names: names.slice(from, from + NAMES_PER_SUBSCRIPTION), minIntervalMs });
      this.#subscriptions += 1;
    }
  }

  /** Hears every event of a topic, the last one at once where the bridge keeps it. */
  listen(topic: string, handler: (body: unknown) => void): void {
    this.#listeners.push([topic, handler]);
    if (this.#client !== undefined) this.#listenTo(this.#client, topic, handler);
  }

  #listenTo(client: LiveClient, topic: string, handler: (body: unknown) => void): void {
    client.listen(topic, ({ body }) => {
      handler(body);
      this.#inputs.onNews();
    });
  }

  /** Takes over what has arrived since it was called last; called before a frame is drawn, as often as one likes. */
  settle(): void {
    if (this.#batchSinceMs === undefined) return;
    this.#batchSinceMs = undefined;
    this.#store.commit();
  }

  /** Disconnects for good. */
  close(): void {
    this.#client?.close();
  }

  /** Now by the server's clock, Unix milliseconds: ages must not depend on how well this device keeps time. */
  nowMs(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  /** Monotonic time of the oldest value that arrived since it was asked last. */
  takeArrivedAt(): number | undefined {
    const at = this.#arrivedAt;
    this.#arrivedAt = undefined;
    return at;
  }

  get link(): Link {
    const conflated = this.#client?.stats.conflatedFrames ?? 0;
    return { phase: this.#phase(), detail: this.#detail(), conflated };
  }

  /** Message of the last error, for the title of the link's badge. */
  get problem(): string {
    return this.#problem;
  }

  #phase(): Link['phase'] {
    const { state } = this.#status;
    if (this.#refused) return 'refused';
    if (state === 'open') return 'open';
    return this.#client?.hello === undefined && this.#status.attempts === 0 ? 'connecting' : 'lost';
  }

  #detail(): string {
    const { state, attempts, retryInMs } = this.#status;
    if (this.#refused) return 'sign in needed';
    if (state === 'open') return 'connected';
    if (state !== 'waiting') return attempts === 0 ? 'connecting' : `reconnecting, attempt ${attempts + 1}`;
    const leftMs = (retryInMs ?? 0) - (performance.now() - this.#statusSinceMs);
    return `reconnecting in ${formatAge(leftMs / 1000)}`;
  }

  #onStatus(status: LiveStatus): void {
    this.#status = status;
    this.#statusSinceMs = performance.now();
    this.#inputs.onNews();
    const hello = this.#client?.hello;
    if (status.state !== 'open' || hello === undefined) return;
    this.#clockOffsetMs = hello.timeMs - Date.now();
    this.#awaited = this.#subscriptions;
  }

  #onError(error: Error): void {
    this.#problem = error.message;
    if (this.#refused || !(error instanceof LiveError) || error.code !== 'unauthorized') return;
    // Trying again with the same token, or none, would end the same.
    this.#refused = true;
    this.#client?.close();
    const { session, onRefused, onNews } = this.#inputs;
    onRefused(session.hasToken ? 'The bridge does not take the token any more.' : '');
    onNews();
  }

  #reset(): void {
    this.#slots.fill(-1);
    this.#store.forgetValues();
  }

  #define(series: readonly LiveSeries[]): void {
    for (const descriptor of series) {
      if (descriptor.id >= this.#slots.length) {
        const grown = new Int32Array(Math.max(2 * this.#slots.length, descriptor.id + 1)).fill(-1);
        grown.set(this.#slots);
        this.#slots = grown;
      }
      this.#slots[descriptor.id] = this.#store.define(descriptor);
    }
  }

  #apply(frame: LiveFrame): void {
    const { ids, dt, values, baseTimeMs } = frame;
    for (let row = 0; row < ids.length; row++) {
      const slot = this.#slots[ids[row] as number] ?? -1;
      if (slot >= 0) this.#store.set(slot, baseTimeMs + (dt[row] as number) / 1000, values[row] as number);
    }
    if (frame.type !== 'snapshot' && ids.length > 0) {
      this.#arrivedAt ??= performance.now();
      this.arrival.add(this.nowMs() - baseTimeMs - (dt[ids.length - 1] as number) / 1000);
    }
    if (frame.type === 'snapshot' && frame.final) this.#awaited -= 1;
    if (this.#awaited <= 0 || performance.now() - this.#statusSinceMs > SNAPSHOT_LIMIT_MS) this.#batch();
    this.#inputs.onNews();
  }

  #batch(): void {
    const nowMs = performance.now();
    this.#batchSinceMs ??= nowMs;
    if (nowMs - this.#batchSinceMs > BATCH_MS) this.settle();
  }
}

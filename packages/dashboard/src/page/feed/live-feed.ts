import { LiveClient, type LiveFrame, type LiveSeries, type LiveStatus } from '@nanometer/live/client';
import { formatAge } from '../format.ts';
import { RecentTimes } from '../store/recent-times.ts';
import type { Store } from '../store/store.ts';
import type { Link } from './link.ts';

// The server's limit on name patterns per subscription, and what it would refuse beyond it.
const NAMES_PER_SUBSCRIPTION = 32;
// A refused subscription sends no snapshot; what the others brought must not wait for it for ever.
const SNAPSHOT_LIMIT_MS = 2000;

/** Feeds a store from the bridge's live stream; the only file of the page that knows the stream's client. */
export class LiveFeed {
  /** Milliseconds from a value's time to its arrival here, by the bridge's clock. */
  readonly arrival: RecentTimes = new RecentTimes();
  readonly #store: Store;
  readonly #client: LiveClient;
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

  /** @param url - WebSocket address of the stream. */
  constructor(store: Store, url: string) {
    this.#store = store;
    this.#client = new LiveClient({
      url,
      backoffMaxMs: 5000,
      onDescriptors: (series) => this.#define(series),
      onFrame: (frame) => this.#apply(frame),
      onReset: () => this.#reset(),
      onStatus: (status) => this.#onStatus(status),
      onError: (error) => {
        this.#problem = error.message;
      },
    });
  }

  /** Connects and asks for all series of the metrics the store's measures read. */
  start(): void {
    const names = this.#store.metricNames();
    for (let from = 0; from < names.length; from += NAMES_PER_SUBSCRIPTION) {
      this.#client.subscribe({ names: names.slice(from, from + NAMES_PER_SUBSCRIPTION) });
      this.#subscriptions += 1;
    }
    // Only closing the client rejects this, and the page never does.
    this.#client.connect().catch(() => undefined);
  }

  /** Hears every event of a topic, the last one at once where the bridge keeps it. */
  listen(topic: string, handler: (body: unknown) => void): void {
    this.#client.listen(topic, ({ body }) => handler(body));
  }

  /** Disconnects for good. */
  close(): void {
    this.#client.close();
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
    const { conflatedFrames } = this.#client.stats;
    return { phase: this.#phase(), detail: this.#detail(), conflated: conflatedFrames };
  }

  /** Message of the last error, for the title of the link's badge. */
  get problem(): string {
    return this.#problem;
  }

  #phase(): Link['phase'] {
    const { state } = this.#status;
    if (state === 'open') return 'open';
    return this.#client.hello === undefined && this.#status.attempts === 0 ? 'connecting' : 'lost';
  }

  #detail(): string {
    const { state, attempts, retryInMs } = this.#status;
    if (state === 'open') return 'connected';
    if (state !== 'waiting') return attempts === 0 ? 'connecting' : `reconnecting, attempt ${attempts + 1}`;
    const leftMs = (retryInMs ?? 0) - (performance.now() - this.#statusSinceMs);
    return `reconnecting in ${formatAge(leftMs / 1000)}`;
  }

  #onStatus(status: LiveStatus): void {
    this.#status = status;
    this.#statusSinceMs = performance.now();
    const { hello } = this.#client;
    if (status.state !== 'open' || hello === undefined) return;
    this.#clockOffsetMs = hello.timeMs - Date.now();
    this.#awaited = this.#subscriptions;
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
    if (this.#awaited <= 0 || performance.now() - this.#statusSinceMs > SNAPSHOT_LIMIT_MS) this.#store.commit();
  }
}

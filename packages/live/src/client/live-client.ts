import { SYSTEM_CLOCK } from '../protocol/clock.ts';
import type { LiveClock } from '../protocol/clock.ts';
import { decodeFrame } from '../protocol/decode-frame.ts';
import { FrameError, LiveError } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/frame.ts';
import type { LiveFrame } from '../protocol/frame.ts';
import { SUBPROTOCOL } from '../protocol/messages.ts';
import type { ClientMessage, HelloMessage, ServerMessage, SubscriptionFilter } from '../protocol/messages.ts';
import { compileFilter } from '../protocol/series-filter.ts';
import type { SeriesField } from '../protocol/series.ts';
import { Backoff } from './backoff.ts';
import type { LiveClientOptions, LiveClientStats, LiveStatus, WebSocketConstructor, WebSocketLike } from './options.ts';
import { Outbox } from './outbox.ts';
import { parseServerMessage } from './parse-server-message.ts';
import { SeriesStore } from './series-store.ts';
import { SubscriptionState } from './subscription.ts';
import type { LiveSubscription } from './subscription.ts';
import { totalOf } from './total.ts';
import type { LiveTotal } from './total.ts';

/** How long a connection may take to be made and greeted. */
const HELLO_WITHIN_MS = 10_000;

/**
 * Receives a live stream in Node and in browsers: keeps descriptors and latest values in a store, reconnects by
 * itself, and subscribes again after a cut. Values between a cut and the snapshot that follows it are conflated.
 */
export class LiveClient {
  /** Descriptors and latest values of everything subscribed to. */
  readonly store: SeriesStore;
  readonly #options: LiveClientOptions;
  readonly #Socket: WebSocketConstructor;
  readonly #clock: LiveClock;
  readonly #backoff: Backoff;
  readonly #subscriptions = new Map<number, SubscriptionState>();
  readonly #sequences = new Map<number, number>();
  readonly #stats = { frames: 0, updates: 0, bytes: 0, conflatedFrames: 0, reconnects: 0, gaps: 0, unknownRows: 0 };
  #nextId = 1;
  #socket: WebSocketLike | undefined;
  #status: LiveStatus = { state: 'idle', attempts: 0 };
  #hello: HelloMessage | undefined;
  #epoch: number | undefined;
  #opened = 0;
  #heardAtMs = NaN;
  #retryAfterMs = 0;
  #cancelRetry: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;
  #outbox: Outbox | undefined;
  #waiting: { resolve: () => void; reject: (error: LiveError) => void }[] = [];

  /** @throws LiveError `invalid_option`. */
  constructor(options: LiveClientOptions) {
    const Constructor = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor | undefined);
    if (Constructor === undefined) {
      throw new LiveError(
        'invalid_option',
        'there is no global WebSocket here; give `WebSocket`, such as that of `ws`',
      );
    }
    if (!URL.canParse(options.url)) {
      throw new LiveError('invalid_option', `url is "${options.url}", expected one like ws://127.0.0.1:8080/live`);
    }
    this.#Socket = Constructor;
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#backoff = new Backoff(
      options.backoffInitialMs ?? 100,
      options.backoffMaxMs ?? 10_000,
      options.random ?? Math.random,
    );
    this.store = new SeriesStore(options.seriesCapacity ?? 1_000_000);
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** What the server said of itself on the current connection, or the last one. */
  get hello(): HelloMessage | undefined {
    return this.#hello;
  }

  get stats(): LiveClientStats {
    return { ...this.#stats };
  }

  /** Milliseconds since anything arrived; undefined before. A quiet server sends a heartbeat each second. */
  get silenceMs(): number | undefined {
    return Number.isNaN(this.#heardAtMs) ? undefined : this.#clock.monotonic() - this.#heardAtMs;
  }

  /**
   * Connects and resolves with the server's first hello, however many attempts it takes.
   *
   * @throws LiveError `client_closed`, when `close` comes first.
   */
  connect(): Promise<void> {
    if (this.#status.state === 'open') return Promise.resolve();
    if (this.#status.state === 'closed') return Promise.reject(closedError());
    const opened = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    opened.catch(() => undefined);
    if (this.#status.state === 'idle') this.#dial();
    return opened;
  }

  /** Asks for series, now or as soon as there is a connection. */
  subscribe(filter: SubscriptionFilter): LiveSubscription {
    const state = new SubscriptionState(this.#nextId++, filter, (ended) => this.#unsubscribe(ended));
    if (this.#status.state === 'closed') {
      state.fail(closedError());
      return state;
    }
    this.#subscriptions.set(state.id, state);
    if (this.#status.state === 'open') this.#send({ type: 'subscribe', id: state.id, ...filter });
    return state;
  }

  /**
   * Asks the server for the latest values of all series of a metric and sums them, grouped by an attribute if wanted.
   * Without `field`, series of all fields are summed: name one for a histogram.
   *
   * @throws LiveError the server's refusal, or `client_closed`.
   */
  async total(
    name: string,
    options: Pick<SubscriptionFilter, 'attributes'> & { readonly groupBy?: string; readonly field?: SeriesField } = {},
  ): Promise<LiveTotal> {
    const filter: SubscriptionFilter = {
      names: [name],
      ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
      ...(options.field === undefined ? {} : { fields: [options.field] }),
    };
    const subscription = this.subscribe(filter);
    try {
      await subscription.ready;
      return totalOf(this.store, compileFilter(filter), options.groupBy);
    } finally {
      subscription.unsubscribe();
    }
  }

  /** Disconnects for good. Idempotent. */
  close(): void {
    if (this.#status.state === 'closed') return;
    this.#dropSocket();
    this.#cancelRetry?.();
    for (const subscription of this.#subscriptions.values()) subscription.fail(closedError());
    this.#subscriptions.clear();
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    this.#setStatus({ state: 'closed', attempts: 0 });
  }

  #dial(): void {
    this.#setStatus({ state: 'connecting', attempts: this.#backoff.attempts });
    this.#retryAfterMs = 0;
    this.#heardAtMs = this.#clock.monotonic();
    let socket: WebSocketLike;
    try {
      socket = new this.#Socket(this.#options.url, [SUBPROTOCOL]);
    } catch (error) {
      this.#lost(connectionError(`cannot connect to ${this.#options.url}: ${(error as Error).message}`));
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (event: { data: unknown }) => this.#onMessage(event.data);
    // The close event follows and says more.
    socket.onerror = () => undefined;
    socket.onclose = (event: { code?: number; reason?: string }) => {
      const reason = event.reason === undefined || event.reason === '' ? '' : ` (${event.reason})`;
      this.#lost(connectionError(`connection to ${this.#options.url} ended with code ${event.code ?? '?'}${reason}`));
    };
    this.#watch(HELLO_WITHIN_MS);
  }

  #lost(error: LiveError | FrameError): void {
    this.#dropSocket();
    this.#options.onError?.(error);
    // The handler may have closed the client.
    if (this.#status.state !== 'closed') this.#retry(error.message);
  }

  #retry(reason: string): void {
    const retryInMs = this.#retryAfterMs + this.#backoff.next();
    this.#cancelRetry = this.#clock.after(retryInMs, () => this.#dial());
    this.#setStatus({ state: 'waiting', attempts: this.#backoff.attempts, retryInMs, reason });
  }

  /** Lets go of the socket at once: a half-open one may take minutes to close. */
  #dropSocket(): void {
    this.#cancelWatch?.();
    this.#outbox?.close();
    this.#outbox = undefined;
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    socket.onmessage = null;
    socket.onclose = null;
    socket.onerror = () => undefined;
    socket.close();
  }

  /** Checks for silence; one timer per interval rather than one per message. */
  #watch(limitMs: number): void {
    this.#cancelWatch?.();
    const left = limitMs - (this.#clock.monotonic() - this.#heardAtMs);
    this.#cancelWatch = this.#clock.after(Math.max(1, left), () => {
      const silence = this.#clock.monotonic() - this.#heardAtMs;
      if (silence < limitMs) this.#watch(limitMs);
      else {
        const text = `nothing heard from ${this.#options.url} for ${Math.round(silence)} ms`;
        this.#lost(new LiveError('heartbeat_lost', text));
      }
    });
  }

  #onMessage(data: unknown): void {
    this.#heardAtMs = this.#clock.monotonic();
    try {
      if (typeof data === 'string') this.#onText(data);
      else this.#onFrame(decodeFrame(data as ArrayBuffer), (data as ArrayBuffer).byteLength);
    } catch (error) {
      // What the caller's own callbacks throw is not ours to swallow.
      if (!(error instanceof FrameError) && !(error instanceof LiveError)) throw error;
      this.#lost(error);
    }
  }

  #onText(text: string): void {
    this.#stats.bytes += text.length;
    const message = parseServerMessage(text);
    if (message !== undefined) this.#handlers[message.type](message as never);
  }

  readonly #handlers: {
    readonly [T in ServerMessage['type']]: (message: Extract<ServerMessage, { type: T }>) => void;
  } = {
    hello: (message) => this.#onHello(message),
    heartbeat: () => undefined,
    unsubscribed: () => undefined,
    subscribed: (message) => {
      const state = this.#subscriptions.get(message.id);
      if (state === undefined) return;
      state.stream = message.stream;
      state.matched = message.matched;
      // A snapshot follows, on a stream that may be a new one under an old number.
      this.#sequences.delete(message.stream);
    },
    dictionary: (message) => {
      const fresh = this.store.define(message.entries);
      if (fresh === undefined) throw new LiveError('protocol_violation', 'a series id exceeds `seriesCapacity`');
      if (fresh.length > 0) this.#options.onDescriptors?.(fresh);
    },
    error: (message) => {
      const error = new LiveError(message.code, message.message, message.limit);
      if (message.id !== undefined) this.#refused(message.id, error);
      this.#options.onError?.(error);
    },
    goaway: (message) => {
      this.#retryAfterMs = message.retryAfterMs;
    },
  };

  #onHello(message: HelloMessage): void {
    if (message.protocol !== PROTOCOL_VERSION) {
      const text = `the server speaks protocol ${message.protocol}, this client ${PROTOCOL_VERSION}`;
      throw new LiveError('protocol_violation', text);
    }
    this.#hello = message;
    this.#sequences.clear();
    if (this.#opened > 0) this.#stats.reconnects += 1;
    this.#opened += 1;
    this.#backoff.reset();
    if (this.#epoch !== undefined && this.#epoch !== message.epoch) {
      this.store.reset();
      this.#options.onReset?.(message.epoch);
    }
    this.#epoch = message.epoch;
    this.#watch(this.#options.silenceMs ?? 3 * message.heartbeatMillis);
    const { messagesPerSecond, messageBurst } = message.limits;
    const socket = this.#socket;
    this.#outbox = new Outbox(messagesPerSecond, messageBurst, this.#clock, (text) => socket?.send(text));
    // Before anyone hears of it: a callback that subscribes now sends its own message.
    for (const { id, filter } of this.#subscriptions.values()) this.#send({ type: 'subscribe', id, ...filter });
    this.#setStatus({ state: 'open', epoch: message.epoch, attempts: 0 });
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #onFrame(frame: LiveFrame, bytes: number): void {
    if (frame.epoch !== this.#epoch) throw new LiveError('protocol_violation', `a frame is of epoch ${frame.epoch}`);
    const stats = this.#stats;
    stats.frames += 1;
    stats.updates += frame.count;
    stats.bytes += bytes;
    if (frame.conflated) stats.conflatedFrames += 1;
    this.#checkSequence(frame);
    stats.unknownRows += this.store.apply(frame);
    this.#options.onFrame?.(frame);
    if (!frame.final) return;
    for (const state of this.#subscriptions.values()) if (state.stream === frame.stream) state.complete();
  }

  #checkSequence(frame: LiveFrame): void {
    const last = this.#sequences.get(frame.stream);
    if (last !== undefined && frame.type === 'update' && !frame.conflated && frame.sequence !== last + 1) {
      this.#stats.gaps += 1;
      throw new LiveError(
        'protocol_violation',
        `frame ${frame.sequence} of stream ${frame.stream} follows frame ${last}`,
      );
    }
    this.#sequences.set(frame.stream, frame.sequence);
  }

  #refused(id: number, error: LiveError): void {
    const state = this.#subscriptions.get(id);
    this.#subscriptions.delete(id);
    state?.fail(error);
  }

  #unsubscribe(state: SubscriptionState): void {
    if (!this.#subscriptions.delete(state.id)) return;
    state.fail(new LiveError('client_closed', `subscription ${state.id} was ended before its snapshot arrived`));
    if (this.#status.state === 'open') this.#send({ type: 'unsubscribe', id: state.id });
  }

  #send(message: ClientMessage): void {
    this.#outbox?.push(JSON.stringify(message));
  }

  #setStatus(status: LiveStatus): void {
    this.#status = status;
    this.#options.onStatus?.(status);
  }
}

function connectionError(text: string): LiveError {
  return new LiveError('connection_failed', text);
}

function closedError(): LiveError {
  return new LiveError('client_closed', 'the client is closed');
}

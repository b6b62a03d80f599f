import { SYSTEM_CLOCK } from '../protocol/clock.ts';
import { decodeFrame } from '../protocol/decode-frame.ts';
import { LiveError } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/frame.ts';
import type { LiveFrame } from '../protocol/frame.ts';
import type { ClientMessage, HelloMessage, ServerMessage, SubscriptionFilter } from '../protocol/messages.ts';
import { compileFilter } from '../protocol/series-filter.ts';
import type { SeriesField } from '../protocol/series.ts';
import { Acks } from './acks.ts';
import { Link } from './link.ts';
import type { LiveClientOptions, LiveClientStats, LiveStatus } from './options.ts';
import { Listeners } from './listeners.ts';
import type { LiveEventHandler, LiveListener } from './listeners.ts';
import { parseServerMessage } from './parse-server-message.ts';
import { ReceivedStream } from './received-stream.ts';
import { SeriesStore } from './series-store.ts';
import { SubscriptionState } from './subscription.ts';
import type { LiveSubscribeOptions, LiveSubscription } from './subscription.ts';
import { totalOf } from './total.ts';
import type { LiveTotal } from './total.ts';

/**
 * Receives a live stream in Node and in browsers: keeps descriptors and latest values in a store, reconnects by
 * itself, and subscribes again after a cut: a conflated subscription with the latest values, a lossless one with what it
 * missed.
 */
export class LiveClient {
  /** Descriptors and latest values of everything subscribed to. */
  readonly store: SeriesStore;
  readonly #options: LiveClientOptions;
  readonly #link: Link;
  readonly #subscriptions = new Map<number, SubscriptionState>();
  readonly #streams = new Map<number, ReceivedStream>();
  /** That of the last frame, which most often is that of the next one. */
  #latestStream: ReceivedStream | undefined;
  readonly #stats = {
    frames: 0,
    updates: 0,
    bytes: 0,
    conflatedFrames: 0,
    reconnects: 0,
    gaps: 0,
    unknownRows: 0,
    events: 0,
    missedEvents: 0,
  };
  readonly #listeners = new Listeners();
  readonly #acks: Acks;
  readonly #waiting: { resolve: () => void; reject: (error: LiveError) => void }[] = [];
  #nextId = 1;
  #hello: HelloMessage | undefined;

  /** @throws LiveError `invalid_option`. */
  constructor(options: LiveClientOptions) {
    this.#options = options;
    this.#link = new Link(options, options.clock ?? SYSTEM_CLOCK, (data, wireBytes) =>
      this.#onMessage(data, wireBytes),
    );
    const { clock = SYSTEM_CLOCK, random = Math.random } = options;
    this.#acks = new Acks(clock, random, (bytes, streams) => this.#send({ type: 'ack', bytes, streams }));
    this.store = new SeriesStore(options.seriesCapacity ?? 1_000_000);
  }

  get status(): LiveStatus {
    return this.#link.status;
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
    return this.#link.silenceMs;
  }

  /**
   * Connects and resolves with the server's first hello, however many attempts it takes.
   *
   * @throws LiveError `client_closed`, when `close` comes first.
   */
  connect(): Promise<void> {
    const { state } = this.status;
    if (state === 'open') return Promise.resolve();
    if (state === 'closed') return Promise.reject(closedError());
    const opened = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    // A caller that does not wait gets no unhandled rejection when the client is closed first.
    opened.catch(() => undefined);
    if (state === 'idle') this.#link.dial();
    return opened;
  }

  /**
   * Asks for series, now or as soon as there is a connection. With `delivery: 'lossless'` every update is told once and
   * in order, also after cuts as long as the server's ring reaches; `onRecovery` says when it did not.
   */
  subscribe(filter: SubscriptionFilter, options: LiveSubscribeOptions = {}): LiveSubscription {
    const state = new SubscriptionState(this.#nextId++, filter, options, (ended) => this.#unsubscribe(ended));
    if (this.status.state === 'closed') {
      state.fail(closedError());
      return state;
    }
    this.#subscriptions.set(state.id, state);
    if (this.status.state === 'open') this.#send(state.message);
    return state;
  }

  /**
   * Calls back with each event of a topic, or of all topics that match a glob; first with the topic's retained last
   * event, if it has one. Goes on after cuts; `stats.missedEvents` counts what went by in between.
   */
  listen<Body = unknown>(topic: string, handler: LiveEventHandler<Body>): LiveListener {
    const listener = this.#listeners.add(topic, handler as LiveEventHandler, (ended) => {
      if (this.status.state === 'open') this.#send({ type: 'unlisten', topics: [ended] });
    });
    // Also when another one listens to the same: this one has not had the retained event.
    if (this.status.state === 'open') this.#send({ type: 'listen', topics: [topic] });
    return listener;
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
    if (this.status.state === 'closed') return;
    for (const subscription of this.#subscriptions.values()) subscription.fail(closedError());
    this.#subscriptions.clear();
    this.#listeners.clear();
    this.#acks.reset(Infinity);
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    this.#link.close();
  }

  #onMessage(data: string | ArrayBuffer | Uint8Array, wireBytes: number): void {
    this.#stats.bytes += wireBytes;
    if (typeof data !== 'string') {
      this.#onFrame(decodeFrame(data), wireBytes);
      return;
    }
    const message = parseServerMessage(data);
    if (message !== undefined) this.#handlers[message.type](message as never);
  }

  readonly #handlers: {
    readonly [T in ServerMessage['type']]: (message: Extract<ServerMessage, { type: T }>) => void;
  } = {
    hello: (message) => this.#onHello(message),
    heartbeat: () => undefined,
    unsubscribed: () => undefined,
    listening: () => undefined,
    event: ({ type: _type, ...event }) => {
      this.#stats.events += 1;
      this.#stats.missedEvents += this.#listeners.tell(event);
    },
    subscribed: (message) => {
      const state = this.#subscriptions.get(message.id);
      if (state === undefined) return;
      state.stream = message.stream;
      state.matched = message.matched;
      state.recovery = message.recovery;
      // A snapshot follows, on a stream that may be a new one under an old number; or else what comes after the last frame.
      const goesOn = message.recovery === 'replay';
      this.#streamOf(message.stream).sequence = goesOn ? (state.position?.sequence ?? 0) : undefined;
      if (message.recovery !== 'snapshot') this.#options.onRecovery?.(state, message.recovery);
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
    goaway: (message) => this.#link.retryAfter(message.retryAfterMs),
  };

  #onHello(message: HelloMessage): void {
    if (message.protocol !== PROTOCOL_VERSION) {
      const text = `the server speaks protocol ${message.protocol}, this client ${PROTOCOL_VERSION}`;
      throw new LiveError('protocol_violation', text);
    }
    const before = this.#hello;
    this.#hello = message;
    this.#streams.clear();
    this.#latestStream = undefined;
    this.#acks.reset(message.limits.unackedBytes);
    // What a connection that ended had confirmed: numbers of streams mean something else on this one.
    for (const state of this.#subscriptions.values()) state.stream = undefined;
    this.#link.greeted(message);
    if (before !== undefined) this.#stats.reconnects += 1;
    if (before !== undefined && before.epoch !== message.epoch) {
      this.store.reset();
      this.#listeners.reset();
      this.#options.onReset?.(message.epoch);
      // The callback may have closed the client.
      if (this.#link.status.state === 'closed') return;
    }
    // Before the status says open: a callback that subscribes then sends its own message.
    for (const { message: subscribe } of this.#subscriptions.values()) this.#send(subscribe);
    const { topics } = this.#listeners;
    const most = message.limits.topicsPerConnection;
    for (let from = 0; from < topics.length; from += most) {
      this.#send({ type: 'listen', topics: topics.slice(from, from + most) });
    }
    this.#link.open(message.epoch);
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #onFrame(frame: LiveFrame, wireBytes: number): void {
    if (frame.epoch !== this.#hello?.epoch) {
      throw new LiveError('protocol_violation', `a frame is of epoch ${frame.epoch}, hello said ${this.#hello?.epoch}`);
    }
    const stats = this.#stats;
    stats.frames += 1;
    stats.updates += frame.count;
    if (frame.conflated) stats.conflatedFrames += 1;
    const stream = this.#streamOf(frame.stream);
    this.#checkSequence(frame, stream.sequence);
    stream.sequence = frame.sequence;
    stats.unknownRows += this.store.apply(frame);
    this.#options.onFrame?.(frame);
    for (const state of this.#subscriptions.values()) if (state.stream === frame.stream) state.note(frame);
    this.#acks.received(stream, wireBytes);
  }

  #streamOf(number: number): ReceivedStream {
    if (this.#latestStream?.number === number) return this.#latestStream;
    let stream = this.#streams.get(number);
    if (stream === undefined) this.#streams.set(number, (stream = new ReceivedStream(number)));
    this.#latestStream = stream;
    return stream;
  }

  #checkSequence(frame: LiveFrame, last: number | undefined): void {
    if (last !== undefined && frame.type === 'update' && !frame.conflated && frame.sequence !== last + 1) {
      this.#stats.gaps += 1;
      const text = `frame ${frame.sequence} of stream ${frame.stream} follows frame ${last}`;
      throw new LiveError('protocol_violation', text);
    }
  }

  #refused(id: number, error: LiveError): void {
    const state = this.#subscriptions.get(id);
    this.#subscriptions.delete(id);
    state?.fail(error);
  }

  #unsubscribe(state: SubscriptionState): void {
    if (!this.#subscriptions.delete(state.id)) return;
    state.fail(new LiveError('client_closed', `subscription ${state.id} was ended before its snapshot arrived`));
    if (this.status.state === 'open') this.#send({ type: 'unsubscribe', id: state.id });
  }

  #send(message: ClientMessage): void {
    this.#link.send(JSON.stringify(message));
  }
}

function closedError(): LiveError {
  return new LiveError('client_closed', 'the client is closed');
}

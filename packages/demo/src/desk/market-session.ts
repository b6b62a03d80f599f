import { WebSocket } from 'ws';
import { DemoError, errorFrom } from '../errors.ts';
import type {
  BatchFrame,
  DoneFrame,
  EndFrame,
  ErrorFrame,
  HelloFrame,
  SliceFrame,
  WelcomeFrame,
  WireMessage,
  WireRequest,
} from '../exchange/protocol.ts';

/** Longest wait for an exchange to accept a connection. */
const CONNECT_TIMEOUT_MS = 10_000;
const NORMAL_CLOSE = 1000;

/** A message with what the connection knows about it. */
export interface Received {
  readonly exchange: string;
  readonly message: WireMessage;
  readonly bytes: number;
}

/** What a session tells its desk. */
export interface SessionListener {
  onConnect(exchange: string): void;
  /** `lost` when neither side meant to close. */
  onDisconnect(exchange: string, lost: boolean): void;
  /** A WebSocket message was decoded. */
  onDecoded(messages: number, seconds: number): void;
  /** All messages of a slice, in the order they were received; requests sent in here belong to it. */
  onSlice(messages: readonly Received[], timeMs: number, closing: boolean): void;
}

interface Link {
  readonly exchange: string;
  readonly socket: WebSocket;
  /** Messages of the slice under way. */
  messages: Received[];
  /** The last slice of which every batch has arrived. */
  completeSlice: number;
  sent: number;
}

/**
 * The desk's connections: one per exchange and one for the clock. A slice of market time is handled when all its
 * batches are there, its messages merged by receive time, and then answered with the number of requests it led to.
 */
export class MarketSession {
  readonly finished: Promise<void>;
  readonly welcome: WelcomeFrame;
  readonly hellos: HelloFrame[] = [];
  readonly #clock: WebSocket;
  readonly #url: string;
  readonly #links: Map<string, Link> = new Map();
  #listener: SessionListener | undefined;
  #slice: SliceFrame | undefined;
  #ended = false;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  private constructor(url: string, clock: WebSocket, welcome: WelcomeFrame) {
    this.#url = url;
    this.#clock = clock;
    this.welcome = welcome;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished.catch(() => undefined);
    clock.on('message', (data) => this.#onClockFrame(data as Buffer));
    clock.on('close', (_code, reason) => this.#fail(reason.toString()));
  }

  /** Connects the clock. @throws DemoError `exchange_unreachable` */
  static async connect(url: string): Promise<MarketSession> {
    const [clock, welcome] = await connect<WelcomeFrame>(`${url}/clock`);
    return new MarketSession(url, clock, welcome);
  }

  /** Connects every exchange; market time starts with {@link start}. @throws DemoError `exchange_unreachable` */
  async open(): Promise<void> {
    for (const exchange of this.welcome.exchanges) {
      const [socket, hello] = await connect<HelloFrame>(`${this.#url}/exchange/${exchange}`);
      const link: Link = { exchange, socket, messages: [], completeSlice: 0, sent: 0 };
      this.#links.set(exchange, link);
      this.hellos.push(hello);
      socket.on('message', (data) => this.#onBatch(link, data as Buffer));
      socket.on('close', (code) => this.#onClose(link, code));
    }
  }

  /** Starts market time; nothing was sent before. */
  start(listener: SessionListener): void {
    this.#listener = listener;
    for (const exchange of this.#links.keys()) listener.onConnect(exchange);
    this.#clock.send('{"e":"ready"}');
  }

  /** Sends a request of the slice being handled. */
  request(exchange: string, request: WireRequest): void {
    const link = this.#links.get(exchange);
    // An exchange that has closed has told the end of every order before.
    if (!link || link.socket.readyState !== WebSocket.OPEN) return;
    link.sent++;
    link.socket.send(JSON.stringify(request));
  }

  /** Asks the server to end; {@link finished} resolves when it has. */
  stop(): void {
    if (this.#clock.readyState === WebSocket.OPEN) this.#clock.send('{"e":"stop"}');
  }

  /** Closes every connection. */
  close(): void {
    this.#ended = true;
    for (const { socket } of this.#links.values()) socket.terminate();
    this.#clock.terminate();
    this.#resolve();
  }

  #onClockFrame(data: Buffer): void {
    const frame = JSON.parse(data.toString()) as SliceFrame | EndFrame | ErrorFrame;
    if (frame.e === 'error') {
      this.#ended = true;
      this.#reject(errorFrom(frame.code, frame.message));
      return;
    }
    if (frame.e === 'end') {
      this.#ended = true;
      this.#resolve();
      return;
    }
    this.#slice = frame;
    this.#handleWhenComplete();
  }

  #onBatch(link: Link, data: Buffer): void {
    const startMs = performance.now();
    const frame = JSON.parse(data.toString()) as BatchFrame;
    const { messages } = frame;
    const share = Math.floor(data.length / messages.length);
    // Exchange messages share a WebSocket message; the first carries what does not divide.
    let bytes = data.length - share * (messages.length - 1);
    for (const message of messages) {
      link.messages.push({ exchange: link.exchange, message, bytes });
      bytes = share;
    }
    if (frame.last) link.completeSlice = frame.slice;
    this.#listener?.onDecoded(messages.length, (performance.now() - startMs) / 1000);
    if (frame.last) this.#handleWhenComplete();
  }

  #handleWhenComplete(): void {
    const slice = this.#slice;
    if (!slice) return;
    const received: Received[][] = [];
    for (const exchange of slice.exchanges) {
      const link = this.#links.get(exchange);
      if (link && link.completeSlice < slice.slice) return;
      if (link) received.push(link.messages);
    }
    this.#slice = undefined;
    for (const exchange of slice.exchanges) {
      const link = this.#links.get(exchange);
      if (link) link.messages = [];
    }
    try {
      this.#listener?.onSlice(mergeByTime(received), slice.timeMs, slice.closing);
    } catch (error) {
      this.#ended = true;
      this.#reject(error as Error);
      return;
    }
    const requests: Record<string, number> = {};
    for (const link of this.#links.values()) {
      if (link.sent > 0) requests[link.exchange] = link.sent;
      link.sent = 0;
    }
    this.#clock.send(JSON.stringify({ e: 'done', slice: slice.slice, requests } satisfies DoneFrame));
  }

  #onClose(link: Link, code: number): void {
    this.#links.delete(link.exchange);
    const lost = code !== NORMAL_CLOSE && !this.#ended;
    this.#listener?.onDisconnect(link.exchange, lost);
    if (lost) this.#fail(`the connection to ${link.exchange} was closed with code ${code}`);
  }

  #fail(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    const why = reason === '' ? 'the connection was closed' : reason;
    this.#reject(new DemoError('exchange_lost', `desk: the exchange at ${this.#url} ended early: ${why}`));
  }
}

/** Connects and waits for the first frame. */
function connect<Frame>(url: string): Promise<[WebSocket, Frame]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: CONNECT_TIMEOUT_MS });
    const fail = (why: string, cause?: unknown): void =>
      reject(
        new DemoError('exchange_unreachable', `desk: cannot connect to the exchange at ${url}: ${why}`, { cause }),
      );
    socket.once('message', (data) => resolve([socket, JSON.parse((data as Buffer).toString()) as Frame]));
    socket.on('error', (error) => fail(error.message, error));
    socket.once('close', (_code, reason) => fail(reason.toString() || 'the connection was closed'));
  });
}

/** Merges lists that are each ordered by receive time; on a tie the exchange announced first comes first. */
function mergeByTime(lists: readonly Received[][]): readonly Received[] {
  if (lists.length === 1) return lists[0] ?? [];
  const merged = lists.flat();
  return merged.sort((a, b) => a.message.r - b.message.r);
}

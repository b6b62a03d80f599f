import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE_SLOW_CONSUMER } from '../protocol/close-codes.ts';
import { LiveError } from '../protocol/errors.ts';
import type { ServerMessage } from '../protocol/messages.ts';
import type { ResolvedOptions } from './options.ts';
import type { Grant } from './access/grant.ts';
import type { EncodedFrame } from './streams/encoded-frame.ts';
import { IdSet } from './streams/id-set.ts';
import type { ServerCounters } from './stats.ts';
import type { Consumer } from './streams/consumer.ts';
import { TokenBucket } from '../protocol/token-bucket.ts';

/** How a client wants its frames. */
export type FrameFormat = 'binary' | 'json';

/** One client: its socket, what it has subscribed to and which series it has been told about. */
export class Connection {
  readonly socket: WebSocket;
  /**
   * What `socket` writes to. Frames go there as whole messages that all clients share: without extensions `socket` writes
   * each of its own messages whole and at once, so that ours stand between two of them, and counts what waits here in
   * `bufferedAmount`. It costs four fifths of `socket.send` (bench/send.bench.js).
   */
  readonly #wire: Duplex;
  readonly format: FrameFormat;
  readonly grant: Grant;
  /** Address of the peer. */
  readonly address: string;
  readonly #bufferedLimit: number;
  readonly #unackedLimit: number;
  /** Payload bytes of all frames sent, and of those that the client says it has. */
  #frameBytes = 0;
  #ackedBytes: number | undefined;
  readonly #counters: ServerCounters;
  readonly #bucket: TokenBucket;
  readonly connectedAtMs: number;
  /** Monotonic time of the last sign of life. */
  heardAtMs: number;
  pingedAtMs: number;
  /** Series whose dictionary entries this client has. */
  readonly known: IdSet = new IdSet();
  readonly consumers: Map<number, Consumer> = new Map();
  /** Topics, or globs of them, that this client listens to. */
  readonly topics: Set<string> = new Set();
  everSubscribed = false;
  readonly #eventQueueLimit: number;
  #events: string[] = [];
  #eventBytes = 0;

  constructor(
    socket: WebSocket,
    wire: Duplex,
    format: FrameFormat,
    grant: Grant,
    address: string,
    options: ResolvedOptions,
    counters: ServerCounters,
  ) {
    const nowMs = options.clock.monotonic();
    this.socket = socket;
    this.#wire = wire;
    this.format = format;
    this.grant = grant;
    this.address = address;
    this.#bufferedLimit = options.limits.bufferedBytes;
    this.#unackedLimit = options.limits.unackedBytes;
    this.#eventQueueLimit = options.limits.eventQueueBytes;
    this.#counters = counters;
    this.#bucket = new TokenBucket(options.limits.messagesPerSecond, options.limits.messageBurst, nowMs);
    this.connectedAtMs = nowMs;
    this.heardAtMs = nowMs;
    this.pingedAtMs = nowMs;
  }

  /** Notes a sign of life; `false` when the client has sent too many messages. */
  heard(nowMs: number): boolean {
    this.heardAtMs = nowMs;
    return this.#bucket.take(nowMs);
  }

  /** Whether the socket takes no more. */
  get isClosing(): boolean {
    return this.socket.readyState !== this.socket.OPEN;
  }

  /**
   * Whether `bytes` more of frames may be handed to the socket. What a client that acknowledges frames has not
   * acknowledged counts: a browser takes from the network whatever its page does with it.
   */
  accepts(bytes: number): boolean {
    if (this.#ackedBytes !== undefined) {
      const unacked = this.#frameBytes - this.#ackedBytes;
      if (unacked > 0 && unacked + bytes > this.#unackedLimit) return false;
    }
    return this.acceptsText(bytes);
  }

  /**
   * Whether `bytes` more of text may be handed to the socket. What waits to be sent counts, and so does the new
   * payload: a limit checked only afterwards is exceeded by a frame. An empty buffer takes anything, or a frame above
   * the limit would wait for ever.
   */
  acceptsText(bytes: number): boolean {
    if (this.isClosing) return false;
    const buffered = this.socket.bufferedAmount;
    return buffered === 0 || buffered + bytes <= this.#bufferedLimit;
  }

  /** `accepts` for frames, in the form in which this client gets them. */
  acceptsAll(frames: readonly EncodedFrame[]): boolean {
    let bytes = 0;
    for (const frame of frames) bytes += this.format === 'json' ? frame.text.length : frame.bytes.byteLength;
    return this.accepts(bytes);
  }

  sendFrames(frames: readonly EncodedFrame[]): void {
    for (const frame of frames) this.#sendFrame(frame);
  }

  /** Notes what the client says it has received; more than was sent is as much as was sent. */
  acknowledge(bytes: number, streams: readonly (readonly [number, number])[]): void {
    this.#ackedBytes = Math.max(this.#ackedBytes ?? 0, Math.min(bytes, this.#frameBytes));
    const sequences = new Map(streams);
    for (const consumer of this.consumers.values()) {
      const sequence = sequences.get(consumer.stream.number);
      if (sequence !== undefined) consumer.acknowledged = Math.min(sequence, consumer.stream.sequence);
    }
  }

  #sendFrame(frame: EncodedFrame): void {
    // After the closing frame nothing may follow.
    if (this.isClosing) return;
    this.#counters.framesSent += 1;
    this.#counters.updatesSent += frame.rows;
    if (this.format === 'json') {
      const { text } = frame;
      this.#frameBytes += Buffer.byteLength(text);
      this.sendText(text);
      return;
    }
    this.#frameBytes += frame.bytes.byteLength;
    this.#counters.bytesSent += frame.bytes.byteLength;
    this.#wire.write(frame.message);
  }

  get hasWaitingEvents(): boolean {
    return this.#events.length > 0;
  }

  /**
   * Sends an event, or keeps it until the client reads again: an event is never left out. A client for which too much
   * waits is closed, so that it knows.
   */
  sendEvent(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#events.length === 0 && this.acceptsText(bytes)) {
      this.#counters.eventsSent += 1;
      this.sendText(text);
      return;
    }
    this.#events.push(text);
    this.#eventBytes += bytes;
    const limit = this.#eventQueueLimit;
    if (this.#eventBytes > limit) {
      this.closeSlow(`more than ${limit} bytes of events wait for this client; the connection is closed`, limit);
    }
  }

  /** Sends events that waited, as far as the client takes them. */
  flushEvents(): void {
    let sent = 0;
    for (const text of this.#events) {
      const bytes = Buffer.byteLength(text);
      if (!this.acceptsText(bytes)) break;
      this.#eventBytes -= bytes;
      this.#counters.eventsSent += 1;
      this.sendText(text);
      sent += 1;
    }
    if (sent > 0) this.#events = this.#events.slice(sent);
  }

  /** Closes a client that reads too slowly for what must not be left out. */
  closeSlow(message: string, limit: number): void {
    this.#events = [];
    this.#eventBytes = 0;
    this.topics.clear();
    this.refuse(new LiveError('slow_consumer', message, limit));
    this.socket.close(CLOSE_SLOW_CONSUMER, 'slow_consumer');
  }

  sendText(text: string): void {
    this.#counters.bytesSent += Buffer.byteLength(text);
    this.socket.send(text);
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  /** Counts a refusal and tells the client why. */
  refuse(error: LiveError, id?: number): void {
    this.#counters.reject(error.code);
    this.send({
      type: 'error',
      code: error.code as Extract<ServerMessage, { type: 'error' }>['code'],
      message: error.message,
      ...(id === undefined ? {} : { id }),
      ...(error.limit === undefined ? {} : { limit: error.limit }),
    });
  }
}

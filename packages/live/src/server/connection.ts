import type { WebSocket } from 'ws';
import { CLOSE_SLOW_CONSUMER } from '../protocol/close-codes.ts';
import { LiveError } from '../protocol/errors.ts';
import type { ServerMessage } from '../protocol/messages.ts';
import type { ResolvedOptions } from './options.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import { IdSet } from './id-set.ts';
import type { ServerCounters } from './stats.ts';
import type { Consumer } from './stream.ts';
import { TokenBucket } from '../protocol/token-bucket.ts';

const AS_BINARY = { binary: true, compress: false };

/** How a client wants its frames. */
export type FrameFormat = 'binary' | 'json';

/** One client: its socket, what it has subscribed to and which series it has been told about. */
export class Connection {
  readonly socket: WebSocket;
  readonly #format: FrameFormat;
  readonly #bufferedLimit: number;
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

  constructor(socket: WebSocket, format: FrameFormat, options: ResolvedOptions, counters: ServerCounters) {
    const nowMs = options.clock.monotonic();
    this.socket = socket;
    this.#format = format;
    this.#bufferedLimit = options.limits.bufferedBytes;
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

  /**
   * Whether `bytes` more may be handed to the socket. What waits to be sent counts, and so does the new payload: a
   * limit checked only afterwards is exceeded by a frame. An empty buffer takes anything, or a frame above the limit
   * would wait for ever.
   */
  accepts(bytes: number): boolean {
    const buffered = this.socket.bufferedAmount;
    return buffered === 0 || buffered + bytes <= this.#bufferedLimit;
  }

  sendFrame(frame: EncodedFrame): void {
    this.#counters.framesSent += 1;
    this.#counters.updatesSent += frame.rows;
    if (this.#format === 'json') {
      this.sendText(frame.text);
      return;
    }
    this.#counters.bytesSent += frame.bytes.byteLength;
    this.socket.send(frame.bytes, AS_BINARY);
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
    if (this.#events.length === 0 && this.accepts(bytes)) {
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
      if (!this.accepts(bytes)) break;
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

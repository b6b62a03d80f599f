import type { WebSocket } from 'ws';
import type { LiveError } from '../protocol/errors.ts';
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
  everSubscribed = false;

  constructor(socket: WebSocket, format: FrameFormat, options: ResolvedOptions, counters: ServerCounters) {
    const nowMs = options.clock.monotonic();
    this.socket = socket;
    this.#format = format;
    this.#bufferedLimit = options.limits.bufferedBytes;
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

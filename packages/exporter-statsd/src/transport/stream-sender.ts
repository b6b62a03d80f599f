import { connect, type Socket } from 'node:net';
import { checkedInteger, StatsdError } from '../errors.ts';
import type { Packet } from '../packer.ts';
import type { PacketSender, SendFailure, SenderStats } from './packet-sender.ts';
import { checkedQueueLimit, SenderQueue, type Waiting } from './sender-queue.ts';
import { errorCode, Trouble } from './trouble.ts';
import { turn, turns } from './turns.ts';

/** How packets are told apart in a stream: by line feeds, or by DogStatsD's four-byte little-endian length before each. */
export type StreamFraming = 'newline' | 'length';

/** Where to, how long to wait, and how much may wait. */
export interface StreamSenderOptions {
  /** Path of a Unix stream socket; instead of `host` and `port`. */
  readonly path?: string;
  /** Name or address of the server. Default `127.0.0.1`. */
  readonly host?: string;
  /** TCP port of the server. Default 8125. */
  readonly port?: number;
  /** Default `newline`. */
  readonly framing?: StreamFraming;
  /** Most bytes waiting to be sent; a packet beyond it is dropped and counted. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /** Longest wait for the connection, for the server to go on reading, and for its close. Default 5,000 ms. */
  readonly timeoutMillis?: number;
  /**
   * Wait for the server to close the connection, which says that it has read everything. Default true; false for a
   * server that does not close a connection the client has ended, then "sent" means handed to the kernel.
   */
  readonly confirm?: boolean;
  /** Called once when sending begins to fail, and again only after it has worked in between. */
  readonly onTrouble?: (error: StatsdError) => void;
}

const CHUNK_BYTES = 64 * 1024;

/** How far a flight got: all was written and confirmed, or why not and how many packets were not even begun. */
interface Landing {
  readonly failure: SendFailure | undefined;
  readonly begun: number;
  readonly cause?: unknown;
}

/**
 * Sends packets over TCP or a Unix stream socket. Each flush is a connection of its own: the sender ends it, and the
 * server's close is the acknowledgement that StatsD lacks. A kernel that closes a socket with unread bytes answers with a
 * reset instead, so a packet counts as sent only when the server has read it. Where that remains unknown (`unconfirmed`),
 * some of it may have arrived.
 */
export class StreamSender implements PacketSender {
  readonly refusals: number = 0;
  readonly #target: { readonly path: string } | { readonly host: string; readonly port: number };
  readonly #name: string;
  readonly #framing: StreamFraming;
  readonly #timeoutMillis: number;
  readonly #confirm: boolean;
  readonly #trouble: Trouble;
  readonly #queue: SenderQueue;
  #pumping = false;
  #closed = false;
  #idle: (() => void)[] = [];

  /** Opens nothing yet; throws `INVALID_OPTION` for an empty address, or a port, limit or time out of range. */
  constructor(options: StreamSenderOptions) {
    const { path, host = '127.0.0.1', port = 8125 } = options;
    if (path === '' || host === '') {
      throw new StatsdError(
        'INVALID_OPTION',
        'path or host is empty; a socket path, or a host name or address is needed',
      );
    }
    this.#target = path === undefined ? { host, port: checkedInteger('port', port, 1, 65_535) } : { path };
    this.#name = path ?? `${host}:${port}`;
    this.#framing = options.framing ?? 'newline';
    this.#timeoutMillis = checkedInteger('timeoutMillis', options.timeoutMillis ?? 5000, 1, 3_600_000);
    this.#confirm = options.confirm ?? true;
    this.#queue = new SenderQueue(checkedQueueLimit(options.queueLimitBytes));
    this.#trouble = new Trouble(options.onTrouble);
  }

  /** Queues one packet; `settled` is called exactly once, without a failure when the server has read it. */
  send(packet: Packet, settled: (failure: SendFailure | undefined) => void = (): void => {}): void {
    if (this.#queue.offer({ packet, settled }, this.#closed) && !this.#pumping) void this.#pump();
  }

  /** Resolves when nothing is waiting. Never rejects. */
  drained(): Promise<void> {
    if (!this.#pumping) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  recovered(): void {
    this.#trouble.recovered();
  }

  /** Counts since construction. */
  stats(): SenderStats {
    return this.#queue.stats();
  }

  /** Sends what waits, then ends. With `discard` what waits is dropped and counted as `closed`. Idempotent. */
  async close({ discard = false }: { readonly discard?: boolean } = {}): Promise<void> {
    this.#closed = true;
    if (discard) this.#queue.dropAll('closed');
    await this.drained();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    // A turn of grace: packets queued in the same turn travel in one connection.
    await turn();
    while (this.#queue.length > 0) {
      const flight = this.#queue.take(this.#queue.length);
      const { failure, begun, cause } = await this.#fly(flight);
      for (const [index, waiting] of flight.entries()) {
        if (failure === undefined) this.#queue.sent(waiting);
        else this.#queue.drop(waiting, failure === 'unconfirmed' && index >= begun ? 'send_failed' : failure);
      }
      if (failure === undefined) continue;
      this.#trouble.report(`the StatsD server at ${this.#name} did not take everything (${failure})`, cause);
      this.#queue.dropAll('send_failed');
    }
    this.#pumping = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #fly(flight: readonly Waiting[]): Promise<Landing> {
    const socket = connect({ ...this.#target, allowHalfOpen: true });
    const line = new Line(socket, this.#timeoutMillis);
    try {
      const unreached = await line.when('connect');
      if (unreached !== undefined) return { failure: connectFailure(unreached), begun: 0, cause: unreached };
      let begun = 0;
      while (begun < flight.length) {
        const frames: Buffer[] = [];
        for (let length = 0; length < CHUNK_BYTES && begun < flight.length; length += frames.at(-1)!.length) {
          frames.push(this.#frame(flight[begun++]!.packet));
        }
        const cause = await line.write(Buffer.concat(frames));
        if (cause !== undefined) return { failure: 'unconfirmed', begun, cause };
      }
      // All is in the kernel. A server that went away before has left its close or reset in our queue by now.
      await turns();
      if (line.over) return { failure: 'unconfirmed', begun, cause: line.cause };
      socket.end();
      const cause = await line.when(this.#confirm ? 'end' : 'finish');
      return { failure: cause === undefined ? undefined : 'unconfirmed', begun, cause };
    } finally {
      socket.destroy();
    }
  }

  #frame({ bytes }: Packet): Buffer {
    const isLength = this.#framing === 'length';
    const framed = Buffer.allocUnsafe(bytes.length + (isLength ? 4 : 1));
    bytes.copy(framed, isLength ? 4 : 0);
    if (isLength) framed.writeUInt32LE(bytes.length, 0);
    else framed[bytes.length] = 0x0a;
    return framed;
  }
}

/** A connection whose next event can be awaited, within the time allowed. */
class Line {
  readonly #socket: Socket;
  readonly #timeoutMillis: number;
  readonly #seen = new Set<string>();
  #wake: (() => void) | undefined;
  #unwritten = 0;
  /** Why the connection broke. */
  cause: unknown;

  constructor(socket: Socket, timeoutMillis: number) {
    this.#socket = socket;
    this.#timeoutMillis = timeoutMillis;
    for (const event of ['connect', 'finish', 'end', 'close']) socket.on(event, () => this.#saw(event));
    socket.on('error', (error) => {
      this.cause = error;
      this.#wake?.();
    });
    // A StatsD server answers nothing; what it says all the same is read, so that its end is seen.
    socket.resume();
  }

  /** The server has ended or broken the connection. */
  get over(): boolean {
    return this.cause !== undefined || this.#seen.has('end') || this.#seen.has('close');
  }

  /** Resolves with nothing once the event was seen, or with why it never will be. */
  when(event: string): Promise<unknown> {
    return this.#until(() => this.#seen.has(event));
  }

  /** Resolves with nothing once the kernel has the bytes, or with why it never will. */
  async write(bytes: Buffer): Promise<unknown> {
    if (this.over) return this.cause ?? new Error('the server ended the connection');
    this.#unwritten++;
    this.#socket.write(bytes, () => {
      this.#unwritten--;
      this.#wake?.();
    });
    return this.#until(() => this.#unwritten === 0);
  }

  async #until(done: () => boolean): Promise<unknown> {
    const late = setTimeout(() => {
      this.cause ??= new Error(`no progress within ${this.#timeoutMillis} ms`);
      this.#wake?.();
    }, this.#timeoutMillis);
    try {
      while (!done()) {
        if (this.cause !== undefined) return this.cause;
        if (this.#seen.has('close')) return new Error('the connection was closed');
        // oxlint-disable-next-line no-await-in-loop -- each turn waits for the next event
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      return this.cause;
    } finally {
      clearTimeout(late);
    }
  }

  #saw(event: string): void {
    this.#seen.add(event);
    this.#wake?.();
  }
}

function connectFailure(cause: unknown): SendFailure {
  const code = errorCode(cause);
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'refused';
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'resolve_failed' : 'send_failed';
}

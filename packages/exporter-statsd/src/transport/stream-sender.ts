import { connect } from 'node:net';
import { checkedInteger, StatsdError } from '../errors.ts';
import type { Packet } from '../packer.ts';
import { AwaitedConnection } from './awaited-connection.ts';
import type { SendFailure } from './packet-sender.ts';
import { QueuedSender, type QueueOptions } from './queued-sender.ts';
import type { Waiting } from './sender-queue.ts';
import { errorCode } from './trouble.ts';
import { turns } from './turns.ts';

/** How packets are told apart in a stream: by line feeds, or by DogStatsD's four-byte little-endian length before each. */
export type StreamFraming = 'newline' | 'length';

/** Where to, how long to wait, and how much may wait. */
export interface StreamSenderOptions extends QueueOptions {
  /** Path of a Unix stream socket; instead of `host` and `port`. */
  readonly path?: string;
  /** Name or address of the server. Default `127.0.0.1`. */
  readonly host?: string;
  /** TCP port of the server. Default 8125. */
  readonly port?: number;
  /** Default `newline`. */
  readonly framing?: StreamFraming;
  /** Longest wait for the connection, for the server to go on reading, and for its close. Default 5,000 ms. */
  readonly timeoutMillis?: number;
  /**
   * Wait for the server to close the connection, which says that it has read everything. Default true; false for a
   * server that does not close a connection the client has ended, then "sent" means handed to the kernel.
   */
  readonly confirm?: boolean;
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
export class StreamSender extends QueuedSender {
  readonly #target: { readonly path: string } | { readonly host: string; readonly port: number };
  readonly #name: string;
  readonly #framing: StreamFraming;
  readonly #timeoutMillis: number;
  readonly #confirm: boolean;

  /** Opens nothing yet; throws `INVALID_OPTION` for an empty address, or a port, limit or time out of range. */
  constructor(options: StreamSenderOptions) {
    super(options);
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
  }

  protected override async empty(): Promise<void> {
    const flight = this.queue.take(this.queue.length);
    const { failure, begun, cause } = await this.#fly(flight);
    for (const [index, waiting] of flight.entries()) {
      if (failure === undefined) this.queue.sent(waiting);
      else this.queue.drop(waiting, failure === 'unconfirmed' && index >= begun ? 'send_failed' : failure);
    }
    if (failure === undefined) return;
    this.trouble.report(`the StatsD server at ${this.#name} did not take everything (${failure})`, cause);
    this.queue.dropAll('send_failed');
  }

  async #fly(flight: readonly Waiting[]): Promise<Landing> {
    const socket = connect({ ...this.#target, allowHalfOpen: true });
    const line = new AwaitedConnection(socket, this.#timeoutMillis);
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

function connectFailure(cause: unknown): SendFailure {
  const code = errorCode(cause);
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'refused';
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'resolve_failed' : 'send_failed';
}

import { getSystemErrorMap } from 'node:util';
import { checkedInteger } from '../errors.ts';
import type { Packet } from '../packer.ts';
import type { SendFailure } from './packet-sender.ts';
import { QueuedSender, type QueueOptions } from './queued-sender.ts';
import type { Waiting } from './sender-queue.ts';
import { pause, turn } from './turns.ts';
import {
  checkedSocketPath,
  loadUnixDatagrams,
  type UnixDatagramConnect,
  type UnixDatagramSocket,
} from './unix-dgram-socket.ts';

/** Where to, how long to wait for a full server, and how much may wait. */
export interface UnixgramSenderOptions extends QueueOptions {
  /** Path of the server's Unix datagram socket. */
  readonly path: string;
  /** Longest wait for room in the server's socket buffer. Default 5,000 ms. */
  readonly timeoutMillis?: number;
}

const BURST_PACKETS = 16;
const FULL_PAUSE_MILLIS = 1;

/**
 * Sends datagrams to a Unix datagram socket on this host. Unlike UDP the kernel loses none: a server that is behind makes
 * the sender wait, and one that is gone refuses. "Sent" means that it is in the server's socket buffer.
 */
export class UnixgramSender extends QueuedSender {
  readonly #path: string;
  readonly #timeoutMillis: number;
  #loading: Promise<UnixDatagramConnect> | undefined;
  #socket: UnixDatagramSocket | undefined;

  /** Opens nothing yet; throws `INVALID_OPTION`. A missing `koffi` shows with the first packet, as `send_failed`. */
  constructor(options: UnixgramSenderOptions) {
    super(options);
    this.#path = checkedSocketPath(options.path);
    this.#timeoutMillis = checkedInteger('timeoutMillis', options.timeoutMillis ?? 5000, 1, 3_600_000);
  }

  protected override async empty(): Promise<void> {
    for (const waiting of this.queue.take(BURST_PACKETS)) {
      const failure = await this.#transmit(waiting);
      if (failure === undefined) this.queue.sent(waiting);
      else this.queue.drop(waiting, failure);
    }
    await turn();
  }

  protected override disconnect(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #transmit({ packet }: Waiting): Promise<SendFailure | undefined> {
    const giveUpAt = performance.now() + this.#timeoutMillis;
    let reconnected = false;
    for (;;) {
      const outcome = await this.#attempt(packet);
      if (outcome === 'sent') return undefined;
      if (outcome === 'full' && performance.now() < giveUpAt) {
        await pause(FULL_PAUSE_MILLIS);
        continue;
      }
      const wasConnected = this.#socket !== undefined;
      this.disconnect();
      // A server that was restarted has a new socket at the same path: none of this datagram has arrived, so it may go there.
      if (outcome === 'refused' && wasConnected && !reconnected) {
        reconnected = true;
        continue;
      }
      const reason = typeof outcome === 'string' ? outcome : nameOf(outcome.errno);
      this.trouble.report(`the StatsD server at ${this.#path} does not take datagrams (${reason})`, undefined);
      return outcome === 'refused' ? 'refused' : 'send_failed';
    }
  }

  async #attempt(packet: Packet): Promise<ReturnType<UnixDatagramSocket['send']>> {
    if (this.#socket === undefined) {
      let open: UnixDatagramConnect;
      try {
        open = await (this.#loading ??= loadUnixDatagrams());
      } catch (error) {
        this.trouble.report((error as Error).message, error);
        return { errno: 0 };
      }
      const socket = open(this.#path);
      if (typeof socket === 'string' || 'errno' in socket) return socket;
      this.#socket = socket;
    }
    return this.#socket.send(packet.bytes);
  }
}

function nameOf(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? `errno ${errno}`;
}

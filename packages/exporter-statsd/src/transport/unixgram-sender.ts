import { getSystemErrorMap } from 'node:util';
import { checkedInteger, type StatsdError } from '../errors.ts';
import type { Packet } from '../packer.ts';
import type { PacketSender, SendFailure, SenderStats } from './packet-sender.ts';
import { checkedQueueLimit, SenderQueue, type Waiting } from './sender-queue.ts';
import { Trouble } from './trouble.ts';
import { pause, turn } from './turns.ts';
import {
  checkedSocketPath,
  loadUnixDatagrams,
  type UnixDatagramConnect,
  type UnixDatagramSocket,
} from './unix-dgram-socket.ts';

/** Where to, how long to wait for a full server, and how much may wait. */
export interface UnixgramSenderOptions {
  /** Path of the server's Unix datagram socket. */
  readonly path: string;
  /** Most bytes waiting to be sent; a datagram beyond it is dropped and counted. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /** Longest wait for room in the server's socket buffer. Default 5,000 ms. */
  readonly timeoutMillis?: number;
  /** Called once when sending begins to fail, and again only after it has worked in between. */
  readonly onTrouble?: (error: StatsdError) => void;
}

const BURST_PACKETS = 16;
const FULL_PAUSE_MILLIS = 1;

/**
 * Sends datagrams to a Unix datagram socket on this host. Unlike UDP the kernel loses none: a server that is behind makes
 * the sender wait, and one that is gone refuses. "Sent" means that it is in the server's socket buffer.
 */
export class UnixgramSender implements PacketSender {
  readonly refusals: number = 0;
  readonly #path: string;
  readonly #timeoutMillis: number;
  readonly #trouble: Trouble;
  readonly #queue: SenderQueue;
  #loading: Promise<UnixDatagramConnect> | undefined;
  #socket: UnixDatagramSocket | undefined;
  #pumping = false;
  #closed = false;
  #idle: (() => void)[] = [];

  /** Opens nothing yet; throws `INVALID_OPTION`. A missing `koffi` shows with the first packet, as `send_failed`. */
  constructor(options: UnixgramSenderOptions) {
    this.#path = checkedSocketPath(options.path);
    this.#timeoutMillis = checkedInteger('timeoutMillis', options.timeoutMillis ?? 5000, 1, 3_600_000);
    this.#queue = new SenderQueue(checkedQueueLimit(options.queueLimitBytes));
    this.#trouble = new Trouble(options.onTrouble);
  }

  /** Queues one datagram; `settled` is called exactly once, without a failure when it is in the server's socket buffer. */
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

  /** Sends what waits, then closes the socket. With `discard` what waits is dropped and counted as `closed`. Idempotent. */
  async close({ discard = false }: { readonly discard?: boolean } = {}): Promise<void> {
    this.#closed = true;
    if (discard) this.#queue.dropAll('closed');
    await this.drained();
    this.#disconnect();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    await turn();
    while (this.#queue.length > 0) {
      for (const waiting of this.#queue.take(BURST_PACKETS)) {
        const failure = await this.#transmit(waiting);
        if (failure === undefined) this.#queue.sent(waiting);
        else this.#queue.drop(waiting, failure);
      }
      await turn();
    }
    this.#pumping = false;
    for (const resolve of this.#idle.splice(0)) resolve();
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
      this.#disconnect();
      // A server that was restarted has a new socket at the same path: none of this datagram has arrived, so it may go there.
      if (outcome === 'refused' && wasConnected && !reconnected) {
        reconnected = true;
        continue;
      }
      const reason = typeof outcome === 'string' ? outcome : nameOf(outcome.errno);
      this.#trouble.report(`the StatsD server at ${this.#path} does not take datagrams (${reason})`, undefined);
      return outcome === 'refused' ? 'refused' : 'send_failed';
    }
  }

  async #attempt(packet: Packet): Promise<ReturnType<UnixDatagramSocket['send']>> {
    if (this.#socket === undefined) {
      let open: UnixDatagramConnect;
      try {
        open = await (this.#loading ??= loadUnixDatagrams());
      } catch (error) {
        this.#trouble.report((error as Error).message, error);
        return { errno: 0 };
      }
      const socket = open(this.#path);
      if (typeof socket === 'string' || 'errno' in socket) return socket;
      this.#socket = socket;
    }
    return this.#socket.send(packet.bytes);
  }

  #disconnect(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }
}

function nameOf(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? `errno ${errno}`;
}

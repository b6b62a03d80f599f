import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { checkedInteger, StatsdError } from '../errors.ts';
import type { SenderStats } from './packet-sender.ts';
import { QueuedSender, type QueueOptions } from './queued-sender.ts';
import type { Waiting } from './sender-queue.ts';
import { errorCode } from './trouble.ts';
import { pause, turns } from './turns.ts';

/** Where to, how fast, and how much may wait. */
export interface UdpSenderOptions extends QueueOptions {
  /** Name or address of the server. Default `127.0.0.1`. */
  readonly host?: string;
  /** UDP port of the server. Default 8125. */
  readonly port?: number;
  /**
   * Datagrams per second, on average; default 2,000. A server that is busy for a moment reads from its socket buffer,
   * which by Linux's default holds only some 90 full datagrams: an unpaced flush of thousands would overrun it unseen.
   */
  readonly packetsPerSecond?: number;
}

/** Counts of a {@link UdpSender}. */
export type UdpSenderStats = SenderStats;

const BURST_PACKETS = 16;
const PACE_MILLIS = 4;
const RETRY_MILLIS = 1000;

/**
 * Sends datagrams to one server, in order and paced, from a bounded queue. "Sent" means handed to the kernel: UDP has no
 * acknowledgement. The socket is connected, so that on the same host an absent server is noticed.
 */
export class UdpSender extends QueuedSender {
  readonly #host: string;
  readonly #port: number;
  readonly #packetsPerSecond: number;
  #socket: Socket | undefined;
  #retryAtMillis = 0;
  #refusals = 0;

  /** Opens nothing yet; throws `INVALID_OPTION` for a port, limit or pace out of range. */
  constructor(options: UdpSenderOptions = {}) {
    super(options);
    this.#host = options.host ?? '127.0.0.1';
    if (this.#host === '') throw new StatsdError('INVALID_OPTION', 'host is empty; a host name or address is needed');
    this.#port = checkedInteger('port', options.port ?? 8125, 1, 65_535);
    this.#packetsPerSecond = checkedInteger('packetsPerSecond', options.packetsPerSecond ?? 2000, 1, 10_000_000);
  }

  /** How often the server's host has answered that nothing listens; grows only while it does. */
  override get refusals(): number {
    return this.#refusals;
  }

  protected override async empty(): Promise<void> {
    let tokens = BURST_PACKETS;
    let refilledAt = performance.now();
    while (this.queue.length > 0) {
      const socket = this.#socket ?? (await this.#connect());
      if (socket === undefined) {
        this.queue.dropAll('resolve_failed');
        break;
      }
      const burst = this.queue.take(Math.floor(tokens));
      tokens -= burst.length;
      await Promise.all(burst.map((waiting) => this.#transmit(socket, waiting)));
      if (this.queue.length > 0 && tokens < 1) {
        await pause(PACE_MILLIS);
        const now = performance.now();
        const burstLimit = Math.max(BURST_PACKETS, (this.#packetsPerSecond * PACE_MILLIS) / 1000);
        tokens = Math.min(burstLimit, tokens + ((now - refilledAt) * this.#packetsPerSecond) / 1000);
        refilledAt = now;
      }
    }
    // An answer "nothing listens here" to the last datagrams arrives with the next turns.
    await turns();
  }

  protected override disconnect(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.removeAllListeners('error');
    // A late error of a closing socket has nobody to tell.
    socket.on('error', () => {});
    socket.close();
  }

  async #connect(): Promise<Socket | undefined> {
    if (performance.now() < this.#retryAtMillis) return undefined;
    let socket: Socket | undefined;
    try {
      const { address, family } = await lookup(this.#host);
      socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4' });
      await connected(socket, this.#port, address);
      socket.on('error', (error) => this.#onSocketError(error));
      socket.unref();
      this.#socket = socket;
      return socket;
    } catch (error) {
      socket?.close();
      this.#retryAtMillis = performance.now() + RETRY_MILLIS;
      this.trouble.report(`StatsD server ${this.#host}:${this.#port} cannot be resolved or reached`, error);
      return undefined;
    }
  }

  #transmit(socket: Socket, waiting: Waiting): Promise<void> {
    return new Promise((resolve) => {
      socket.send(waiting.packet.bytes, (error) => {
        if (error) {
          this.#onSocketError(error);
          this.queue.drop(waiting, isRefusal(error) ? 'refused' : 'send_failed');
        } else {
          this.queue.sent(waiting);
        }
        resolve();
      });
    });
  }

  #onSocketError(error: Error): void {
    if (isRefusal(error)) {
      this.#refusals++;
      this.trouble.report(`nothing listens at the StatsD server ${this.#host}:${this.#port}`, error);
      return;
    }
    this.trouble.report(`sending to the StatsD server ${this.#host}:${this.#port} failed: ${error.message}`, error);
    // The address may have moved: the next datagram resolves the name anew.
    this.disconnect();
  }
}

function isRefusal(error: Error): boolean {
  return errorCode(error) === 'ECONNREFUSED';
}

function connected(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, address, () => {
      socket.removeListener('error', reject);
      resolve();
    });
  });
}

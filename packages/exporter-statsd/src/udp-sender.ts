import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { checkedInteger, StatsdError } from './errors.ts';
import { DEFAULT_MTU_BYTES, type Packet } from './packer.ts';

/** Where to, how fast, and how much may wait. */
export interface UdpSenderOptions {
  /** Name or address of the server. Default `127.0.0.1`. */
  readonly host?: string;
  /** UDP port of the server. Default 8125. */
  readonly port?: number;
  /** Most bytes waiting to be sent; a datagram beyond it is dropped and counted. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /**
   * Datagrams per second, on average; default 2,000. A server that is busy for a moment reads from its socket buffer,
   * which by Linux's default holds only some 90 full datagrams: an unpaced flush of thousands would overrun it unseen.
   */
  readonly packetsPerSecond?: number;
  /** Called once when sending begins to fail, and again only after it has worked in between. */
  readonly onTrouble?: (error: StatsdError) => void;
}

/** Why a datagram was not sent. `refused`: the server's host answered that nothing listens there. */
export type SendFailure = 'queue_full' | 'resolve_failed' | 'send_failed' | 'refused' | 'closed';

/** What a sender has done since it was made. Every packet offered is sent, waiting, or dropped with a cause. */
export interface UdpSenderStats {
  readonly packetsOffered: number;
  readonly packetsSent: number;
  readonly packetsWaiting: number;
  readonly bytesSent: number;
  readonly linesSent: number;
  readonly packetsDropped: Readonly<Record<SendFailure, number>>;
}

interface Waiting {
  readonly packet: Packet;
  readonly settled: (failure: SendFailure | undefined) => void;
}

const BURST_PACKETS = 16;
const PACE_MILLIS = 4;
const RETRY_MILLIS = 1000;

/**
 * Sends datagrams to one server, in order and paced, from a bounded queue. "Sent" means handed to the kernel: UDP has no
 * acknowledgement. The socket is connected, so that on the same host an absent server is noticed.
 */
export class UdpSender {
  readonly #host: string;
  readonly #port: number;
  readonly #queueLimitBytes: number;
  readonly #packetsPerSecond: number;
  readonly #onTrouble: (error: StatsdError) => void;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #inFlight = 0;
  #pumping = false;
  #socket: Socket | undefined;
  #retryAtMillis = 0;
  #refusals = 0;
  #troubled = false;
  #closed = false;
  #idle: (() => void)[] = [];
  #packetsOffered = 0;
  #packetsSent = 0;
  #bytesSent = 0;
  #linesSent = 0;
  readonly #packetsDropped: Record<SendFailure, number> = {
    queue_full: 0,
    resolve_failed: 0,
    send_failed: 0,
    refused: 0,
    closed: 0,
  };

  /** Opens nothing yet; throws `INVALID_OPTION` for a port, limit or pace out of range. */
  constructor(options: UdpSenderOptions = {}) {
    this.#host = options.host ?? '127.0.0.1';
    if (this.#host === '') throw new StatsdError('INVALID_OPTION', 'host is empty; a host name or address is needed');
    this.#port = checkedInteger('port', options.port ?? 8125, 1, 65_535);
    this.#queueLimitBytes = checkedInteger(
      'queueLimitBytes',
      options.queueLimitBytes ?? 8 * 1024 * 1024,
      DEFAULT_MTU_BYTES,
      2 ** 40,
    );
    this.#packetsPerSecond = checkedInteger('packetsPerSecond', options.packetsPerSecond ?? 2000, 1, 10_000_000);
    this.#onTrouble = options.onTrouble ?? ((): void => {});
  }

  /** How often the server's host has answered that nothing listens; grows only while it does. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Queues one datagram; `settled` is called exactly once, without a failure when the kernel has taken it. */
  send(packet: Packet, settled: (failure: SendFailure | undefined) => void = (): void => {}): void {
    this.#packetsOffered++;
    const waiting = { packet, settled };
    if (this.#closed) return this.#drop(waiting, 'closed');
    if (this.#queuedBytes + packet.bytes.length > this.#queueLimitBytes) return this.#drop(waiting, 'queue_full');
    this.#queue.push(waiting);
    this.#queuedBytes += packet.bytes.length;
    if (!this.#pumping) void this.#pump();
  }

  /** Resolves when nothing is waiting. Never rejects. */
  drained(): Promise<void> {
    if (!this.#pumping) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Counts since construction. */
  stats(): UdpSenderStats {
    return {
      packetsOffered: this.#packetsOffered,
      packetsSent: this.#packetsSent,
      packetsWaiting: this.#queue.length + this.#inFlight,
      bytesSent: this.#bytesSent,
      linesSent: this.#linesSent,
      packetsDropped: { ...this.#packetsDropped },
    };
  }

  /** Sends what waits, then closes the socket. With `discard` what waits is dropped and counted as `closed`. Idempotent. */
  async close({ discard = false }: { readonly discard?: boolean } = {}): Promise<void> {
    this.#closed = true;
    if (discard) this.#dropQueue('closed');
    await this.drained();
    this.#disconnect();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    // A turn of grace: packets queued in the same turn travel as one burst.
    await turn();
    let tokens = BURST_PACKETS;
    let refilledAt = performance.now();
    while (this.#queue.length > 0) {
      const socket = this.#socket ?? (await this.#connect());
      if (socket === undefined) {
        this.#dropQueue('resolve_failed');
        break;
      }
      const burst = this.#queue.splice(0, Math.floor(tokens));
      tokens -= burst.length;
      this.#inFlight = burst.length;
      await Promise.all(burst.map((waiting) => this.#transmit(socket, waiting)));
      this.#inFlight = 0;
      if (this.#queue.length > 0 && tokens < 1) {
        await pause(PACE_MILLIS);
        const now = performance.now();
        const burstLimit = Math.max(BURST_PACKETS, (this.#packetsPerSecond * PACE_MILLIS) / 1000);
        tokens = Math.min(burstLimit, tokens + ((now - refilledAt) * this.#packetsPerSecond) / 1000);
        refilledAt = now;
      }
    }
    // An answer "nothing listens here" to the last datagrams arrives with the next turns.
    await turn();
    await turn();
    this.#pumping = this.#queue.length > 0;
    if (this.#pumping) return this.#pump();
    for (const resolve of this.#idle.splice(0)) resolve();
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
      this.#trouble(`StatsD server ${this.#host}:${this.#port} cannot be resolved or reached`, error);
      return undefined;
    }
  }

  #transmit(socket: Socket, waiting: Waiting): Promise<void> {
    this.#queuedBytes -= waiting.packet.bytes.length;
    return new Promise((resolve) => {
      socket.send(waiting.packet.bytes, (error) => {
        if (error) {
          this.#onSocketError(error);
          this.#drop(waiting, isRefusal(error) ? 'refused' : 'send_failed');
        } else {
          this.#packetsSent++;
          this.#bytesSent += waiting.packet.bytes.length;
          this.#linesSent += waiting.packet.lineCount;
          waiting.settled(undefined);
        }
        resolve();
      });
    });
  }

  #onSocketError(error: Error): void {
    if (isRefusal(error)) {
      this.#refusals++;
      this.#trouble(`nothing listens at the StatsD server ${this.#host}:${this.#port}`, error);
      return;
    }
    this.#trouble(`sending to the StatsD server ${this.#host}:${this.#port} failed: ${error.message}`, error);
    // The address may have moved: the next datagram resolves the name anew.
    this.#disconnect();
  }

  #trouble(message: string, cause: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.#onTrouble(
      new StatsdError('SEND_FAILED', `${message}; what is not delivered is counted and, for counters, sent later`, {
        cause,
      }),
    );
  }

  /** Marks a delivery without trouble, so that the next trouble is reported again. */
  recovered(): void {
    this.#troubled = false;
  }

  #disconnect(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.removeAllListeners('error');
    // A late error of a closing socket has nobody to tell.
    socket.on('error', () => {});
    socket.close();
  }

  #drop(waiting: Waiting, failure: SendFailure): void {
    this.#packetsDropped[failure]++;
    waiting.settled(failure);
  }

  #dropQueue(failure: SendFailure): void {
    const dropped = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    for (const waiting of dropped) this.#drop(waiting, failure);
  }
}

function isRefusal(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
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

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}

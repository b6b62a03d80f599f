import { checkedInteger } from '../errors.ts';
import { DEFAULT_MTU_BYTES, type Packet } from '../packer.ts';
import type { SendFailure, SenderStats } from './packet-sender.ts';

/** A packet that waits, and whom to tell what became of it. */
export interface Waiting {
  readonly packet: Packet;
  readonly settled: (failure: SendFailure | undefined) => void;
}

/** The bounded queue of a sender with its account: offered = sent + waiting + dropped, at any moment. */
export class SenderQueue {
  readonly #limitBytes: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #inFlight = 0;
  #offered = 0;
  #sent = 0;
  #bytesSent = 0;
  #linesSent = 0;
  readonly #dropped: Record<SendFailure, number> = {
    queue_full: 0,
    resolve_failed: 0,
    send_failed: 0,
    refused: 0,
    unconfirmed: 0,
    closed: 0,
  };

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Packets that wait, those in flight not included. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Takes a packet, or drops it when `closed` or when the queue would exceed its limit. */
  offer(waiting: Waiting, closed: boolean): boolean {
    this.#offered++;
    if (closed) return this.#refuse(waiting, 'closed');
    if (this.#waitingBytes + waiting.packet.bytes.length > this.#limitBytes) return this.#refuse(waiting, 'queue_full');
    this.#waiting.push(waiting);
    this.#waitingBytes += waiting.packet.bytes.length;
    return true;
  }

  /** Moves up to `count` packets, the oldest first, in flight; each must be settled by {@link sent} or {@link drop}. */
  take(count: number): Waiting[] {
    const taken = this.#waiting.splice(0, count);
    for (const { packet } of taken) this.#waitingBytes -= packet.bytes.length;
    this.#inFlight += taken.length;
    return taken;
  }

  /** Settles a packet in flight as delivered. */
  sent({ packet, settled }: Waiting): void {
    this.#inFlight--;
    this.#sent++;
    this.#bytesSent += packet.bytes.length;
    this.#linesSent += packet.lineCount;
    settled(undefined);
  }

  /** Settles a packet in flight as not delivered. */
  drop(waiting: Waiting, failure: SendFailure): void {
    this.#inFlight--;
    this.#refuse(waiting, failure);
  }

  /** Drops everything that waits. */
  dropAll(failure: SendFailure): void {
    for (const waiting of this.take(this.#waiting.length)) this.drop(waiting, failure);
  }

  stats(): SenderStats {
    return {
      packetsOffered: this.#offered,
      packetsSent: this.#sent,
      packetsWaiting: this.#waiting.length + this.#inFlight,
      bytesSent: this.#bytesSent,
      linesSent: this.#linesSent,
      packetsDropped: { ...this.#dropped },
    };
  }

  #refuse({ settled }: Waiting, failure: SendFailure): false {
    this.#dropped[failure]++;
    settled(failure);
    return false;
  }
}

/** Most bytes a sender may hold; throws `INVALID_OPTION` below one datagram of the default size. Default 8 MiB. */
export function checkedQueueLimit(queueLimitBytes: number = 8 * 1024 * 1024): number {
  return checkedInteger('queueLimitBytes', queueLimitBytes, DEFAULT_MTU_BYTES, 2 ** 40);
}

import type { Packet } from '../packer.ts';

/**
 * Why a datagram was not sent. `refused`: nothing listens there. `unconfirmed`: the connection ended before the server
 * said that it has read everything; some of it may have arrived.
 */
export type SendFailure = 'queue_full' | 'resolve_failed' | 'send_failed' | 'refused' | 'unconfirmed' | 'closed';

/** What a sender has done since it was made. Every packet offered is sent, waiting, or dropped with a cause. */
export interface SenderStats {
  readonly packetsOffered: number;
  readonly packetsSent: number;
  readonly packetsWaiting: number;
  readonly bytesSent: number;
  readonly linesSent: number;
  readonly packetsDropped: Readonly<Record<SendFailure, number>>;
}

/** Sends packets of lines to one server, in order, from a bounded queue. */
export interface PacketSender {
  /**
   * How often the server's host has answered that nothing listens, where such an answer cannot be told from which packet
   * it comes (UDP); 0 for transports that know.
   */
  readonly refusals: number;
  /** Queues one packet; `settled` is called exactly once, without a failure when it was delivered as far as the transport can know. */
  send(packet: Packet, settled?: (failure: SendFailure | undefined) => void): void;
  /** Resolves when nothing is waiting. Never rejects. */
  drained(): Promise<void>;
  /** Marks a delivery without trouble, so that the next trouble is reported again. */
  recovered(): void;
  /** Counts since construction. */
  stats(): SenderStats;
  /** Sends what waits, then closes. With `discard` what waits is dropped and counted as `closed`. Idempotent. */
  close(options?: { readonly discard?: boolean }): Promise<void>;
}

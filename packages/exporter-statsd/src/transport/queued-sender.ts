import type { StatsdError } from '../errors.ts';
import type { Packet } from '../packer.ts';
import type { PacketSender, SendFailure, SenderStats } from './packet-sender.ts';
import { checkedQueueLimit, SenderQueue } from './sender-queue.ts';
import { Trouble } from './trouble.ts';
import { turn } from './turns.ts';

/** What all transports are told. */
export interface QueueOptions {
  /** Most bytes waiting to be sent; a packet beyond it is dropped and counted. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /** Called once when sending begins to fail, and again only after it has worked in between. */
  readonly onTrouble?: (error: StatsdError) => void;
}

/** A bounded queue that one loop at a time empties; how it is emptied, and over what, is the transport's. */
export abstract class QueuedSender implements PacketSender {
  protected readonly queue: SenderQueue;
  protected readonly trouble: Trouble;
  #isPumping = false;
  #isClosed = false;
  #idle: (() => void)[] = [];

  /** @throws StatsdError `INVALID_OPTION`. */
  constructor({ queueLimitBytes, onTrouble }: QueueOptions) {
    this.queue = new SenderQueue(checkedQueueLimit(queueLimitBytes));
    this.trouble = new Trouble(onTrouble);
  }

  get refusals(): number {
    return 0;
  }

  send(packet: Packet, settled: (failure: SendFailure | undefined) => void = (): void => {}): void {
    if (this.queue.offer({ packet, settled }, this.#isClosed) && !this.#isPumping) void this.#pump();
  }

  drained(): Promise<void> {
    if (!this.#isPumping) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  recovered(): void {
    this.trouble.recovered();
  }

  stats(): SenderStats {
    return this.queue.stats();
  }

  async close({ discard = false }: { readonly discard?: boolean } = {}): Promise<void> {
    this.#isClosed = true;
    if (discard) this.queue.dropAll('closed');
    await this.drained();
    this.disconnect();
  }

  /** Settles what is in the queue, or some of it: it is called again while there is more. Never rejects. */
  protected abstract empty(): Promise<void>;

  /** Lets go of what is open; idempotent. */
  protected disconnect(): void {}

  async #pump(): Promise<void> {
    this.#isPumping = true;
    // A turn of grace: packets queued in the same turn travel together.
    await turn();
    while (this.queue.length > 0) await this.empty();
    this.#isPumping = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

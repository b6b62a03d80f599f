import type { LiveClock } from '../protocol/clock.ts';
import { TokenBucket } from '../protocol/token-bucket.ts';

/** Sends messages in order and no faster than the server allows: a client with many subscriptions makes them all again after a cut. */
export class Outbox {
  readonly #clock: LiveClock;
  readonly #send: (text: string) => void;
  readonly #queue: string[] = [];
  readonly #bucket: TokenBucket;
  readonly #pauseMs: number;
  #cancel: (() => void) | undefined;

  /** Stays a little below `perSecond` and `burst`, as the two clocks differ. */
  constructor(perSecond: number, burst: number, clock: LiveClock, send: (text: string) => void) {
    this.#clock = clock;
    this.#send = send;
    this.#bucket = new TokenBucket(0.8 * perSecond, Math.max(1, Math.floor(0.8 * burst)), clock.monotonic());
    this.#pauseMs = 1_250 / perSecond;
  }

  push(text: string): void {
    this.#queue.push(text);
    if (this.#cancel === undefined) this.#pump();
  }

  /** Drops what is queued. */
  close(): void {
    this.#queue.length = 0;
    this.#cancel?.();
  }

  #pump(): void {
    this.#cancel = undefined;
    while (this.#queue.length > 0) {
      if (!this.#bucket.take(this.#clock.monotonic())) {
        this.#cancel = this.#clock.after(this.#pauseMs, () => this.#pump());
        return;
      }
      this.#send(this.#queue.shift()!);
    }
  }
}

import type { LiveClock } from '../protocol/clock.ts';
import type { ReceivedStream } from './received-stream.ts';

/**
 * An acknowledgement goes out this long after the frame that needs it at the latest, and not before half of it: clients that get
 * the same frames would all acknowledge them in the same millisecond.
 */
const ACK_WITHIN_MS = 1_000;
/** After so many frames, or a quarter of what the server sends unacknowledged, it goes out at once, */
const ACK_FRAMES = 256;
/** but never sooner after the last one: acknowledgements are messages, and those have a rate. */
const ACK_SPACING_MS = 100;

/**
 * Tells the server what has been received and worked off. A browser takes from the network whatever its page does with
 * it, so only this tells the server that a page has fallen behind.
 */
export class Acks {
  readonly #clock: LiveClock;
  readonly #random: () => number;
  readonly #send: (bytes: number, streams: (readonly [number, number])[]) => void;
  #unacked: ReceivedStream[] = [];
  #bytes = 0;
  #frames = 0;
  #ackedBytes = 0;
  #bytesPerAck = Infinity;
  #sentAtMs = -Infinity;
  #cancel: (() => void) | undefined;
  /** Whether the timer is that of the spacing. */
  #soon = false;

  /** `random` is uniform in [0, 1). */
  constructor(
    clock: LiveClock,
    random: () => number,
    send: (bytes: number, streams: (readonly [number, number])[]) => void,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#send = send;
  }

  /** The last frame of a stream has been worked off; it had so many bytes. */
  received(stream: ReceivedStream, bytes: number): void {
    if (!stream.isUnacked) {
      stream.isUnacked = true;
      this.#unacked.push(stream);
    }
    this.#bytes += bytes;
    this.#frames += 1;
    const much = this.#frames >= ACK_FRAMES || this.#bytes - this.#ackedBytes >= this.#bytesPerAck;
    // The usual frame needs no clock.
    if (!much) {
      if (this.#cancel === undefined) this.#arm(ACK_WITHIN_MS * (1 - this.#random() / 2), false);
      return;
    }
    const sinceMs = this.#clock.monotonic() - this.#sentAtMs;
    if (sinceMs >= ACK_SPACING_MS) this.#flush();
    else if (!this.#soon) this.#arm(ACK_SPACING_MS - sinceMs, true);
  }

  /** Begins anew: the next connection counts from zero. The server sends `unackedBytes` beyond what is acknowledged. */
  reset(unackedBytes: number): void {
    this.#bytesPerAck = unackedBytes / 4;
    this.#ackedBytes = 0;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#soon = false;
    this.#takeUnacked();
    this.#bytes = 0;
    this.#frames = 0;
    this.#sentAtMs = -Infinity;
  }

  #arm(delayMs: number, soon: boolean): void {
    this.#cancel?.();
    this.#soon = soon;
    this.#cancel = this.#clock.after(delayMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#soon = false;
    this.#frames = 0;
    this.#ackedBytes = this.#bytes;
    this.#sentAtMs = this.#clock.monotonic();
    const streams = this.#takeUnacked().flatMap(({ number, sequence }): (readonly [number, number])[] =>
      sequence === undefined ? [] : [[number, sequence]],
    );
    this.#send(this.#bytes, streams);
  }

  #takeUnacked(): readonly ReceivedStream[] {
    const streams = this.#unacked;
    this.#unacked = [];
    for (const stream of streams) stream.isUnacked = false;
    return streams;
  }
}

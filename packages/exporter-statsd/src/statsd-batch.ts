import type { DeltaStore } from './delta-store.ts';
import type { LineFrame } from './dialect.ts';
import { formatNumber } from './number-format.ts';
import { LinePacker, type Packet } from './packer.ts';
import type { SendFailure, UdpSender } from './udp-sender.ts';

/** What became of one value: `line_too_long` when it exceeds the MTU, `non_finite` for NaN and ±Infinity, `unchanged` when there was nothing to send. */
export type LineOutcome = 'packed' | 'unchanged' | 'line_too_long' | 'non_finite';

/** What became of a batch. */
export interface BatchResult {
  readonly linesSent: number;
  /** Lines of datagrams that were not delivered; their counters are rolled back, so the next batch carries them. */
  readonly linesFailed: number;
  readonly failure: SendFailure | undefined;
}

interface Part {
  readonly packet: Packet;
  readonly journalEnd: number;
  readonly firstOwner: number;
  readonly lastOwner: number;
  failure: SendFailure | undefined;
}

/**
 * One flush: lines of many series, packed into datagrams and sent. Counters take their increment from a
 * {@link DeltaStore}; what a failed datagram carried is rolled back there. One batch at a time per store: rolling back is
 * exact only while no later increment of the same series is on its way.
 */
export class StatsdBatch {
  readonly #store: DeltaStore;
  readonly #sender: UdpSender;
  readonly #packer: LinePacker;
  readonly #parts: Part[] = [];
  readonly #journalSlots: number[] = [];
  readonly #journalSent: number[] = [];
  #owner = 0;
  // Owners of the lines in the datagram being packed; -1 while it is empty.
  #firstOwner = -1;
  #lastOwner = -1;

  constructor(store: DeltaStore, sender: UdpSender, mtuBytes: number) {
    this.#store = store;
    this.#sender = sender;
    this.#packer = new LinePacker(mtuBytes, (packet) => {
      this.#parts.push({
        packet,
        journalEnd: this.#journalSlots.length,
        firstOwner: this.#firstOwner,
        lastOwner: this.#lastOwner,
        failure: undefined,
      });
      this.#firstOwner = -1;
    });
  }

  /** Names the owner of the lines that follow; owners must ascend from 0. `send` reports failures by owner. */
  own(owner: number): void {
    this.#owner = owner;
  }

  /** Adds the increment of a cumulative value; sends nothing when it is zero. See {@link DeltaStore.advance}. */
  counter(
    frame: LineFrame,
    slot: number,
    startSeconds: number,
    startNanos: number,
    cumulative: number,
    decreaseIsReset: boolean = true,
  ): LineOutcome {
    if (!Number.isFinite(cumulative)) return 'non_finite';
    const sent = this.#store.sent(slot);
    const delta = this.#store.advance(slot, startSeconds, startNanos, cumulative, decreaseIsReset);
    if (delta === 0) return 'unchanged';
    if (Number.isFinite(delta) && this.#pack(`${frame.head}:${formatNumber(delta)}|c${frame.tail}`, 1)) {
      this.#journalSlots.push(slot);
      this.#journalSent.push(sent);
      return 'packed';
    }
    this.#store.rollback(slot, sent);
    return Number.isFinite(delta) ? 'line_too_long' : 'non_finite';
  }

  /**
   * Adds an absolute gauge. A signed gauge value means "change by" to most servers, so a negative one is preceded by a
   * zero, in the same datagram.
   */
  gauge(frame: LineFrame, value: number): LineOutcome {
    if (!Number.isFinite(value)) return 'non_finite';
    const line = `${frame.head}:${formatNumber(value)}|g${frame.tail}`;
    const packed = value < 0 ? this.#pack(`${frame.head}:0|g${frame.tail}\n${line}`, 2) : this.#pack(line, 1);
    return packed ? 'packed' : 'line_too_long';
  }

  /** Sends everything and resolves when the kernel has it; `onFailedOwner` is called for each owner with an undelivered line. Never rejects. */
  async send(onFailedOwner: (owner: number) => void = (): void => {}): Promise<BatchResult> {
    this.#packer.flush();
    const refusals = this.#sender.refusals;
    await Promise.all(
      this.#parts.map(
        (part) =>
          new Promise<void>((resolve) => {
            this.#sender.send(part.packet, (failure) => {
              part.failure = failure;
              resolve();
            });
          }),
      ),
    );
    await this.#sender.drained();
    // "Nothing listens" tells of some earlier datagram, not which: a server that is down has kept none of this batch.
    const refused = this.#sender.refusals !== refusals;
    return this.#settle(refused, onFailedOwner);
  }

  #pack(text: string, lineCount: number): boolean {
    if (!this.#packer.add(text, lineCount)) return false;
    if (this.#firstOwner < 0) this.#firstOwner = this.#owner;
    this.#lastOwner = this.#owner;
    return true;
  }

  #settle(refused: boolean, onFailedOwner: (owner: number) => void): BatchResult {
    let linesSent = 0;
    let linesFailed = 0;
    let failure: SendFailure | undefined;
    let journal = 0;
    let reported = -1;
    for (const part of this.#parts) {
      const failed = refused ? 'refused' : part.failure;
      if (failed === undefined) {
        linesSent += part.packet.lineCount;
      } else {
        failure = failed;
        linesFailed += part.packet.lineCount;
        for (let index = journal; index < part.journalEnd; index++) {
          this.#store.rollback(this.#journalSlots[index]!, this.#journalSent[index]!);
        }
        for (let owner = Math.max(reported + 1, part.firstOwner); owner <= part.lastOwner; owner++)
          onFailedOwner(owner);
        reported = part.lastOwner;
      }
      journal = part.journalEnd;
    }
    if (failure === undefined && this.#parts.length > 0) this.#sender.recovered();
    return { linesSent, linesFailed, failure };
  }
}

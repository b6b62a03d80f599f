import type { DeltaStore } from './delta-store.ts';
import type { LineFrame } from './dialect.ts';
import { formatNumber } from './number-format.ts';
import { LinePacker, type Packet } from './packer.ts';
import type { PacketSender, SendFailure } from './transport/packet-sender.ts';

/** What became of one value: `line_too_long` when it exceeds the MTU, `non_finite` for NaN and ±Infinity, `unchanged` when there was nothing to send. */
export type LineOutcome = 'packed' | 'unchanged' | 'line_too_long' | 'non_finite';

/** What became of a batch. */
export interface BatchResult {
  readonly linesSent: number;
  /** Lines of datagrams that were not delivered; by the policy they are rolled back, so that the next batch carries them, or lost. */
  readonly linesFailed: number;
  readonly failure: SendFailure | undefined;
}

/** What becomes of what was not delivered. */
export interface BatchPolicy {
  /**
   * `summarise`: it is rolled back, so the next batch carries it in the same lines. `drop`: it is lost, the server sees
   * a gap instead of a burst. Default `summarise`.
   */
  readonly backlog?: 'summarise' | 'drop';
  /**
   * The same for what may have arrived (`unconfirmed`): `drop` may count too little, `resend` may count twice. Default
   * `drop`, because what is dropped can be named.
   */
  readonly unconfirmed?: 'drop' | 'resend';
}

/** What became of an owner's lines: they are part of the next batch, or were lost for a cause. */
export type OwnerFate = 'held' | SendFailure;

interface Part {
  readonly packet: Packet;
  readonly journalEnd: number;
  readonly undoEnd: number;
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
  readonly #sender: PacketSender;
  readonly #packer: LinePacker;
  readonly #backlog: 'summarise' | 'drop';
  readonly #unconfirmed: 'drop' | 'resend';
  readonly #parts: Part[] = [];
  readonly #journalSlots: number[] = [];
  readonly #journalSent: number[] = [];
  readonly #undos: (() => void)[] = [];
  readonly #announced = new Map<number, number>();
  #suffix = '';
  #owner = 0;
  // Owners of the lines in the datagram being packed; -1 while it is empty.
  #firstOwner = -1;
  #lastOwner = -1;

  constructor(store: DeltaStore, sender: PacketSender, mtuBytes: number, policy: BatchPolicy = {}) {
    this.#store = store;
    this.#sender = sender;
    this.#backlog = policy.backlog ?? 'summarise';
    this.#unconfirmed = policy.unconfirmed ?? 'drop';
    this.#packer = new LinePacker(mtuBytes, (packet) => {
      this.#parts.push({
        packet,
        journalEnd: this.#journalSlots.length,
        undoEnd: this.#undos.length,
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

  /** What counters and gauges that follow get behind their tags: DogStatsD's `|T<seconds>`, or nothing. */
  suffix(suffix: string): void {
    this.#suffix = suffix;
  }

  /** Slots of which this batch carries something, and what each had sent before. */
  get announcement(): ReadonlyMap<number, number> {
    const all = new Map(this.#announced);
    for (const [index, slot] of this.#journalSlots.entries()) all.set(slot, this.#journalSent[index]!);
    return all;
  }

  /** Notes that lines of this batch carry something of a slot whose increments they do not take from the store. */
  announce(slot: number, sentBefore: number): void {
    this.#announced.set(slot, sentBefore);
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
    return this.#increment(frame, slot, sent, delta);
  }

  /** Adds the increment that is due of a slot without a new value, see {@link DeltaStore.advancePending}. */
  pending(frame: LineFrame, slot: number, decreaseIsReset: boolean = true): LineOutcome {
    const sent = this.#store.sent(slot);
    return this.#increment(frame, slot, sent, this.#store.advancePending(slot, decreaseIsReset));
  }

  #increment(frame: LineFrame, slot: number, sent: number, delta: number): LineOutcome {
    if (delta === 0) return 'unchanged';
    if (Number.isFinite(delta) && this.#value(frame, formatNumber(delta), '|c')) {
      this.#journalSlots.push(slot);
      this.#journalSent.push(sent);
      return 'packed';
    }
    this.#store.rollback(slot, sent);
    return Number.isFinite(delta) ? 'line_too_long' : 'non_finite';
  }

  /** Adds one line as it is; `undo` is called when it was not delivered and is to be part of the next batch. */
  line(text: string, undo: () => void): LineOutcome {
    if (!this.#pack(text, 1, Buffer.byteLength(text))) return 'line_too_long';
    this.#undos.push(undo);
    return 'packed';
  }

  /**
   * Adds an absolute gauge. A signed gauge value means "change by" to most servers, so a negative one is preceded by a
   * zero, in the same datagram.
   */
  gauge(frame: LineFrame, value: number): LineOutcome {
    if (!Number.isFinite(value)) return 'non_finite';
    const digits = formatNumber(value);
    // A time stamp is DogStatsD's own, which sets signed values; and it would not keep the order of two at one time.
    const packed =
      value < 0 && this.#suffix === ''
        ? this.#pack(
            `${frame.head}:0|g${frame.tail}\n${frame.head}:${digits}|g${frame.tail}`,
            2,
            2 * frame.byteCount + digits.length + 8,
          )
        : this.#value(frame, digits, '|g');
    return packed ? 'packed' : 'line_too_long';
  }

  /** Ends the packing: the journal is complete. Sending does it too. */
  seal(): void {
    this.#packer.flush();
  }

  /** Sends everything and resolves when the kernel has it; `onFailedOwner` is called for each owner with an undelivered line, and what becomes of it. Never rejects. */
  async send(onFailedOwner: (owner: number, fate: OwnerFate) => void = (): void => {}): Promise<BatchResult> {
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

  #value(frame: LineFrame, digits: string, type: '|c' | '|g'): boolean {
    const suffix = this.#suffix;
    return this.#pack(
      `${frame.head}:${digits}${type}${frame.tail}${suffix}`,
      1,
      frame.byteCount + digits.length + 3 + suffix.length,
    );
  }

  #pack(text: string, lineCount: number, byteCount: number): boolean {
    if (!this.#packer.add(text, lineCount, byteCount)) return false;
    if (this.#firstOwner < 0) this.#firstOwner = this.#owner;
    this.#lastOwner = this.#owner;
    return true;
  }

  #settle(refused: boolean, onFailedOwner: (owner: number, fate: OwnerFate) => void): BatchResult {
    let linesSent = 0;
    let linesFailed = 0;
    let failure: SendFailure | undefined;
    let journal = 0;
    let undo = 0;
    let reported = -1;
    for (const part of this.#parts) {
      const failed = refused ? 'refused' : part.failure;
      if (failed === undefined) {
        linesSent += part.packet.lineCount;
      } else {
        failure = failed;
        linesFailed += part.packet.lineCount;
        const isHeld = failed === 'unconfirmed' ? this.#unconfirmed === 'resend' : this.#backlog === 'summarise';
        if (isHeld) {
          for (let index = journal; index < part.journalEnd; index++) {
            this.#store.rollback(this.#journalSlots[index]!, this.#journalSent[index]!);
          }
          for (let index = undo; index < part.undoEnd; index++) this.#undos[index]!();
        }
        for (let owner = Math.max(reported + 1, part.firstOwner); owner <= part.lastOwner; owner++)
          onFailedOwner(owner, isHeld ? 'held' : failed);
        reported = part.lastOwner;
      }
      journal = part.journalEnd;
      undo = part.undoEnd;
    }
    if (failure === undefined && this.#parts.length > 0) this.#sender.recovered();
    return { linesSent, linesFailed, failure };
  }
}

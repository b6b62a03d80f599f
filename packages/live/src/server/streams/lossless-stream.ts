import type { ResumePoint, SubscriptionFilter } from '../../protocol/messages.ts';
import { FRAME_ROWS_LIMIT } from '../../protocol/frame.ts';
import type { Scope } from '../access/grant.ts';
import type { HistoryRows } from '../history-source.ts';
import type { Consumer } from './consumer.ts';
import { encodeUpdates } from './encode-updates.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import { FrameRing } from './frame-ring.ts';
import { Stream } from './stream.ts';
import type { StreamContext } from './stream-context.ts';
import { UpdateRows } from './update-rows.ts';

/**
 * A stream of every update in order. Its frames go into a ring from which each consumer is served at its own pace; one
 * whose next frame has left the ring is closed, and comes back with the number it has.
 */
export class LosslessStream extends Stream {
  readonly #rows = new UpdateRows();
  readonly #ring: FrameRing;

  /** @param sequence - above every number that a lossless stream of this server has had: an old one cannot be mistaken. */
  constructor(
    number: number,
    filter: SubscriptionFilter,
    scope: Scope | undefined,
    context: StreamContext,
    sequence: number,
  ) {
    super(number, filter, scope, context);
    this.sequence = sequence;
    this.#ring = new FrameRing(context.options.limits.resumeBytes, sequence + 1);
  }

  get hasPending(): boolean {
    return this.#rows.size > 0;
  }

  collect(_changed: Uint32Array, { ids, times, values, size }: UpdateRows): void {
    const { members } = this;
    for (let row = 0; row < size; row++) {
      const id = ids[row]!;
      if (!members.has(id)) continue;
      this.#rows.push(id, times[row]!, values[row]!);
      if (this.#rows.size >= FRAME_ROWS_LIMIT) this.#cut();
    }
  }

  flush(nowMs: number, force: boolean): void {
    if (this.#rows.size > 0 && (force || nowMs >= this.dueAtMs)) {
      this.#cut();
      this.dueAtMs = nowMs + this.minIntervalMs;
      this.rotate();
    }
    for (const consumer of this.consumers.values()) {
      this.tellOfLimit(consumer);
      this.#serve(consumer);
    }
    this.#lookForStragglers();
  }

  catchUp(consumer: Consumer): void {
    this.#serve(consumer);
    this.#lookForStragglers();
  }

  /** Whether the ring holds everything after a frame that a subscriber of this stream had last. */
  holds(resume: ResumePoint): boolean {
    const { sequence } = resume;
    return resume.epoch === this.context.options.epoch && sequence >= this.#ring.first - 1 && sequence <= this.sequence;
  }

  /** Goes on where the consumer's last connection ended. */
  replay(consumer: Consumer, resume: ResumePoint): void {
    consumer.needsSnapshot = false;
    consumer.cursor = resume.sequence;
    this.context.counters.resumes.replayed += 1;
  }

  /** Rows of the history for one consumer, older than the snapshot that follows. */
  sendHistory(consumer: Consumer, rows: HistoryRows): void {
    const older = new UpdateRows();
    for (let row = 0; row < rows.ids.length; row++) older.push(rows.ids[row]!, rows.timesMs[row]!, rows.values[row]!);
    this.announce(consumer);
    // Bounded by the limit on its rows rather than by what waits already: it is asked for once per connection.
    consumer.connection.sendFrames(this.#encode(older, 'snapshot', this.sequence, true));
  }

  #serve(consumer: Consumer): void {
    if (consumer.waitsForHistory || consumer.connection.isClosing) return;
    if (consumer.needsSnapshot) {
      // The snapshot holds what waits; as a frame of its own before it, it is not told twice.
      this.#cut();
      if (this.sendSnapshot(consumer)) consumer.cursor = this.sequence;
      return;
    }
    this.announce(consumer);
    while (consumer.cursor < this.sequence) {
      const frame = this.#ring.get(consumer.cursor + 1);
      if (frame === undefined) {
        const limit = this.context.options.limits.resumeBytes;
        const text = `this client is more than ${limit} bytes behind on stream ${this.number}; the connection is closed`;
        consumer.connection.closeSlow(text, limit);
        return;
      }
      if (!consumer.connection.acceptsAll([frame])) return;
      consumer.connection.sendFrames([frame]);
      consumer.cursor += 1;
    }
  }

  /** Makes frames of the rows that wait. */
  #cut(): void {
    for (const frame of this.#encode(this.#rows, 'update', this.sequence + 1, false)) {
      this.#ring.push(frame);
      this.sequence += 1;
    }
    this.#rows.clear();
  }

  #encode(rows: UpdateRows, type: 'snapshot' | 'update', sequence: number, backfill: boolean): EncodedFrame[] {
    const { options, counters, texts } = this.context;
    const numbered = type === 'update';
    const header = { type, conflated: false, backfill, stream: this.number, epoch: options.epoch, sequence, numbered };
    const frames = encodeUpdates(rows, { ...header, nowMs: 0 }, texts);
    counters.framesEncoded += frames.length;
    return frames;
  }

  #lookForStragglers(): void {
    this.hasStragglers = false;
    for (const { needsSnapshot, waitsForHistory, cursor, connection } of this.consumers.values()) {
      if (waitsForHistory || connection.isClosing) continue;
      if (needsSnapshot || cursor < this.sequence) this.hasStragglers = true;
    }
  }
}

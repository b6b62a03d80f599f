import type { Consumer } from './consumer.ts';
import { encodeRows } from './encode-rows.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import { IdSet } from './id-set.ts';
import { Stream } from './stream.ts';

const NOTHING = new Uint32Array(0);
const NO_FRAMES: readonly EncodedFrame[] = [];

/** A stream of latest values: between two frames only the last value of a series counts, and a slow consumer gets fewer frames. */
export class ConflatedStream extends Stream {
  readonly #pending = new IdSet();

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  collect(changed: Uint32Array): void {
    for (let i = 0; i < changed.length; i++) {
      const id = changed[i]!;
      if (this.members.has(id)) this.#pending.add(id);
    }
  }

  flush(nowMs: number, force: boolean): void {
    const due = force || nowMs >= this.dueAtMs;
    const changed = due ? this.#pending.ids : NOTHING;
    // Before any consumer catches up: what it then gets includes these rows, and so must its number.
    const frames = changed.length === 0 ? undefined : this.#encodeShared(changed);
    this.hasStragglers = false;
    for (const consumer of this.consumers.values()) this.#serve(consumer, changed, frames);
    if (frames === undefined) return;
    this.rotate();
    this.#pending.clear();
    this.dueAtMs = nowMs + this.minIntervalMs;
  }

  catchUp(consumer: Consumer): void {
    if (consumer.needsSnapshot) {
      if (this.sendSnapshot(consumer)) consumer.missed.clear();
    } else this.#sendMissed(consumer);
    if (consumer.needsSnapshot || consumer.missed.size > 0) this.hasStragglers = true;
  }

  #serve(consumer: Consumer, changed: Uint32Array, frames: readonly EncodedFrame[] | undefined): void {
    const { connection } = consumer;
    this.tellOfLimit(consumer);
    if (!consumer.needsSnapshot && consumer.missed.size === 0 && connection.acceptsAll(frames ?? NO_FRAMES)) {
      this.announce(consumer);
      if (frames !== undefined) connection.sendFrames(frames);
      return;
    }
    if (!consumer.needsSnapshot) consumer.missed.addAll(changed);
    this.catchUp(consumer);
    if (changed.length > 0 && consumer.missed.size > 0) this.context.counters.framesConflated += 1;
  }

  #encodeShared(changed: Uint32Array): EncodedFrame[] {
    const frames = this.#encode(changed, { conflated: false, sequence: this.sequence + 1, numbered: true });
    this.sequence += frames.length;
    return frames;
  }

  /** The latest values of what the consumer missed, under the number of the last shared frame, whose state they include. */
  #sendMissed(consumer: Consumer): void {
    const { connection, missed } = consumer;
    if (missed.size === 0 || !connection.accepts(16 * missed.size)) return;
    const frames = this.#encode(missed.ids, { conflated: true, sequence: this.sequence, numbered: false });
    if (!connection.acceptsAll(frames)) return;
    this.announce(consumer);
    connection.sendFrames(frames);
    missed.clear();
  }

  #encode(
    ids: Uint32Array,
    header: { readonly conflated: boolean; readonly sequence: number; readonly numbered: boolean },
  ): EncodedFrame[] {
    const { table, options, counters, texts } = this.context;
    const batch = { ...header, type: 'update', stream: this.number, epoch: options.epoch, nowMs: 0 } as const;
    const frames = encodeRows(table, ids, batch, texts);
    counters.framesEncoded += frames.length;
    return frames;
  }
}

import { LiveError } from '../protocol/errors.ts';
import { frameBytes } from '../protocol/frame.ts';
import type { SubscriptionFilter } from '../protocol/messages.ts';
import type { Connection } from './connection.ts';
import { encodeRows } from './encode-rows.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { ResolvedOptions } from './options.ts';
import type { SeriesTable } from './series-table.ts';
import type { ServerCounters } from './stats.ts';
import { dictionaryTexts, Stream } from './stream.ts';
import type { Consumer } from './stream.ts';

const STREAM_NUMBER_LIMIT = 65_536;

/** Carries what changed in the table to the streams and from there to their consumers. */
export class FanOut {
  readonly #table: SeriesTable;
  readonly #options: ResolvedOptions;
  readonly #counters: ServerCounters;
  readonly #streamByFilter = new Map<string, Stream>();
  readonly #filterByStream = new Map<Stream, string>();
  readonly #numbers = new Set<number>();
  #nextNumber = 0;
  #riskStreams = 0;

  constructor(table: SeriesTable, options: ResolvedOptions, counters: ServerCounters) {
    this.#table = table;
    this.#options = options;
    this.#counters = counters;
  }

  get streams(): number {
    return this.#streamByFilter.size;
  }

  /** Whether any stream wants its changes at the end of the turn that made them. */
  get hasRiskStreams(): boolean {
    return this.#riskStreams > 0;
  }

  /**
   * Enters a connection into the stream of its filter, which is in canonical form.
   *
   * @throws LiveError `too_many_series`, `too_many_subscriptions`.
   */
  join(connection: Connection, filter: SubscriptionFilter): Consumer {
    // What is dirty now is in the snapshot; older streams must take it over first, or they would miss it.
    this.#drain();
    const key = JSON.stringify(filter);
    const stream = this.#streamByFilter.get(key) ?? this.#open(key, filter);
    return stream.join(connection);
  }

  /** Takes one subscription of a connection out of its stream, and ends a stream without consumers. */
  leave(consumer: Consumer): void {
    consumer.subscriptions -= 1;
    if (consumer.subscriptions > 0) return;
    const { stream, connection } = consumer;
    stream.consumers.delete(connection);
    if (stream.consumers.size > 0) return;
    this.#streamByFilter.delete(this.#filterByStream.get(stream)!);
    this.#filterByStream.delete(stream);
    this.#numbers.delete(stream.number);
    if (stream.lane === 'risk') this.#riskStreams -= 1;
  }

  /** Sends what the lane has to send; with `force`, also what a minimum interval still holds back. */
  flush(lane: 'all' | 'risk', force = false): void {
    this.#drain();
    const nowMs = this.#options.clock.monotonic();
    for (const stream of this.#streamByFilter.values()) {
      if (lane === 'risk' && stream.lane !== 'risk') continue;
      this.#flushStream(stream, nowMs, force);
    }
  }

  /** Monotonic time at which `flush('all')` has something to do; undefined when there is nothing. */
  dueAtMs(): number | undefined {
    let due = Infinity;
    for (const stream of this.#streamByFilter.values()) {
      if (stream.hasStragglers) return -Infinity;
      if (stream.pending.size > 0) due = Math.min(due, stream.dueAtMs);
    }
    return due === Infinity ? undefined : due;
  }

  /** Sends what one consumer waits for: dictionary and snapshot, or the values it missed. */
  catchUp(consumer: Consumer): void {
    if (consumer.needsSnapshot) this.#sendSnapshot(consumer);
    else this.#sendMissed(consumer);
    if (consumer.needsSnapshot || consumer.missed.size > 0) consumer.stream.hasStragglers = true;
  }

  #open(key: string, filter: SubscriptionFilter): Stream {
    const stream = new Stream(this.#freeNumber(), filter, this.#options.limits.seriesPerSubscription);
    stream.extend(this.#table);
    if (stream.excluded > 0) {
      const limit = this.#options.limits.seriesPerSubscription;
      throw new LiveError(
        'too_many_series',
        `the subscription matches ${limit + stream.excluded} series, the limit is ${limit}; narrow names or attributes`,
        limit,
      );
    }
    this.#numbers.add(stream.number);
    this.#streamByFilter.set(key, stream);
    this.#filterByStream.set(stream, key);
    if (stream.lane === 'risk') this.#riskStreams += 1;
    return stream;
  }

  #freeNumber(): number {
    if (this.#numbers.size >= STREAM_NUMBER_LIMIT) {
      throw new LiveError('too_many_subscriptions', 'the server has 65536 different subscriptions, its limit', 65_536);
    }
    while (this.#numbers.has(this.#nextNumber)) this.#nextNumber = (this.#nextNumber + 1) % STREAM_NUMBER_LIMIT;
    const number = this.#nextNumber;
    this.#nextNumber = (number + 1) % STREAM_NUMBER_LIMIT;
    return number;
  }

  #drain(): void {
    const changed = this.#table.dirtyIds;
    for (const stream of this.#streamByFilter.values()) {
      stream.extend(this.#table);
      stream.collect(changed);
    }
    this.#table.clearDirty();
  }

  #flushStream(stream: Stream, nowMs: number, force: boolean): void {
    const due = force || nowMs >= stream.dueAtMs;
    const changed = due ? stream.pending.ids : stream.pending.ids.subarray(0, 0);
    const bytes = frameBytes(changed.length);
    let frames: EncodedFrame[] | undefined;
    stream.hasStragglers = false;
    for (const consumer of stream.consumers.values()) {
      this.#tellOfLimit(consumer);
      const upToDate = !consumer.needsSnapshot && consumer.missed.size === 0;
      if (upToDate && consumer.connection.accepts(bytes)) {
        this.#announce(consumer);
        if (changed.length === 0) continue;
        frames ??= this.#encodeShared(stream, changed);
        sendAll(consumer.connection, frames);
        continue;
      }
      if (!consumer.needsSnapshot) consumer.missed.addAll(changed);
      this.catchUp(consumer);
      if (changed.length > 0 && consumer.missed.size > 0) this.#counters.framesConflated += 1;
    }
    if (due && changed.length > 0) {
      stream.pending.clear();
      stream.dueAtMs = nowMs + stream.minIntervalMs;
    }
  }

  #encodeShared(stream: Stream, changed: Uint32Array): EncodedFrame[] {
    const frames = encodeRows(this.#table, changed, {
      type: 'update',
      conflated: false,
      stream: stream.number,
      epoch: this.#options.epoch,
      sequence: stream.sequence + 1,
      numbered: true,
      nowMs: 0,
    });
    stream.sequence += frames.length;
    return frames;
  }

  #sendSnapshot(consumer: Consumer): void {
    const { connection, stream } = consumer;
    const ids = stream.members.ids.filter((id) => this.#table.hasValue(id));
    if (!connection.accepts(frameBytes(ids.length))) return;
    this.#announce(consumer);
    sendAll(connection, this.#encodeFor(consumer, 'snapshot', ids));
    consumer.needsSnapshot = false;
    consumer.missed.clear();
  }

  #sendMissed(consumer: Consumer): void {
    const { connection, missed } = consumer;
    if (!connection.accepts(frameBytes(missed.size))) return;
    this.#announce(consumer);
    if (missed.size > 0) sendAll(connection, this.#encodeFor(consumer, 'update', missed.ids));
    missed.clear();
  }

  /** Frames for one consumer, all under the number of the last shared frame, whose state they include. */
  #encodeFor(consumer: Consumer, type: 'snapshot' | 'update', ids: Uint32Array): EncodedFrame[] {
    return encodeRows(this.#table, ids, {
      type,
      conflated: type === 'update',
      stream: consumer.stream.number,
      epoch: this.#options.epoch,
      sequence: consumer.stream.sequence,
      numbered: false,
      nowMs: this.#options.clock.now(),
    });
  }

  /** Dictionary entries of the members this connection has not been told about, before any of their values. */
  #announce(consumer: Consumer): void {
    const { stream, connection } = consumer;
    const from = consumer.announced;
    if (from === stream.members.size) return;
    const ids = stream.members.ids.subarray(from);
    const fresh = ids.filter((id) => connection.known.add(id));
    const texts =
      fresh.length === ids.length
        ? stream.dictionary(this.#table, this.#options.epoch, from)
        : dictionaryTexts(this.#table, this.#options.epoch, fresh);
    for (const text of texts) connection.sendText(text);
    consumer.announced = stream.members.size;
  }

  #tellOfLimit(consumer: Consumer): void {
    if (consumer.stream.excluded === 0 || consumer.toldOfLimit) return;
    consumer.toldOfLimit = true;
    const limit = this.#options.limits.seriesPerSubscription;
    consumer.connection.refuse(
      new LiveError(
        'too_many_series',
        `stream ${consumer.stream.number} matches new series beyond the limit of ${limit}; they are left out`,
        limit,
      ),
    );
  }
}

function sendAll(connection: Connection, frames: readonly EncodedFrame[]): void {
  for (const frame of frames) connection.sendFrame(frame);
}

import { LiveError } from '../../protocol/errors.ts';
import type { SubscriptionFilter } from '../../protocol/messages.ts';
import type { LiveSeries } from '../../protocol/series.ts';
import type { Connection } from '../connection.ts';
import { ConflatedStream } from './conflated-stream.ts';
import type { Consumer } from './consumer.ts';
import { LosslessStream } from './lossless-stream.ts';
import type { Stream } from './stream.ts';
import type { StreamContext } from './stream-context.ts';
import { UpdateRows } from './update-rows.ts';

const STREAM_NUMBER_LIMIT = 65_536;
/** Updates kept one by one until they are handed to the streams, at most: a megabyte. */
const UPDATES_LIMIT = 65_536;

/** Carries what changed in the table to the streams and from there to their consumers. */
export class FanOut {
  readonly #context: StreamContext;
  readonly #streamByFilter = new Map<string, Stream>();
  readonly #filterByStream = new Map<Stream, string>();
  readonly #numbers = new Set<number>();
  /** Every update since the last drain, while a lossless stream wants them. */
  readonly #updates = new UpdateRows();
  /** Lossless streams without consumers, oldest first, and what ends each of them. */
  readonly #lingering = new Map<Stream, () => void>();
  #nextNumber = 0;
  #riskStreams = 0;
  #losslessStreams = 0;
  /** Highest number of a lossless stream that has ended. */
  #lastSequence = 0;

  constructor(context: StreamContext) {
    this.#context = context;
  }

  /** The descriptor of a series, by id. */
  series(id: number): LiveSeries {
    return this.#context.table.series(id);
  }

  /** Most frames that a client which acknowledges has not acknowledged. */
  get framesUnackedMax(): number {
    let most = 0;
    for (const { consumers, sequence } of this.#streamByFilter.values()) {
      for (const { acknowledged = sequence } of consumers.values()) most = Math.max(most, sequence - acknowledged);
    }
    return most;
  }

  get streams(): number {
    return this.#streamByFilter.size;
  }

  /** Whether any stream wants its changes at the end of the turn that made them. */
  get hasRiskStreams(): boolean {
    return this.#riskStreams > 0;
  }

  /** Whether every update must be given to `note`; also while nobody is connected, for those who come back. */
  get wantsUpdates(): boolean {
    return this.#losslessStreams > 0;
  }

  /** Keeps one update for the lossless streams. */
  note(id: number, timeMs: number, value: number): void {
    this.#updates.push(id, timeMs, value);
    if (this.#updates.size >= UPDATES_LIMIT) this.drain();
  }

  /**
   * Enters a connection into the stream of its filter, which is in canonical form.
   *
   * @throws LiveError `too_many_series`, `too_many_subscriptions`, `duplicate_subscription`.
   */
  join(connection: Connection, filter: SubscriptionFilter): Consumer {
    // What is dirty now is in the snapshot; older streams must take it over first, or they would miss it.
    this.drain();
    const { scope } = connection.grant;
    const key = JSON.stringify([filter, scope]);
    const stream = this.#streamByFilter.get(key) ?? this.#open(key, filter, connection);
    if (stream instanceof LosslessStream && stream.consumers.has(connection)) {
      const text = 'this connection has a lossless subscription with this filter; every update is told once';
      throw new LiveError('duplicate_subscription', text);
    }
    this.#lingering.get(stream)?.();
    this.#lingering.delete(stream);
    return stream.join(connection);
  }

  /** Takes one subscription of a connection out of its stream, and ends a stream that nobody needs. */
  leave(consumer: Consumer): void {
    consumer.subscriptions -= 1;
    if (consumer.subscriptions > 0) return;
    const { stream, connection } = consumer;
    stream.consumers.delete(connection);
    if (stream.consumers.size > 0) return;
    if (stream instanceof LosslessStream) this.#linger(stream);
    else this.#end(stream);
  }

  /** Hands what changed to the streams. */
  drain(): void {
    const changed = this.#context.table.dirtyIds;
    for (const stream of this.#streamByFilter.values()) {
      stream.extend();
      stream.collect(changed, this.#updates);
    }
    this.#updates.clear();
    this.#context.table.clearDirty();
  }

  /** Sends what the lane has to send; with `force`, also what a minimum interval still holds back. */
  flush(lane: 'all' | 'risk', force = false): void {
    this.drain();
    const nowMs = this.#context.options.clock.monotonic();
    for (const stream of this.#streamByFilter.values()) {
      if (lane === 'all' || stream.lane === 'risk') stream.flush(nowMs, force);
    }
  }

  /** Monotonic time at which `flush('all')` has something to do; undefined when there is nothing. */
  dueAtMs(): number | undefined {
    let due = Infinity;
    for (const stream of this.#streamByFilter.values()) {
      if (stream.hasStragglers) return -Infinity;
      if (stream.hasPending) due = Math.min(due, stream.dueAtMs);
    }
    return due === Infinity ? undefined : due;
  }

  /** Forgets the streams that are kept for subscribers to come back. */
  close(): void {
    for (const [stream, cancel] of this.#lingering) {
      cancel();
      this.#end(stream);
    }
    this.#lingering.clear();
  }

  #open(key: string, filter: SubscriptionFilter, connection: Connection): Stream {
    const number = this.#freeNumber();
    const { scope } = connection.grant;
    const stream =
      filter.delivery === 'lossless'
        ? new LosslessStream(number, filter, scope, this.#context, this.#lastSequence + 1)
        : new ConflatedStream(number, filter, scope, this.#context);
    stream.extend();
    if (stream.excluded > 0) {
      const limit = this.#context.options.limits.seriesPerSubscription;
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
    if (stream instanceof LosslessStream) this.#losslessStreams += 1;
    return stream;
  }

  /** Keeps a lossless stream going for a while: its subscriber's link may only have been cut. */
  #linger(stream: Stream): void {
    const { clock, limits } = this.#context.options;
    const cancel = clock.after(limits.resumeWithinMs, () => {
      this.#lingering.delete(stream);
      this.#end(stream);
    });
    this.#lingering.set(stream, cancel);
    if (this.#lingering.size <= limits.resumableStreams) return;
    const [oldest, end] = this.#lingering.entries().next().value!;
    end();
    this.#lingering.delete(oldest);
    this.#end(oldest);
  }

  #end(stream: Stream): void {
    this.#streamByFilter.delete(this.#filterByStream.get(stream)!);
    this.#filterByStream.delete(stream);
    this.#numbers.delete(stream.number);
    if (stream.lane === 'risk') this.#riskStreams -= 1;
    if (!(stream instanceof LosslessStream)) return;
    this.#losslessStreams -= 1;
    this.#lastSequence = Math.max(this.#lastSequence, stream.sequence);
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
}

import { LiveError } from '../../protocol/errors.ts';
import { compileFilter } from '../../protocol/series-filter.ts';
import type { SeriesPredicate } from '../../protocol/series-filter.ts';
import type { LiveLane, SubscriptionFilter } from '../../protocol/messages.ts';
import type { Scope } from '../access/grant.ts';
import { scopePredicate } from '../access/grant.ts';
import type { Connection } from '../connection.ts';
import type { SeriesTable } from '../series-table.ts';
import { newConsumer } from './consumer.ts';
import type { Consumer } from './consumer.ts';
import { encodeRows } from './encode-rows.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import { IdSet } from './id-set.ts';
import { SnapshotCache } from './snapshot-cache.ts';
import type { StreamContext } from './stream-context.ts';
import type { UpdateRows } from './update-rows.ts';

/** A group of equal subscriptions: the filter compiled to a set of series, and who wants it. */
export abstract class Stream {
  readonly number: number;
  readonly lane: LiveLane;
  readonly minIntervalMs: number;
  readonly members: IdSet = new IdSet();
  readonly consumers: Map<Connection, Consumer> = new Map();
  /** Number of the last shared frame. */
  sequence = 0;
  /** Monotonic time before which no update goes out. */
  dueAtMs: number = -Infinity;
  /** Whether a consumer still waits for something because it was slow. */
  hasStragglers = false;
  /** Series that match but exceed the limit. */
  excluded = 0;
  protected readonly context: StreamContext;
  readonly #accepts: SeriesPredicate;
  readonly #inScope: SeriesPredicate;
  readonly #snapshots = new SnapshotCache();
  #scanned = 0;
  #dictionary: { readonly from: number; readonly to: number; readonly texts: readonly string[] } | undefined;

  constructor(number: number, filter: SubscriptionFilter, scope: Scope | undefined, context: StreamContext) {
    this.number = number;
    this.lane = filter.lane ?? 'bulk';
    this.minIntervalMs = filter.minIntervalMs ?? 0;
    this.context = context;
    this.#accepts = compileFilter(filter);
    this.#inScope = scopePredicate(scope);
  }

  /** Whether updates wait to be sent. */
  abstract get hasPending(): boolean;

  /** Takes over what changed since the last call: series, and the updates one by one when they are kept. */
  abstract collect(changed: Uint32Array, updates: UpdateRows): void;

  /** Sends what is due, all of it with `force`. */
  abstract flush(nowMs: number, force: boolean): void;

  /** Sends what one consumer waits for. */
  abstract catchUp(consumer: Consumer): void;

  /** Looks at the series registered since the last call; each is matched once in its life. */
  extend(): void {
    const { table, options } = this.context;
    for (; this.#scanned < table.size; this.#scanned++) {
      const series = table.series(this.#scanned);
      if (!this.#accepts(series) || !this.#inScope(series)) continue;
      if (this.members.size < options.limits.seriesPerSubscription) this.members.add(this.#scanned);
      else this.excluded += 1;
    }
  }

  join(connection: Connection): Consumer {
    const existing = this.consumers.get(connection);
    if (existing !== undefined) {
      existing.subscriptions += 1;
      return existing;
    }
    const consumer = newConsumer(connection, this);
    this.consumers.set(connection, consumer);
    return consumer;
  }

  /**
   * Sends the latest value of every member, when the connection takes it. Consumers that come while nothing has changed
   * share one encoding; a compressed one as long as no frame went out, as what changed meanwhile is in the next frame.
   */
  protected sendSnapshot(consumer: Consumer): boolean {
    const { connection } = consumer;
    const compressed = consumer.compressSnapshot && connection.format === 'binary';
    const frames = this.#snapshots.get(
      this.sequence,
      this.members.size,
      compressed,
      this.hasPending,
      () => this.#encodeSnapshot(),
      this.context.counters,
    );
    if (!connection.acceptsAll(frames)) return false;
    this.announce(consumer);
    connection.sendFrames(frames);
    consumer.needsSnapshot = false;
    return true;
  }

  /** Dictionary entries of the members this connection has not been told about, before any of their values. */
  protected announce(consumer: Consumer): void {
    const { connection } = consumer;
    const from = consumer.announced;
    if (from === this.members.size) return;
    consumer.announced = this.members.size;
    // Rows of the JSON form say themselves what they are.
    if (connection.format === 'json') return;
    const ids = this.members.ids.subarray(from);
    const fresh = ids.filter((id) => connection.known.add(id));
    const { table, options } = this.context;
    const texts =
      fresh.length === ids.length ? this.#dictionaryFrom(from) : dictionaryTexts(table, options.epoch, fresh);
    for (const text of texts) connection.sendText(text);
  }

  /** Lets another consumer be the first, so that nobody is always the last to be served. */
  protected rotate(): void {
    const first = this.consumers.entries().next().value;
    if (first === undefined || this.consumers.size === 1) return;
    const [connection, consumer] = first;
    this.consumers.delete(connection);
    this.consumers.set(connection, consumer);
  }

  protected tellOfLimit(consumer: Consumer): void {
    if (this.excluded === 0 || consumer.toldOfLimit) return;
    consumer.toldOfLimit = true;
    const limit = this.context.options.limits.seriesPerSubscription;
    const text = `stream ${this.number} matches new series beyond the limit of ${limit}; they are left out`;
    consumer.connection.refuse(new LiveError('too_many_series', text, limit));
  }

  #encodeSnapshot(): EncodedFrame[] {
    const { table, options, texts } = this.context;
    const ids = this.members.ids.filter((id) => table.hasValue(id));
    const header = {
      type: 'snapshot',
      conflated: false,
      stream: this.number,
      epoch: options.epoch,
      sequence: this.sequence,
      numbered: false,
      nowMs: options.clock.now(),
    } as const;
    return encodeRows(table, ids, header, texts);
  }

  /** Dictionary messages for the members from `from` on, shared by all consumers that need the same. */
  #dictionaryFrom(from: number): readonly string[] {
    const to = this.members.size;
    if (this.#dictionary?.from !== from || this.#dictionary.to !== to) {
      const { table, options } = this.context;
      this.#dictionary = { from, to, texts: dictionaryTexts(table, options.epoch, this.members.ids.subarray(from)) };
    }
    return this.#dictionary.texts;
  }
}

/** Entries per dictionary message: a few hundred kilobytes of text at most. */
const ENTRIES_PER_MESSAGE = 1_000;

/** The dictionary messages that announce `ids`. */
export function dictionaryTexts(table: SeriesTable, epoch: number, ids: Uint32Array): string[] {
  const texts: string[] = [];
  for (let start = 0; start < ids.length; start += ENTRIES_PER_MESSAGE) {
    const entries = Array.from(ids.subarray(start, start + ENTRIES_PER_MESSAGE), (id) => table.entryText(id));
    texts.push(`{"type":"dictionary","epoch":${epoch},"entries":[${entries.join(',')}]}`);
  }
  return texts;
}

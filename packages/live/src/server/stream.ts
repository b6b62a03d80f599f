import { compileFilter } from '../protocol/series-filter.ts';
import type { SeriesPredicate } from '../protocol/series-filter.ts';
import type { LiveLane, SubscriptionFilter } from '../protocol/messages.ts';
import type { Connection } from './connection.ts';
import { IdSet } from './id-set.ts';
import type { SeriesTable } from './series-table.ts';

/** One connection's place in a stream. */
export interface Consumer {
  readonly connection: Connection;
  readonly stream: Stream;
  /** Subscriptions of this connection with this filter. */
  subscriptions: number;
  /** How many of the stream's members the connection has been told about. */
  announced: number;
  /** Whether the snapshot is still to be sent. */
  needsSnapshot: boolean;
  /** Series whose latest value this connection missed because it was slow. */
  readonly missed: IdSet;
  toldOfLimit: boolean;
}

/** A group of equal subscriptions: the filter compiled to a set of series, what changed in it, and who wants it. */
export class Stream {
  readonly number: number;
  readonly lane: LiveLane;
  readonly minIntervalMs: number;
  readonly members: IdSet = new IdSet();
  readonly pending: IdSet = new IdSet();
  readonly consumers: Map<Connection, Consumer> = new Map();
  /** Number of the last shared frame. */
  sequence = 0;
  /** Monotonic time before which no update goes out. */
  dueAtMs: number = -Infinity;
  /** Whether a consumer still waits for values because it was slow. */
  hasStragglers = false;
  /** Series that match but exceed the limit. */
  excluded = 0;
  readonly #accepts: SeriesPredicate;
  readonly #memberLimit: number;
  #scanned = 0;
  #dictionary: { readonly from: number; readonly to: number; readonly texts: readonly string[] } | undefined;

  constructor(number: number, filter: SubscriptionFilter, memberLimit: number) {
    this.number = number;
    this.lane = filter.lane ?? 'bulk';
    this.minIntervalMs = filter.minIntervalMs ?? 0;
    this.#accepts = compileFilter(filter);
    this.#memberLimit = memberLimit;
  }

  /** Looks at the series registered since the last call; each is matched once in its life. */
  extend(table: SeriesTable): void {
    for (; this.#scanned < table.size; this.#scanned++) {
      if (!this.#accepts(table.series(this.#scanned))) continue;
      if (this.members.size < this.#memberLimit) this.members.add(this.#scanned);
      else this.excluded += 1;
    }
  }

  /** Takes over the members among the series that changed. */
  collect(changed: Uint32Array): void {
    for (let i = 0; i < changed.length; i++) {
      const id = changed[i]!;
      if (this.members.has(id)) this.pending.add(id);
    }
  }

  join(connection: Connection): Consumer {
    const existing = this.consumers.get(connection);
    if (existing !== undefined) {
      existing.subscriptions += 1;
      return existing;
    }
    const consumer: Consumer = {
      connection,
      stream: this,
      subscriptions: 1,
      announced: 0,
      needsSnapshot: true,
      missed: new IdSet(),
      toldOfLimit: false,
    };
    this.consumers.set(connection, consumer);
    return consumer;
  }

  /** Dictionary messages for the members from `from` on, shared by all consumers that need the same. */
  dictionary(table: SeriesTable, epoch: number, from: number): readonly string[] {
    const to = this.members.size;
    if (this.#dictionary?.from !== from || this.#dictionary.to !== to) {
      this.#dictionary = { from, to, texts: dictionaryTexts(table, epoch, this.members.ids.subarray(from)) };
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

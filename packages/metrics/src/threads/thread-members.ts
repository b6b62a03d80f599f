import { diag } from '@opentelemetry/api';
import type { Block } from '../arena/arena.ts';
import type { DropCounts } from '../drop-counts.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';
import type { PageMessage, SeriesMessage, ThreadMessage } from './messages.ts';
import type { ThreadReceiver } from './thread-hub.ts';

type Page = Pick<Block, 'cells' | 'ints'>;

export interface ThreadMembersOptions {
  readonly drops: DropCounts;
  /** Finds the storages of a message, creating meter and instrument if this thread has not; none if none is planned. */
  readonly storagesOf: (message: SeriesMessage) => readonly SyncStorage[];
  readonly storages: () => Iterable<SyncStorage>;
}

/** Joins what worker threads announce to the series of this thread. */
export class ThreadMembers implements ThreadReceiver {
  readonly #options: ThreadMembersOptions;
  /** By sender and number. */
  readonly #pages = new Map<string, Map<number, Page>>();
  readonly #senders = new Map<string, number>();
  #hasWarned = false;

  constructor(options: ThreadMembersOptions) {
    this.#options = options;
  }

  receive(message: ThreadMessage): void {
    switch (message.kind) {
      case 'page': {
        this.#addPage(message);
        return;
      }
      case 'drops':
        this.#options.drops.join(message.thread, message.buffer);
        return;
      case 'series':
        this.#join(message);
        return;
    }
  }

  threadExited(thread: number): void {
    for (const storage of this.#options.storages()) storage.inherit(thread);
    this.#options.drops.inherit(thread);
    for (const [sender, senderThread] of this.#senders) {
      if (senderThread !== thread) continue;
      this.#senders.delete(sender);
      this.#pages.delete(sender);
    }
  }

  get threadCount(): number {
    return new Set(this.#senders.values()).size;
  }

  get arenaBytes(): number {
    let bytes = 0;
    for (const pages of this.#pages.values()) for (const { cells } of pages.values()) bytes += cells.byteLength;
    return bytes;
  }

  #addPage({ thread, sender, page, buffer }: PageMessage): void {
    this.#senders.set(sender, thread);
    let pages = this.#pages.get(sender);
    if (pages === undefined) this.#pages.set(sender, (pages = new Map()));
    pages.set(page, { cells: new Float64Array(buffer), ints: new Int32Array(buffer) });
  }

  #join(message: SeriesMessage): void {
    const { thread, sender, page, at, length, attributes } = message;
    const memory = this.#pages.get(sender)?.get(page);
    const storages = this.#options.storagesOf(message);
    if (memory !== undefined && storages.length > 0) {
      for (const storage of storages) storage.addMember(thread, attributes, { ...memory, at, length });
      return;
    }
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    diag.error(
      `metrics: thread ${thread} records "${message.instrument.name}" for readers that were not there when it started; ` +
        'create the provider, with its readers, before its workers',
    );
  }
}

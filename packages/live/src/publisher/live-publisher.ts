import { SYSTEM_CLOCK } from '../protocol/clock.ts';
import { FRAME_HEADER_BYTES, frameBytes } from '../protocol/frame.ts';
import type { PushCounts, PushEntry, PushHello, PushSeries, PushServerMessage } from '../push/messages.ts';
import { EventQueue } from './event-queue.ts';
import {
  checkedPublisherOptions,
  type CheckedPublisherOptions,
  type LivePublisherOptions,
} from './publisher-options.ts';
import type { PublisherStatus } from './publisher-options.ts';
import { PushFrame } from './push-frame.ts';
import { PushLink } from './push-link.ts';
import { PushTable } from './push-table.ts';

const ROW_BYTES = 16;
const ROWS_LIMIT = 8_192;
/** Text of a dictionary message before its entries, and after. */
const DICTIONARY_HEAD = '{"type":"dictionary","entries":[';
const DICTIONARY_TAIL = ']}';
/** Wait before what the bridge dropped is sent again, milliseconds. */
const RESEND_AFTER_MS = 250;
/** Rows further apart are sent in several frames: dt is 32 bits of microseconds. */
const FRAME_SPAN_MS = 4_294_967;

/** What a publisher has done. */
export interface PublisherStats {
  readonly status: PublisherStatus;
  readonly series: number;
  /** Frames and rows sent, over all connections. */
  readonly framesSent: number;
  readonly rowsSent: number;
  /** Flushes that sent less than there was: there was no connection, or too much waited in the socket. */
  readonly flushesHeld: number;
  /** Series whose latest value is not sent. */
  readonly held: number;
  readonly eventsSent: number;
  /** Events that made room for later ones, or were larger than the bridge takes. */
  readonly eventsDropped: number;
  /** Series beyond `seriesLimit`, or whose description is larger than the bridge takes. */
  readonly seriesDropped: number;
  readonly connections: number;
  /** What the bridge said became of the rows of all connections. */
  readonly acknowledged: PushCounts;
}

/**
 * Pushes the latest values of series to a bridge. It keeps one value per series and no queue: values are running totals and
 * levels, so that what waits is overtaken by what comes after it, and a new connection is told everything anew. Never
 * throws but from its constructor.
 */
export class LivePublisher {
  readonly #options: CheckedPublisherOptions;
  readonly #table: PushTable;
  readonly #link: PushLink;
  readonly #events: EventQueue;
  readonly #frame = new PushFrame();
  #hello: PushHello | undefined;
  #sequence = 0;
  #framesSent = 0;
  #rowsSent = 0;
  #flushesHeld = 0;
  #eventsSent = 0;
  #eventsDropped = 0;
  #seriesDropped = 0;
  #connections = 0;
  /** Of this connection, and of those before it. */
  #acked: PushCounts & { readonly sequence: number } = NOTHING;
  #ackedBefore: PushCounts = NOTHING;
  #cancelResend: (() => void) | undefined;
  #isHeld = false;
  #waiters: (() => void)[] = [];

  /** @throws LiveError `invalid_option`. */
  constructor(options: LivePublisherOptions) {
    this.#options = checkedPublisherOptions(options, SYSTEM_CLOCK);
    this.#table = new PushTable(this.#options.seriesLimit);
    this.#events = new EventQueue(this.#options.eventLimit);
    this.#link = new PushLink(this.#options, {
      onHello: (hello) => this.#onHello(hello),
      onMessage: (message) => this.#onMessage(message),
      onLost: () => {
        this.#hello = undefined;
      },
      onDrained: () => {
        if (this.#isHeld) this.flush();
      },
    });
  }

  /** Connects, and stays connected until `close`. */
  connect(): void {
    if (this.#link.status.state === 'idle') this.#link.dial();
  }

  get status(): PublisherStatus {
    return this.#link.status;
  }

  /** Makes a series known and returns its id; -1 beyond `seriesLimit`, which is counted. */
  register(series: PushSeries): number {
    const id = this.#table.add(series);
    if (id < 0) this.#seriesDropped += 1;
    return id;
  }

  /** Lets a series go; its id may come to stand for another one. The bridge keeps its last value. */
  unregister(id: number): void {
    this.#table.remove(id);
  }

  /**
   * Sets the value of a series, any double: an array write and a mark. It goes out with the next `flush`, unless it is the
   * value the series had. Times of a series must ascend, to the microsecond.
   */
  update(id: number, timeUnixMs: number, value: number): void {
    if (id >= 0) this.#table.write(id, timeUnixMs, value);
  }

  /** Sends what has changed, in this turn of the event loop. */
  flush(): void {
    const hello = this.#hello;
    if (this.#table.dirtyCount === 0) {
      this.#isHeld = false;
      return;
    }
    if (hello === undefined) {
      this.#flushesHeld += 1;
      return;
    }
    const rowsLimit = Math.min(
      ROWS_LIMIT,
      Math.floor((hello.limits.messageBytes - FRAME_HEADER_BYTES) / ROW_BYTES) - 1,
    );
    while (this.#table.dirtyCount > 0) {
      const rows = Math.min(this.#table.dirtyCount, rowsLimit);
      const { bufferedBytes } = this.#link;
      // Nothing waiting takes a frame of any size.
      if (bufferedBytes > 0 && bufferedBytes + frameBytes(rows) > this.#options.bufferedBytes) {
        this.#flushesHeld += 1;
        this.#isHeld = true;
        return;
      }
      const taken = this.#table.take(rows);
      this.#define(this.#table.undefinedEntries(taken), hello.limits.messageBytes);
      this.#sendRows(taken, hello.epoch);
    }
    this.#isHeld = false;
  }

  /** Tells an event to those who listen to its topic at the bridge; kept while there is no connection, within `eventLimit`. */
  publishEvent(topic: string, body: unknown, { retain = false }: { readonly retain?: boolean } = {}): void {
    let text: string;
    try {
      text = JSON.stringify({ type: 'event', topic, body, retain });
    } catch {
      // A cycle, or what JSON cannot say.
      this.#eventsDropped += 1;
      return;
    }
    this.#events.push(text);
    this.#sendEvents();
  }

  /** Resolves when the bridge has said what became of everything sent so far, or when the time is up: true when it has. */
  async settled(timeoutMs: number): Promise<boolean> {
    const { clock } = this.#options;
    const endMs = clock.monotonic() + timeoutMs;
    const cancel = clock.after(timeoutMs, () => this.#wake());
    while (!this.#isSettled && clock.monotonic() < endMs && this.#link.status.state !== 'closed') {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    cancel();
    return this.#isSettled;
  }

  stats(): PublisherStats {
    const before = this.#ackedBefore;
    const { applied, duplicate, dropped } = this.#acked;
    return {
      status: this.#link.status,
      series: this.#table.size,
      framesSent: this.#framesSent,
      rowsSent: this.#rowsSent,
      flushesHeld: this.#flushesHeld,
      held: this.#table.dirtyCount,
      eventsSent: this.#eventsSent,
      eventsDropped: this.#eventsDropped + this.#events.dropped,
      seriesDropped: this.#seriesDropped,
      connections: this.#connections,
      acknowledged: {
        applied: before.applied + applied,
        duplicate: before.duplicate + duplicate,
        dropped: before.dropped + dropped,
      },
    };
  }

  /** Sends what has changed and ends. Idempotent. */
  async close(): Promise<void> {
    this.flush();
    this.#hello = undefined;
    this.#cancelResend?.();
    await this.#link.close();
    this.#wake();
  }

  get #isSettled(): boolean {
    return this.#hello !== undefined && this.#table.dirtyCount === 0 && this.#acked.sequence === this.#sequence;
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #onHello(hello: PushHello): void {
    this.#hello = hello;
    this.#connections += 1;
    this.#sequence = 0;
    this.#ackedBefore = this.stats().acknowledged;
    this.#acked = NOTHING;
    this.#table.markAll(false);
    this.flush();
    this.#sendEvents();
  }

  #onMessage(message: PushServerMessage): void {
    if (message.type !== 'ack') return;
    const droppedBefore = this.#acked.dropped;
    this.#acked = message;
    // What was dropped is part of the state: told again, with the values of then.
    if (message.dropped > droppedBefore && this.#cancelResend === undefined) {
      this.#cancelResend = this.#options.clock.after(RESEND_AFTER_MS, () => {
        this.#cancelResend = undefined;
        this.#table.markAll(true);
        this.flush();
      });
    }
    this.#wake();
  }

  #define(entries: readonly PushEntry[], messageBytes: number): void {
    let text = '';
    // Up to three bytes a character: the limit is one of bytes.
    const room = Math.floor(messageBytes / 3) - DICTIONARY_HEAD.length - DICTIONARY_TAIL.length;
    for (const entry of entries) {
      const entryText = JSON.stringify(entry);
      if (entryText.length > room) {
        // Its rows are dropped at the bridge, which counts them too.
        this.#seriesDropped += 1;
        this.#table.remove(entry.id);
        continue;
      }
      if (text !== '' && text.length + entryText.length >= room) {
        this.#link.send(DICTIONARY_HEAD + text + DICTIONARY_TAIL);
        text = '';
      }
      text += text === '' ? entryText : `,${entryText}`;
    }
    if (text !== '') this.#link.send(DICTIONARY_HEAD + text + DICTIONARY_TAIL);
  }

  /** Sends the first `taken` of what was taken from the table, in as many frames as their times need. */
  #sendRows(taken: number, epoch: number): void {
    const table = this.#table;
    const frame = this.#frame;
    let from = 0;
    while (from < taken) {
      const baseTimeMs = Math.floor(table.timeMs(table.taken(from)));
      let to = from + 1;
      while (to < taken && isWithin(table.timeMs(table.taken(to)) - baseTimeMs)) to += 1;
      frame.begin(to - from);
      for (let row = 0; row < to - from; row++) {
        const id = table.taken(from + row);
        frame.row(row, id, Math.round((table.timeMs(id) - baseTimeMs) * 1_000), table.value(id));
      }
      this.#sequence += 1;
      const hasLeft = this.#link.sendMessage(frame.message(epoch, this.#sequence, baseTimeMs));
      if (!hasLeft) frame.letGo();
      this.#framesSent += 1;
      this.#rowsSent += to - from;
      from = to;
    }
  }

  #sendEvents(): void {
    const hello = this.#hello;
    if (hello === undefined) return;
    for (const text of this.#events.drain()) {
      if (text.length * 3 > hello.limits.messageBytes) {
        this.#eventsDropped += 1;
        continue;
      }
      this.#link.send(text);
      this.#eventsSent += 1;
    }
  }
}

const NOTHING = { sequence: 0, applied: 0, duplicate: 0, dropped: 0 } as const;

function isWithin(sinceBaseMs: number): boolean {
  return sinceBaseMs >= 0 && sinceBaseMs <= FRAME_SPAN_MS;
}

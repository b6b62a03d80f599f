import { DEFAULT_LIMITS, type PublishOptions, type SeriesDescriptor } from '@nanometer/live';
import { checkEvent, type EventRefusal, SeriesTable } from '@nanometer/live/parts';
import { type Deferred, deferred } from '../deferred.ts';
import type { LiveFeed } from '../fan-out.ts';
import type { RingWriter } from '../ring/ring-writer.ts';
import { OutgoingRows } from './outgoing-rows.ts';
import { OutgoingTexts } from './outgoing-texts.ts';

/** Rows of one turn after which the reader is let at them, so that it works while a large request is still taken apart. */
const ROWS_PER_PUBLISH = 2048;

/**
 * The thread that takes requests: the table of series with their last values, and what of it is on its way into the ring of the
 * present worker. Rows of a turn are published together at its end.
 *
 * When the ring is full: while nobody wants every row, the last value of each series stands in for those before; while somebody
 * does, rows wait, `room` makes their producers wait, and beyond `bytesMost` the worker is given up.
 */
export class RingFeed implements LiveFeed {
  readonly table: SeriesTable = new SeriesTable(DEFAULT_LIMITS.seriesCapacity);
  readonly #rows: OutgoingRows;
  readonly #texts: OutgoingTexts;
  readonly #bytesMost: number;
  readonly #onOverflow: () => void;
  #ring: RingWriter | undefined;
  #isScheduled = false;
  /** Rows pushed since the last flush of this turn. */
  #fresh = 0;
  /** Present while the ring has no room. */
  #waiting: Deferred<void> | undefined;
  #isSynced = false;
  updatesReceived = 0;
  unknownSeries = 0;
  invalidTime = 0;
  seriesRefused = 0;
  eventsPublished = 0;
  readonly eventsDropped: Record<EventRefusal, number> = { invalid_topic: 0, invalid_body: 0, too_large: 0 };
  producerWaits = 0;

  /** `bytesMost` are bytes of rows, and of events, that may wait for room; `onOverflow` is told when rows exceed them. */
  constructor(bytesMost: number, onOverflow: () => void) {
    this.#rows = new OutgoingRows(this.table);
    this.#texts = new OutgoingTexts(this.table, bytesMost);
    this.#bytesMost = bytesMost;
    this.#onOverflow = onOverflow;
  }

  get rowsConflated(): number {
    return this.#rows.conflated;
  }

  get rowsWaiting(): number {
    return this.#ring === undefined ? 0 : this.#rows.size;
  }

  get eventsRefused(): number {
    return this.#texts.refused;
  }

  /** Begins to write into the ring of a new worker: all series with their last values and the retained events, then a mark. */
  attach(ring: RingWriter): void {
    this.detach();
    this.#ring = ring;
    this.#isSynced = false;
    this.#texts.restart();
    for (let id = 0; id < this.table.size; id++) if (this.table.hasValue(id)) this.#rows.pushLatest(id);
    this.#schedule();
  }

  /** The worker is gone. Until the next one comes, the table has everything that it will need. */
  detach(): void {
    this.#ring?.abandon();
    this.#ring = undefined;
    this.#rows.clear();
    this.#settle();
  }

  register(descriptor: SeriesDescriptor): number {
    const { size } = this.table;
    const id = this.table.register(descriptor);
    if (id < 0) this.seriesRefused += 1;
    else if (this.table.size > size) this.#schedule();
    return id;
  }

  update(id: number, timeUnixMs: number, value: number): void {
    const rows = this.#rows;
    if (rows.isConflating && this.#ring!.wantsEveryRow) rows.keepEvery();
    const outcome = this.table.write(id, timeUnixMs, value);
    if (outcome === 'unknown_series') this.unknownSeries += 1;
    else if (outcome === 'invalid_time') this.invalidTime += 1;
    else {
      this.updatesReceived += 1;
      if (this.#ring === undefined) return;
      rows.push(id, timeUnixMs, value);
      if (++this.#fresh >= ROWS_PER_PUBLISH) this.#flush();
      else this.#schedule();
    }
  }

  publishEvent(topic: string, body: unknown, { retain = false }: PublishOptions = {}): boolean {
    const checked = checkEvent(topic, body, DEFAULT_LIMITS.eventBytes);
    if (checked.refusal !== undefined) {
      this.eventsDropped[checked.refusal] += 1;
      return false;
    }
    const event = { topic, retain, bodyText: checked.bodyText };
    // Without a worker nobody listens.
    if (this.#ring === undefined) this.#texts.retain(event);
    else if (!this.#texts.event(event)) return false;
    this.eventsPublished += 1;
    this.#schedule();
    return true;
  }

  /** While somebody wants every row and the ring is full: resolves when there is room, or no such reader any more. */
  room(): Promise<void> | undefined {
    if (this.#waiting === undefined || !this.#ring!.wantsEveryRow) return undefined;
    this.producerWaits += 1;
    return this.#waiting.promise;
  }

  /** Resolves when the ring has all there is, or the worker is gone. */
  async drained(): Promise<void> {
    this.#flush();
    while (this.#waiting !== undefined) await this.#waiting.promise;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#ring === undefined) return;
    this.#isScheduled = true;
    queueMicrotask(this.#flushAtEnd);
  }

  readonly #flushAtEnd = (): void => {
    this.#isScheduled = false;
    this.#flush();
  };

  #flush(): void {
    this.#fresh = 0;
    const ring = this.#ring;
    if (ring === undefined) return;
    if (this.#waiting === undefined && !this.#write(ring)) void this.#wait(ring);
    if (this.#waiting === undefined) return;
    if (!ring.wantsEveryRow) this.#rows.conflate();
    else if (this.#rows.bytes > this.#bytesMost) this.#onOverflow();
  }

  #write(ring: RingWriter): boolean {
    const isAll = this.#texts.writeTo(ring) && this.#rows.writeTo(ring) && (this.#isSynced || ring.synced());
    if (isAll) this.#isSynced = true;
    ring.publish();
    return isAll;
  }

  async #wait(ring: RingWriter): Promise<void> {
    this.#waiting = deferred();
    for (;;) {
      const seen = ring.ask();
      if (this.#ring !== ring) return;
      if (this.#write(ring)) break;
      await ring.room(seen);
      if (this.#ring !== ring) return;
    }
    this.#settle();
  }

  #settle(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

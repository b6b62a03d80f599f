import { DEFAULT_LIMITS } from '@nanometer/live';
import type { SeriesTable } from '@nanometer/live/parts';
import { RECORD_EVENT, RECORD_SERIES, type TextKind } from '../ring/ring-memory.ts';
import type { RingWriter } from '../ring/ring-writer.ts';

/** Series of one text: made in a fraction of a millisecond. */
const SERIES_PER_TEXT = 64;

/** An event as the ring carries it. */
export interface EventText {
  readonly topic: string;
  readonly retain: boolean;
  /** JSON. */
  readonly bodyText: string;
}

interface TextUnderWay {
  readonly kind: TextKind;
  readonly utf8: Uint8Array;
  sent: number;
}

/**
 * Series and events on their way to the ring, as JSON, series first: a row is of a series that was told. A text that does not fit
 * into one record goes on in the next, and nothing comes between its parts.
 */
export class OutgoingTexts {
  readonly #table: SeriesTable;
  readonly #bytesMost: number;
  /** Series that the ring has, or the text under way. */
  #seriesSent = 0;
  #events: Uint8Array[] = [];
  #eventBytes = 0;
  /** Last retained event of each topic: those who begin to listen hear it, in every life of the worker. */
  readonly #retained = new Map<string, EventText>();
  /** Topics whose retained event waits for room; an earlier one that had not gone is stood in for. */
  readonly #late = new Set<string>();
  #underWay: TextUnderWay | undefined;
  /** Events for which there was no room, and which were refused for that. */
  refused = 0;

  /** `bytesMost` is how many bytes of events may wait. */
  constructor(table: SeriesTable, bytesMost: number) {
    this.#table = table;
    this.#bytesMost = bytesMost;
  }

  /** Takes an event; false when it is refused. A retained one is not: the last of its topic goes out when there is room. */
  event(event: EventText): boolean {
    this.retain(event);
    const utf8 = bytesOf(event);
    const fits = this.#eventBytes + utf8.length <= this.#bytesMost;
    if (fits && !this.#late.has(event.topic)) {
      this.#events.push(utf8);
      this.#eventBytes += utf8.length;
      return true;
    }
    if (event.retain && this.#retained.has(event.topic)) {
      this.#late.add(event.topic);
      return true;
    }
    this.refused += 1;
    return false;
  }

  /** Keeps an event that wants it, of as many topics as the stream retains, for the next worker. */
  retain(event: EventText): void {
    if (!event.retain) return;
    if (this.#retained.size < DEFAULT_LIMITS.retainedTopics || this.#retained.has(event.topic)) {
      this.#retained.set(event.topic, event);
    }
  }

  /** Begins anew: all series, then the retained events. */
  restart(): void {
    this.#seriesSent = 0;
    this.#underWay = undefined;
    this.#events = [];
    this.#eventBytes = 0;
    for (const topic of this.#retained.keys()) this.#late.add(topic);
  }

  /** Writes what the ring takes; whether that was all. */
  writeTo(ring: RingWriter): boolean {
    for (;;) {
      this.#underWay ??= this.#next();
      const text = this.#underWay;
      if (text === undefined) return true;
      const count = ring.text(text.kind, text.utf8, text.sent);
      if (count === 0) return false;
      text.sent += count;
      if (text.sent === text.utf8.length) this.#underWay = undefined;
    }
  }

  #next(): TextUnderWay | undefined {
    const { size } = this.#table;
    if (this.#seriesSent < size) {
      const end = Math.min(size, this.#seriesSent + SERIES_PER_TEXT);
      const series = [];
      for (; this.#seriesSent < end; this.#seriesSent++) series.push(this.#table.series(this.#seriesSent));
      return { kind: RECORD_SERIES, utf8: Buffer.from(JSON.stringify(series), 'utf8'), sent: 0 };
    }
    const event = this.#events.shift();
    if (event !== undefined) {
      this.#eventBytes -= event.length;
      return { kind: RECORD_EVENT, utf8: event, sent: 0 };
    }
    for (const topic of this.#late) {
      this.#late.delete(topic);
      return { kind: RECORD_EVENT, utf8: bytesOf(this.#retained.get(topic)!), sent: 0 };
    }
    return undefined;
  }
}

function bytesOf(event: EventText): Uint8Array {
  return Buffer.from(JSON.stringify(event), 'utf8');
}

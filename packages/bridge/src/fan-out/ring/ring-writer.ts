import {
  MORE,
  READ,
  READER_SLEEPS,
  RECORD_ROWS,
  RECORD_SKIP,
  RECORD_SYNCED,
  type RingMemory,
  ROOM,
  ROWS_MOST,
  rowsWords,
  TEXT_BYTES_MOST,
  type TextKind,
  WANTS_EVERY_ROW,
  WORD_BYTES,
  WRITER_WAITS,
  WRITTEN,
} from './ring-memory.ts';
import { changed } from './wait-async.ts';

/**
 * The writing end. Nothing of a record can be seen before `publish`, so there are no torn ones; what does not fit is left to the
 * caller, who can wait for `room`.
 */
export class RingWriter {
  readonly #positions: Int32Array<SharedArrayBuffer>;
  readonly #integers: Uint32Array;
  readonly #doubles: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #capacity: number;
  #written = 0;
  #published = 0;

  constructor({ positions, words }: RingMemory) {
    this.#positions = positions;
    this.#integers = new Uint32Array(words);
    this.#doubles = new Float64Array(words);
    this.#bytes = new Uint8Array(words);
    this.#capacity = words.byteLength / WORD_BYTES;
  }

  /** Whether the reader's side needs every row. */
  get wantsEveryRow(): boolean {
    return Atomics.load(this.#positions, WANTS_EVERY_ROW) === 1;
  }

  /** Words that the reader has not read. */
  get unread(): number {
    return (this.#written - Atomics.load(this.#positions, READ)) | 0;
  }

  /** Writes up to `count` rows from row `from` as one record; how many they were, 0 when there is no room. */
  rows(ids: Uint32Array, times: Float64Array, values: Float64Array, from: number, count: number): number {
    const rows = Math.min(count, ROWS_MOST);
    const word = this.#reserve(rowsWords(rows));
    if (word < 0) return 0;
    this.#head(word, RECORD_ROWS, rows);
    const timesAt = word + 1 + ((rows + 1) >> 1);
    this.#integers.set(ids.subarray(from, from + rows), 2 * (word + 1));
    this.#doubles.set(times.subarray(from, from + rows), timesAt);
    this.#doubles.set(values.subarray(from, from + rows), timesAt + rows);
    return rows;
  }

  /** Writes as much of a text from byte `from` as one record takes; how many bytes, 0 when there is no room. */
  text(kind: TextKind, utf8: Uint8Array, from: number): number {
    const size = Math.min(utf8.length - from, TEXT_BYTES_MOST);
    const word = this.#reserve(1 + Math.ceil(size / WORD_BYTES));
    if (word < 0) return 0;
    this.#head(word, from + size < utf8.length ? kind | MORE : kind, size);
    this.#bytes.set(utf8.subarray(from, from + size), WORD_BYTES * (word + 1));
    return size;
  }

  /** Writes the mark; false when there is no room. */
  synced(): boolean {
    const word = this.#reserve(1);
    if (word < 0) return false;
    this.#head(word, RECORD_SYNCED, 0);
    return true;
  }

  /** Lets the reader see what was written, and wakes it when it sleeps. */
  publish(): void {
    if (this.#published === this.#written) return;
    this.#published = this.#written;
    Atomics.store(this.#positions, WRITTEN, this.#written);
    if (Atomics.load(this.#positions, READER_SLEEPS) === 1) Atomics.notify(this.#positions, WRITTEN);
  }

  /**
   * For a writer that found no room: asks to be told when half the ring is free. What fails is tried again between the two steps,
   * as the reader may have made room before it was asked: `ask`, try, `room`.
   */
  ask(): number {
    const seen = Atomics.load(this.#positions, ROOM);
    Atomics.store(this.#positions, WRITER_WAITS, 1);
    return seen;
  }

  /** Resolves when there is room; `seen` is what `ask` returned. */
  async room(seen: number): Promise<void> {
    await changed(this.#positions, ROOM, seen);
  }

  /** Ends a wait for room that nobody will make any more. */
  abandon(): void {
    Atomics.add(this.#positions, ROOM, 1);
    Atomics.notify(this.#positions, ROOM);
  }

  #head(word: number, kind: number, size: number): void {
    this.#integers[2 * word] = kind;
    this.#integers[2 * word + 1] = size;
  }

  /** Takes words in a row and returns the first; -1 when they are not free. */
  #reserve(words: number): number {
    const free = this.#capacity - this.unread;
    const at = this.#written & (this.#capacity - 1);
    const toEnd = this.#capacity - at;
    if (words <= toEnd) {
      if (words > free) return -1;
      this.#written = (this.#written + words) | 0;
      return at;
    }
    if (toEnd + words > free) return -1;
    this.#head(at, RECORD_SKIP, toEnd);
    this.#written = (this.#written + toEnd + words) | 0;
    return 0;
  }
}

import {
  MORE,
  READ,
  READER_SLEEPS,
  RECORD_EVENT,
  RECORD_ROWS,
  RECORD_SERIES,
  RECORD_SKIP,
  RECORD_SYNCED,
  type RingMemory,
  ROOM,
  rowsWords,
  WORD_BYTES,
  WRITER_WAITS,
  WRITTEN,
} from './ring-memory.ts';
import { changed } from './wait-async.ts';

/** Takes what the ring holds, in its order. */
export interface RingVisitor {
  row(id: number, timeMs: number, value: number): void;
  /** The JSON of series that are new. */
  series(text: string): void;
  /** The JSON of an event. */
  event(text: string): void;
  /** All that was before the reader came has been read. */
  synced(): void;
}

const NO_PARTS: readonly Uint8Array[] = [];

/** The reading end. */
export class RingReader {
  readonly #positions: Int32Array<SharedArrayBuffer>;
  readonly #integers: Uint32Array;
  readonly #doubles: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #capacity: number;
  readonly #visitor: RingVisitor;
  #read = 0;
  #parts: readonly Uint8Array[] = NO_PARTS;

  constructor({ positions, words }: RingMemory, visitor: RingVisitor) {
    this.#positions = positions;
    this.#integers = new Uint32Array(words);
    this.#doubles = new Float64Array(words);
    this.#bytes = new Uint8Array(words);
    this.#capacity = words.byteLength / WORD_BYTES;
    this.#visitor = visitor;
  }

  /** Reads until there is nothing more, or about `wordsMost` words: whether more is there. */
  read(wordsMost: number = Infinity): boolean {
    const written = Atomics.load(this.#positions, WRITTEN);
    let words = 0;
    while (this.#read !== written && words < wordsMost) words += this.#record();
    return this.#read !== Atomics.load(this.#positions, WRITTEN);
  }

  /** Resolves when there is something to read. */
  async wait(): Promise<void> {
    Atomics.store(this.#positions, READER_SLEEPS, 1);
    await changed(this.#positions, WRITTEN, this.#read);
    Atomics.store(this.#positions, READER_SLEEPS, 0);
  }

  #record(): number {
    const word = this.#read & (this.#capacity - 1);
    const kind = this.#integers[2 * word]!;
    const size = this.#integers[2 * word + 1]!;
    let words = 1;
    if (kind === RECORD_ROWS) {
      words = rowsWords(size);
      this.#rows(word, size);
    } else if (kind === RECORD_SKIP) words = size;
    else if (kind === RECORD_SYNCED) this.#visitor.synced();
    else {
      words = 1 + Math.ceil(size / WORD_BYTES);
      this.#text(kind, word, size);
    }
    this.#release(words);
    return words;
  }

  #rows(word: number, count: number): void {
    const idsAt = 2 * (word + 1);
    const timesAt = word + 1 + ((count + 1) >> 1);
    const valuesAt = timesAt + count;
    const integers = this.#integers;
    const doubles = this.#doubles;
    const visitor = this.#visitor;
    for (let row = 0; row < count; row++) {
      visitor.row(integers[idsAt + row]!, doubles[timesAt + row]!, doubles[valuesAt + row]!);
    }
  }

  #text(kind: number, word: number, size: number): void {
    const at = WORD_BYTES * (word + 1);
    // A copy: the writer may write there again as soon as the record is released.
    this.#parts = [...this.#parts, this.#bytes.slice(at, at + size)];
    if ((kind & MORE) !== 0) return;
    const text = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = NO_PARTS;
    if (kind === RECORD_SERIES) this.#visitor.series(text);
    else if (kind === RECORD_EVENT) this.#visitor.event(text);
    else throw new Error(`the ring holds a record of kind ${kind}, which there is not`);
  }

  /** Gives a record's words back, and tells a waiting writer once it has half the ring. */
  #release(words: number): void {
    this.#read = (this.#read + words) | 0;
    Atomics.store(this.#positions, READ, this.#read);
    if (Atomics.load(this.#positions, WRITER_WAITS) === 0) return;
    const unread = (Atomics.load(this.#positions, WRITTEN) - this.#read) | 0;
    if (unread > this.#capacity >> 1) return;
    Atomics.store(this.#positions, WRITER_WAITS, 0);
    Atomics.add(this.#positions, ROOM, 1);
    Atomics.notify(this.#positions, ROOM);
  }
}

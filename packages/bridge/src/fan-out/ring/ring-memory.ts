/*
 * A ring with one writer and one reader, each in a thread of its own. Positions count words of 8 bytes and wrap at 2³²; a
 * record begins at a word and never wraps: what is left at the end is skipped.
 *
 *   word 0            1 …
 *   ├kind u32┼size u32┼─ payload, padded to 8 bytes ─┤
 *
 *   skip    size = words of it, this one included
 *   rows    size = n: ids u32[n] (+4 when odd) │ times f64[n] │ values f64[n]
 *   series, event   size = bytes of UTF-8: JSON, or a part of one with `MORE` set in all but the last
 *   synced  size = 0: all that was before the reader came has been written
 */

/** Kinds of records. */
export const RECORD_SKIP = 0;
export const RECORD_ROWS = 1;
export const RECORD_SERIES = 2;
export const RECORD_EVENT = 3;
export const RECORD_SYNCED = 4;
/** Beside the kind of a text: its next part follows. */
export const MORE = 0x100;

/** Kinds of records that are text. */
export type TextKind = typeof RECORD_SERIES | typeof RECORD_EVENT;

export const WORD_BYTES = 8;
/** Words of a record at most. A ring has eight times as many: half a ring free takes any record, what is skipped included. */
export const RECORD_WORDS_MOST = 8192;
/** Smallest ring. */
export const RING_BYTES_LEAST: number = 8 * RECORD_WORDS_MOST * WORD_BYTES;
/** Rows of a record at most: a word of header, half a word of id and two of time and value each. */
export const ROWS_MOST: number = Math.floor((RECORD_WORDS_MOST - 2) / 2.5);
export const TEXT_BYTES_MOST: number = (RECORD_WORDS_MOST - 1) * WORD_BYTES;

// Places of the shared numbers, a cache line apart: what one side writes does not slow the other's.
/** Words written and published, by the writer. */
export const WRITTEN = 0;
/** Words read, by the reader. */
export const READ = 16;
/** 1 while the reader waits for `WRITTEN` to change. */
export const READER_SLEEPS = 32;
/** 1 while the writer waits for `ROOM` to change. */
export const WRITER_WAITS = 48;
/** Counted up when a waiting writer has half the ring. */
export const ROOM = 64;
/** 1 while the reader's side needs every row, 0 while the last of each series will do. */
export const WANTS_EVERY_ROW = 80;
/** Counted up by the reader's thread while it lives. */
export const BEAT = 96;
const PLACES = 112;

/** What the two threads share. */
export interface RingMemory {
  readonly positions: Int32Array<SharedArrayBuffer>;
  readonly words: SharedArrayBuffer;
}

/** A ring of so many bytes, rounded up to a power of two. */
export function ringMemory(bytes: number): RingMemory {
  const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, RING_BYTES_LEAST)));
  return {
    positions: new Int32Array(new SharedArrayBuffer(4 * PLACES)),
    words: new SharedArrayBuffer(size),
  };
}

/** Words of a record of `count` rows, its header included. */
export function rowsWords(count: number): number {
  return 1 + ((count + 1) >> 1) + 2 * count;
}

/*
 * byte  0      2       3      4       6        8       12      16          24            32
 *       ├magic─┼version┼─type─┼─flags─┼─stream─┼─count─┼─epoch─┼─sequence──┼─base time ms┤
 *       │ 'NM' │  u8   │  u8  │  u16  │  u16   │  u32  │  u32  │ u64 < 2⁵³ │     f64     │
 *
 *      32  ids u32[count] (+4 when count is odd) │ dt u32[count] (+4 when odd) │ values f64[count]
 *
 * All little-endian. Every column starts at a multiple of 8, so that a receiver reads it in place.
 */

/** Bytes before the columns. */
export const FRAME_HEADER_BYTES = 32;
/** Bytes 'N', 'M' as a little-endian u16. */
export const FRAME_MAGIC = 0x4d4e;
/** Version of the binary format and of the control messages. */
export const PROTOCOL_VERSION = 1;

/** Latest value of every series of the stream that has one, in one or more frames. */
export const FRAME_TYPE_SNAPSHOT = 1;
/** Series that changed. */
export const FRAME_TYPE_UPDATE = 2;

/** Frames between this one and the previous one to this client were merged into it; sequence numbers may jump. */
export const FRAME_FLAG_CONFLATED = 1;
/** Last frame of a snapshot. */
export const FRAME_FLAG_FINAL = 2;
/** Rows of a snapshot that are older than it: what a lossless subscriber missed, from the history. */
export const FRAME_FLAG_BACKFILL = 4;
/** What follows the header is compressed (raw deflate, RFC 1951). Sent only to those who asked for it. */
export const FRAME_FLAG_DEFLATE = 8;
/** Bits that version 1 defines; all others are zero. */
export const FRAME_FLAGS_KNOWN: number =
  FRAME_FLAG_CONFLATED | FRAME_FLAG_FINAL | FRAME_FLAG_BACKFILL | FRAME_FLAG_DEFLATE;
/** Rows per frame at most: 256 KiB, so that one frame never holds a connection for long. */
export const FRAME_ROWS_LIMIT = 16_384;

/** Largest `dt` in milliseconds: 2³² − 1 µs, a little over 71 minutes. */
export const FRAME_SPAN_MS = 4_294_967.295;

/** The fixed part of a frame. */
export interface FrameHeader {
  readonly type: 'snapshot' | 'update';
  readonly conflated: boolean;
  readonly final: boolean;
  readonly backfill: boolean;
  /** Number of the stream, 0 to 65535, given by `subscribed`. */
  readonly stream: number;
  /** Identifies one life of the server: series ids and sequence numbers mean something only within it. */
  readonly epoch: number;
  /** Number of the frame within its stream, an integer from 0 to 2⁵³ − 1. */
  readonly sequence: number;
  /** Unix milliseconds from which the rows count; always finite. */
  readonly baseTimeMs: number;
}

/**
 * A decoded frame. Row `i` says: series `ids[i]` had `values[i]` at `baseTimeMs + dt[i] / 1000` Unix milliseconds.
 * The columns are views of the received bytes when those are aligned, else copies; the receiver owns them.
 */
export interface LiveFrame extends FrameHeader {
  readonly count: number;
  readonly ids: Uint32Array;
  /** Microseconds after `baseTimeMs`. */
  readonly dt: Uint32Array;
  readonly values: Float64Array;
}

/** Bytes of a frame with `count` rows. */
export function frameBytes(count: number): number {
  return FRAME_HEADER_BYTES + 16 * count + 8 * (count & 1);
}

/** Whether this machine stores numbers as the wire does. */
export const HOST_IS_LITTLE_ENDIAN: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Reverses the bytes of each element in place: what a big-endian host does to a column. Twice is the identity. */
export function swapElements(bytes: Uint8Array, elementBytes: 4 | 8): void {
  for (let start = 0; start + elementBytes <= bytes.length; start += elementBytes) {
    bytes.subarray(start, start + elementBytes).reverse();
  }
}

import { FrameError } from './errors.ts';
import {
  FRAME_FLAG_BACKFILL,
  FRAME_FLAG_CONFLATED,
  FRAME_FLAG_DEFLATE,
  FRAME_FLAG_FINAL,
  FRAME_FLAGS_KNOWN,
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  FRAME_ROWS_LIMIT,
  FRAME_TYPE_SNAPSHOT,
  FRAME_TYPE_UPDATE,
  HOST_IS_LITTLE_ENDIAN,
  PROTOCOL_VERSION,
  frameBytes,
  swapElements,
} from './frame.ts';
import type { LiveFrame } from './frame.ts';

/** V8 keeps typed arrays of at most 64 bytes in its heap. */
const SMALL_ROWS = 8;
const SEQUENCE_HIGH_LIMIT = 0x20_0000; // 2⁵³ / 2³²

/**
 * Decodes one binary message. The columns are views of `input` when it starts at a multiple of 8 in its buffer
 * (a browser's `ArrayBuffer` always does), else copies.
 *
 * @throws FrameError, and nothing else, when `input` is not exactly one valid frame.
 */
export function decodeFrame(input: ArrayBuffer | Uint8Array): LiveFrame {
  // Few objects, as small frames are mostly what is made for them: one view, and the three columns.
  const isBuffer = input instanceof ArrayBuffer;
  const buffer = isBuffer ? input : input.buffer;
  const offset = isBuffer ? 0 : input.byteOffset;
  const { byteLength } = input;
  if (byteLength < FRAME_HEADER_BYTES) throw truncated(byteLength);
  const view = new DataView(buffer, offset, byteLength);
  const flags = view.getUint16(4, true);
  const type = checkKind(view, flags);
  const count = checkCount(view);
  if ((flags & FRAME_FLAG_DEFLATE) !== 0) {
    throw new FrameError('compressed', 'the frame is compressed; give it to inflateFrame first');
  }
  if (byteLength !== frameBytes(count)) {
    throw new FrameError('length_mismatch', `${byteLength} bytes, a frame of ${count} rows has ${frameBytes(count)}`);
  }
  const high = view.getUint32(20, true);
  if (high >= SEQUENCE_HIGH_LIMIT) throw new FrameError('bad_sequence', 'the sequence number exceeds 2^53 - 1');
  const baseTimeMs = view.getFloat64(24, true);
  if (!Number.isFinite(baseTimeMs)) throw new FrameError('bad_time', `the base time is ${baseTimeMs}`);
  const inPlace = HOST_IS_LITTLE_ENDIAN && offset % 8 === 0;
  const columns =
    inPlace || count > SMALL_ROWS ? wholeColumns(buffer, offset, count, inPlace) : smallColumns(view, count);
  return {
    type,
    conflated: (flags & FRAME_FLAG_CONFLATED) !== 0,
    final: (flags & FRAME_FLAG_FINAL) !== 0,
    backfill: (flags & FRAME_FLAG_BACKFILL) !== 0,
    stream: view.getUint16(6, true),
    epoch: view.getUint32(12, true),
    sequence: high * 4_294_967_296 + view.getUint32(16, true),
    baseTimeMs,
    count,
    ids: columns.ids,
    dt: columns.dt,
    values: columns.values,
  };
}

type Columns = Pick<LiveFrame, 'ids' | 'dt' | 'values'>;

/** Views of the columns where they are, or of a copy of all of them. */
function wholeColumns(buffer: ArrayBufferLike, offset: number, count: number, inPlace: boolean): Columns {
  const columns = inPlace ? buffer : turnedColumns(buffer, offset, frameBytes(count));
  const start = inPlace ? offset + FRAME_HEADER_BYTES : 0;
  const columnBytes = 4 * (count + (count & 1));
  return {
    ids: new Uint32Array(columns, start, count),
    dt: new Uint32Array(columns, start + columnBytes, count),
    values: new Float64Array(columns, start + 2 * columnBytes, count),
  };
}

/** Copies row by row into arrays that are small enough to lie in the heap: no buffer is made (bench/receive.bench.js). */
function smallColumns(view: DataView, count: number): Columns {
  const ids = new Uint32Array(count);
  const dt = new Uint32Array(count);
  const values = new Float64Array(count);
  const dtAt = FRAME_HEADER_BYTES + 4 * (count + (count & 1));
  const valuesAt = 2 * dtAt - FRAME_HEADER_BYTES;
  for (let row = 0; row < count; row++) {
    ids[row] = view.getUint32(FRAME_HEADER_BYTES + 4 * row, true);
    dt[row] = view.getUint32(dtAt + 4 * row, true);
    values[row] = view.getFloat64(valuesAt + 8 * row, true);
  }
  return { ids, dt, values };
}

/**
 * Checks the header of a frame and returns what follows from it: whether the rest is compressed, and the bytes of the
 * frame once it is not.
 *
 * @throws FrameError
 */
export function frameSize(bytes: Uint8Array): { readonly compressed: boolean; readonly bytes: number } {
  if (bytes.byteLength < FRAME_HEADER_BYTES) throw truncated(bytes.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint16(4, true);
  checkKind(view, flags);
  return { compressed: (flags & FRAME_FLAG_DEFLATE) !== 0, bytes: frameBytes(checkCount(view)) };
}

function checkKind(view: DataView, flags: number): 'snapshot' | 'update' {
  if (view.getUint16(0, true) !== FRAME_MAGIC) {
    throw new FrameError('bad_magic', `starts with 0x${view.getUint16(0).toString(16)}, a frame starts with 0x4e4d`);
  }
  if (view.getUint8(2) !== PROTOCOL_VERSION) {
    throw new FrameError('unsupported_version', `version ${view.getUint8(2)}, this decoder reads ${PROTOCOL_VERSION}`);
  }
  const type = view.getUint8(3);
  if (type !== FRAME_TYPE_SNAPSHOT && type !== FRAME_TYPE_UPDATE) {
    throw new FrameError('unknown_type', `frame type ${type}, version 1 has 1 (snapshot) and 2 (update)`);
  }
  if ((flags & ~FRAME_FLAGS_KNOWN) !== 0) {
    throw new FrameError('unknown_flags', `flags 0x${flags.toString(16)}, version 1 defines bits 0 to 3`);
  }
  return type === FRAME_TYPE_SNAPSHOT ? 'snapshot' : 'update';
}

function checkCount(view: DataView): number {
  const count = view.getUint32(8, true);
  if (count <= FRAME_ROWS_LIMIT) return count;
  throw new FrameError('too_many_rows', `${count} rows, a frame has at most ${FRAME_ROWS_LIMIT}`);
}

function truncated(byteLength: number): FrameError {
  return new FrameError('truncated', `${byteLength} bytes, a frame has at least ${FRAME_HEADER_BYTES}`);
}

/** A copy of what follows the header, at an offset that typed arrays accept and in the byte order of the host. */
function turnedColumns(buffer: ArrayBufferLike, offset: number, byteLength: number): ArrayBufferLike {
  const columns = buffer.slice(offset + FRAME_HEADER_BYTES, offset + byteLength);
  if (!HOST_IS_LITTLE_ENDIAN) {
    const bytes = new Uint8Array(columns);
    swapElements(bytes.subarray(0, bytes.length / 2), 4);
    swapElements(bytes.subarray(bytes.length / 2), 8);
  }
  return columns;
}

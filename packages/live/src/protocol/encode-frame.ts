import {
  FRAME_FLAG_BACKFILL,
  FRAME_FLAG_CONFLATED,
  FRAME_FLAG_FINAL,
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  FRAME_TYPE_SNAPSHOT,
  FRAME_TYPE_UPDATE,
  HOST_IS_LITTLE_ENDIAN,
  PROTOCOL_VERSION,
  frameBytes,
  swapElements,
} from './frame.ts';
import type { FrameHeader } from './frame.ts';

const TWO_32 = 4_294_967_296;

/** A frame under construction: fill the columns, then call `sealFrame`. */
export interface OpenFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly dt: Uint32Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/**
 * Allocates a frame of `count` rows with columns to write into. Each frame is new: a socket may hold it for long. `room`, a
 * multiple of 8, is left free before it in its buffer.
 */
export function openFrame(count: number, room: number = 0): OpenFrame {
  const length = frameBytes(count);
  const buffer = new ArrayBuffer(room + length);
  const start = room + FRAME_HEADER_BYTES;
  const columnBytes = 4 * (count + (count & 1));
  return {
    bytes: new Uint8Array(buffer, room, length),
    ids: new Uint32Array(buffer, start, count),
    dt: new Uint32Array(buffer, start + columnBytes, count),
    values: new Float64Array(buffer, start + 2 * columnBytes, count),
  };
}

/** Writes the header and, on a big-endian host, turns the columns; the columns must not be touched afterwards. */
export function sealFrame(frame: OpenFrame, header: FrameHeader): Uint8Array<ArrayBuffer> {
  const { bytes } = frame;
  writeHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, header, frame.ids.length);
  if (!HOST_IS_LITTLE_ENDIAN) {
    const valuesAt = frame.values.byteOffset - bytes.byteOffset;
    swapElements(bytes.subarray(FRAME_HEADER_BYTES, valuesAt), 4);
    swapElements(bytes.subarray(valuesAt), 8);
  }
  return bytes;
}

/** Writes the header of a frame with so many rows. */
export function writeHeader(view: DataView, at: number, header: FrameHeader, count: number): void {
  view.setUint16(at, FRAME_MAGIC, true);
  view.setUint8(at + 2, PROTOCOL_VERSION);
  view.setUint8(at + 3, header.type === 'snapshot' ? FRAME_TYPE_SNAPSHOT : FRAME_TYPE_UPDATE);
  const conflated = header.conflated ? FRAME_FLAG_CONFLATED : 0;
  const final = header.final ? FRAME_FLAG_FINAL : 0;
  view.setUint16(at + 4, conflated | final | (header.backfill ? FRAME_FLAG_BACKFILL : 0), true);
  view.setUint16(at + 6, header.stream, true);
  view.setUint32(at + 8, count, true);
  view.setUint32(at + 12, header.epoch, true);
  view.setUint32(at + 16, header.sequence % TWO_32, true);
  view.setUint32(at + 20, Math.floor(header.sequence / TWO_32), true);
  view.setFloat64(at + 24, header.baseTimeMs, true);
}

/**
 * Encodes one frame from columns of equal length. NaN, ±Infinity and −0 travel as they are.
 *
 * @throws RangeError when the columns differ in length.
 */
export function encodeFrame(
  header: FrameHeader,
  ids: Uint32Array,
  dt: Uint32Array,
  values: Float64Array,
): Uint8Array<ArrayBuffer> {
  if (ids.length !== values.length || dt.length !== values.length) {
    throw new RangeError(
      `columns of a frame have equal length, got ids ${ids.length}, dt ${dt.length}, values ${values.length}`,
    );
  }
  const frame = openFrame(ids.length);
  frame.ids.set(ids);
  frame.dt.set(dt);
  frame.values.set(values);
  return sealFrame(frame, header);
}

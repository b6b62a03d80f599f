import { crc32 } from 'node:zlib';

// A segment file is a header and records, nothing between them; all numbers little-endian.
//
//   segment header                        file name: <first sequence, 16 hex>-<salt, 8 hex>.wal
//   0        4          8       12      16
//   │ magic  │ version  │ salt  │ crc32 │            crc32 covers the 12 bytes before it
//
//   record
//   0        4             8          16       24              32       36       40              44
//   │ magic  │ header crc  │ sequence │ time   │ points before │ points │ length │ payload crc   │ payload …
//   │ u32    │ u32         │ f64      │ f64 ms │ f64           │ u32    │ u32    │ u32           │
//
// The header crc covers bytes 8 to 44, the payload crc the payload; both are seeded with the segment's random salt, so
// that bytes of a record inside somebody's payload are never taken for a record. A header has a checksum of its own so
// that a search for the next record after damage costs 36 bytes per candidate, whatever length the candidate claims.
// `points before` counts all points ever appended to this log before this record: where it jumps, that many were lost.

export const FORMAT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 16;
export const RECORD_HEADER_BYTES = 44;
const SEGMENT_MAGIC = 0x4c4f4d4e;
const RECORD_MAGIC = 0x5052434e;
const MAGIC_BYTES = Buffer.alloc(4);
MAGIC_BYTES.writeUInt32LE(RECORD_MAGIC);

/** What stands before a payload. */
export interface RecordHeader {
  readonly sequence: number;
  /** Unix milliseconds of the append. */
  readonly timeMs: number;
  readonly pointsBefore: number;
  readonly points: number;
  /** Bytes of the payload. */
  readonly length: number;
}

/** A record as read. */
export interface LogRecord extends RecordHeader {
  readonly payload: Uint8Array;
}

export function segmentHeader(salt: number): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  bytes.writeUInt32LE(SEGMENT_MAGIC, 0);
  bytes.writeUInt32LE(FORMAT_VERSION, 4);
  bytes.writeUInt32LE(salt, 8);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12);
  return bytes;
}

/**
 * The version in a segment's header, or `undefined` when the header is damaged: the salt is in the file's name too, so
 * that damage to the header alone loses nothing.
 */
export function segmentVersion(bytes: Buffer): number | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || bytes.readUInt32LE(0) !== SEGMENT_MAGIC) return undefined;
  return bytes.readUInt32LE(12) === crc32(bytes.subarray(0, 12)) ? bytes.readUInt32LE(4) : undefined;
}

export function segmentName(firstSequence: number, salt: number): string {
  return `${firstSequence.toString(16).padStart(16, '0')}-${salt.toString(16).padStart(8, '0')}.wal`;
}

export function parseSegmentName(name: string): { firstSequence: number; salt: number } | undefined {
  const match = /^([0-9a-f]{16})-([0-9a-f]{8})\.wal$/.exec(name);
  if (match === null) return undefined;
  return { firstSequence: Number.parseInt(match[1]!, 16), salt: Number.parseInt(match[2]!, 16) };
}

export function recordHeader(header: RecordHeader, payload: Uint8Array, salt: number): Buffer {
  const bytes = Buffer.alloc(RECORD_HEADER_BYTES);
  bytes.writeUInt32LE(RECORD_MAGIC, 0);
  bytes.writeDoubleLE(header.sequence, 8);
  bytes.writeDoubleLE(header.timeMs, 16);
  bytes.writeDoubleLE(header.pointsBefore, 24);
  bytes.writeUInt32LE(header.points, 32);
  bytes.writeUInt32LE(header.length, 36);
  bytes.writeUInt32LE(crc32(payload, salt), 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(8), salt), 4);
  return bytes;
}

/** The header at `at`, or `undefined` when there is none that is whole. */
export function readHeader(bytes: Buffer, at: number, salt: number): RecordHeader | undefined {
  if (at + RECORD_HEADER_BYTES > bytes.length || bytes.readUInt32LE(at) !== RECORD_MAGIC) return undefined;
  if (bytes.readUInt32LE(at + 4) !== crc32(bytes.subarray(at + 8, at + RECORD_HEADER_BYTES), salt)) return undefined;
  return {
    sequence: bytes.readDoubleLE(at + 8),
    timeMs: bytes.readDoubleLE(at + 16),
    pointsBefore: bytes.readDoubleLE(at + 24),
    points: bytes.readUInt32LE(at + 32),
    length: bytes.readUInt32LE(at + 36),
  };
}

/** What {@link scan} found. */
export type Scanned =
  | { readonly kind: 'record'; readonly record: LogRecord; readonly to: number }
  /** Bytes up to `to` hold no whole record; `header` when a record's header among them is whole. */
  | { readonly kind: 'damage'; readonly header: RecordHeader | undefined; readonly to: number }
  /** A record that goes on after the end of the bytes; it takes `bytes` in all. */
  | { readonly kind: 'partial'; readonly header: RecordHeader; readonly bytes: number };

/** Reads what is at `at`. After damage, continues at the next whole header. `at` must be before the end. */
export function scan(bytes: Buffer, at: number, salt: number): Scanned {
  const header = readHeader(bytes, at, salt);
  if (header === undefined) return { kind: 'damage', header: undefined, to: nextHeader(bytes, at + 1, salt) };
  const payloadAt = at + RECORD_HEADER_BYTES;
  const to = payloadAt + header.length;
  if (to > bytes.length) return { kind: 'partial', header, bytes: RECORD_HEADER_BYTES + header.length };
  const payload = bytes.subarray(payloadAt, to);
  if (crc32(payload, salt) === bytes.readUInt32LE(at + 40))
    return { kind: 'record', record: { ...header, payload }, to };
  // The length is good, so this is where the next record begins; unless bytes went missing, which the search finds.
  const skips = to === bytes.length || readHeader(bytes, to, salt) !== undefined;
  return { kind: 'damage', header, to: skips ? to : nextHeader(bytes, payloadAt, salt) };
}

function nextHeader(bytes: Buffer, from: number, salt: number): number {
  for (let at = bytes.indexOf(MAGIC_BYTES, from); at >= 0; at = bytes.indexOf(MAGIC_BYTES, at + 1)) {
    if (readHeader(bytes, at, salt) !== undefined) return at;
  }
  return bytes.length;
}

import { QuantError } from '../errors.ts';
import { crc32 } from './crc32.ts';

const HEADER_BYTES = 24;
const DOUBLE_BYTES = 8;
const CHECKSUM_AT = 12;
const CHECKED_FROM = 16;

/** Text and numbers of a state, which together are all of it. */
export interface StateParts {
  /** Names and counts. */
  readonly head: unknown;
  readonly numbers: Float64Array;
}

/**
 * Writes a state as one block of bytes. Numbers are kept bit by bit, NaN and -0 among them; all integers are little endian.
 *
 * ```
 *  0  magic, 8 bytes           12  CRC-32 of all from 16 on     24  head as JSON, padded with spaces to 8 bytes
 *  8  version                  16  bytes of the head            …   numbers, 8 bytes each
 *                              20  count of numbers
 * ```
 */
export function writeState(magic: string, version: number, { head, numbers }: StateParts): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const headBytes = Math.ceil(json.length / DOUBLE_BYTES) * DOUBLE_BYTES;
  const bytes = new Uint8Array(HEADER_BYTES + headBytes + numbers.length * DOUBLE_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(8, version, true);
  view.setUint32(16, headBytes, true);
  view.setUint32(20, numbers.length, true);
  bytes.fill(0x20, HEADER_BYTES, HEADER_BYTES + headBytes);
  bytes.set(json, HEADER_BYTES);
  let at = HEADER_BYTES + headBytes;
  for (const number of numbers) {
    view.setFloat64(at, number, true);
    at += DOUBLE_BYTES;
  }
  view.setUint32(CHECKSUM_AT, crc32(bytes.subarray(CHECKED_FROM)), true);
  return bytes;
}

/**
 * Reads what {@link writeState} wrote. Throws a {@link QuantError}: `snapshot_damaged` for bytes that are not one whole
 * state of this kind, `snapshot_version` for one of another version.
 */
export function readState(magic: string, version: number, bytes: Uint8Array): StateParts {
  if (!(bytes instanceof Uint8Array) || bytes.length < HEADER_BYTES) damaged('it is shorter than its header');
  if (!new TextEncoder().encode(magic).every((byte, at) => bytes[at] === byte))
    damaged(`it does not begin with ${magic}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const written = view.getUint32(8, true);
  if (written !== version) {
    throw new QuantError(
      'snapshot_version',
      `the snapshot is of version ${written}; this release reads version ${version}`,
    );
  }
  const headBytes = view.getUint32(16, true);
  const count = view.getUint32(20, true);
  const whole = HEADER_BYTES + headBytes + count * DOUBLE_BYTES;
  if (bytes.length !== whole) damaged(`it has ${bytes.length} bytes, and its header says ${whole}`);
  if (view.getUint32(CHECKSUM_AT, true) !== crc32(bytes.subarray(CHECKED_FROM))) damaged('its checksum does not match');
  const numbers = new Float64Array(count);
  const from = HEADER_BYTES + headBytes;
  for (let at = 0; at < count; at++) numbers[at] = view.getFloat64(from + at * DOUBLE_BYTES, true);
  return { head: headOf(bytes.subarray(HEADER_BYTES, from)), numbers };
}

/** Bytes of the whole state at the beginning of `bytes`, as its header says; NaN where there is no header. */
export function stateLength(bytes: Uint8Array): number {
  if (bytes.length < HEADER_BYTES) return Number.NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return HEADER_BYTES + view.getUint32(16, true) + view.getUint32(20, true) * DOUBLE_BYTES;
}

/** Throws a {@link QuantError} with code `snapshot_damaged`. */
export function damaged(what: string): never {
  throw new QuantError('snapshot_damaged', `the snapshot is damaged: ${what}; start without it, or from an older one`);
}

function headOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Why the text is none does not matter to whoever has to replace the file.
    return damaged('its head is not JSON');
  }
}

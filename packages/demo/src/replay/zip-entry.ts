import { open } from 'node:fs/promises';
import { ReplayError } from '../errors.ts';

// APPNOTE 6.3.10: 4.3.7 local file header, 4.3.12 central directory header, 4.3.16 end of central directory record.
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_RECORD_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;

/** Where the only entry of an archive lies in the file. */
export interface ZipEntry {
  readonly start: number;
  /** Offset after the last compressed byte. */
  readonly end: number;
  readonly deflated: boolean;
}

/**
 * Locates the entry of a zip archive that holds exactly one, stored or deflated, as Binance publishes them.
 * @throws ReplayError `corrupt_archive` for anything else: several entries, encryption, zip64, other methods.
 */
export async function locateZipEntry(path: string): Promise<ZipEntry> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tailBytes = Math.min(size, END_RECORD_BYTES + COMMENT_BYTES_MAX);
    const tail = Buffer.alloc(tailBytes);
    await file.read(tail, 0, tailBytes, size - tailBytes);
    const endAt = findEndRecord(tail);
    if (endAt < 0) throw corrupt(path, 'expected a zip end record, found none: the archive is cut off');
    const entryCount = tail.readUInt16LE(endAt + 10);
    if (entryCount !== 1) throw corrupt(path, `expected an archive of one file, found ${entryCount}`);

    const central = Buffer.alloc(CENTRAL_HEADER_BYTES);
    await file.read(central, 0, CENTRAL_HEADER_BYTES, tail.readUInt32LE(endAt + 16));
    if (central.readUInt32LE(0) !== CENTRAL_HEADER) throw corrupt(path, 'expected a zip central header, found none');
    if ((central.readUInt16LE(8) & ENCRYPTED_FLAG) !== 0)
      throw corrupt(path, 'expected a plain archive, found encryption');
    const method = central.readUInt16LE(10);
    if (method !== STORED && method !== DEFLATED)
      throw corrupt(path, `expected method 0 (stored) or 8 (deflated), found ${method}`);
    const compressedBytes = central.readUInt32LE(20);

    // The local header repeats name and extra field, the latter with a length of its own.
    const localAt = central.readUInt32LE(42);
    const local = Buffer.alloc(LOCAL_HEADER_BYTES);
    await file.read(local, 0, LOCAL_HEADER_BYTES, localAt);
    if (local.readUInt32LE(0) !== LOCAL_HEADER) throw corrupt(path, 'expected a zip local header, found none');
    const start = localAt + LOCAL_HEADER_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (start + compressedBytes > size)
      throw corrupt(path, 'expected the whole entry, found a shorter file (or a zip64 archive)');
    return { start, end: start + compressedBytes, deflated: method === DEFLATED };
  } finally {
    await file.close();
  }
}

function findEndRecord(tail: Buffer): number {
  for (let at = tail.length - END_RECORD_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END_RECORD) return at;
  }
  return -1;
}

function corrupt(path: string, what: string): ReplayError {
  return new ReplayError('corrupt_archive', `${path}: ${what}`);
}

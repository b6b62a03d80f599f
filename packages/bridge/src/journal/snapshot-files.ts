import { open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { type Piece, SNAPSHOT_VERSION } from './state-snapshot.ts';

// A snapshot file, numbers little-endian:
//
//   0          4             8            12             20
//   │ "NMSS"   │ version u32 │ crc32 u32 │ number f64   │ (length u32, piece) …
//
// The checksum covers what follows it. `number` is that of the last entry the state holds. A piece is in the form of
// node:v8's serializer. The file's name is the log's sequence number up to which the state stands for the log.
const MAGIC = 0x53534d4e;
const HEADER_BYTES = 20;
const NAME = /^state-([0-9a-f]{16})\.bin$/;

/** A state as saved. */
export interface Snapshot {
  /** The log up to here is in it. */
  readonly sequence: number;
  /** Number of the last entry in it. */
  readonly number: number;
  readonly pieces: readonly Piece[];
}

/** The snapshots in a folder: replaced whole, the one before kept in case the last cannot be read. */
export class SnapshotFiles {
  readonly #directory: string;
  readonly #sync: boolean;

  constructor(directory: string, sync: boolean) {
    this.#directory = directory;
    this.#sync = sync;
  }

  /** Sequence numbers of the snapshots, the last first. */
  async list(): Promise<number[]> {
    const names = await readdir(this.#directory);
    return names
      .map((name) => NAME.exec(name)?.[1])
      .filter((hex) => hex !== undefined)
      .map((hex) => Number.parseInt(hex, 16))
      .sort((a, b) => b - a);
  }

  /** The snapshot, or `undefined` when its bytes are not what was written. */
  async read(sequence: number): Promise<Snapshot | undefined> {
    const bytes = await readFile(this.#path(sequence));
    if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined;
    if (bytes.readUInt32LE(4) !== SNAPSHOT_VERSION || bytes.readUInt32LE(8) !== crc32(bytes.subarray(12)))
      return undefined;
    const pieces: Piece[] = [];
    for (let at = HEADER_BYTES; at < bytes.length;) {
      const length = bytes.readUInt32LE(at);
      pieces.push(deserialize(bytes.subarray(at + 4, at + 4 + length)) as Piece);
      at += 4 + length;
    }
    return { sequence, number: bytes.readDoubleLE(12), pieces };
  }

  /** Writes a snapshot of pieces that are serialized already; rejects when the disk does not take it. */
  async write(sequence: number, number: number, pieces: readonly Buffer[]): Promise<void> {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(MAGIC, 0);
    header.writeUInt32LE(SNAPSHOT_VERSION, 4);
    header.writeDoubleLE(number, 12);
    const buffers: Buffer[] = [];
    let checksum = crc32(header.subarray(12));
    for (const piece of pieces) {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(piece.length);
      checksum = crc32(piece, crc32(length, checksum));
      buffers.push(length, piece);
    }
    header.writeUInt32LE(checksum, 8);
    const path = this.#path(sequence);
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writev([header, ...buffers]);
      if (this.#sync) await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    if (this.#sync) await syncFolder(this.#directory);
  }

  async delete(sequence: number): Promise<void> {
    await unlink(this.#path(sequence));
  }

  #path(sequence: number): string {
    return join(this.#directory, `state-${sequence.toString(16).padStart(16, '0')}.bin`);
  }
}

async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

import { closeSync, fsyncSync, openSync, readFileSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SlotState } from './delta-store.ts';
import { StatsdError } from './errors.ts';

/** What is written of one slot: its state, and what it had sent before the batch that is on its way, if one is. */
export interface SavedSlot extends SlotState {
  readonly sentBefore: number;
}

const MAGIC = 0x4e4d5344;
const VERSION = 1;
const HEADER_BYTES = 12;
const NUMBERS: readonly (keyof SavedSlot)[] = [
  'sent',
  'sentBefore',
  'base',
  'last',
  'startSeconds',
  'startNanos',
  'endSeconds',
  'endNanos',
];

/**
 * The delta slots of an exporter in a file, by series:
 *
 * ```
 * "NMSD" u32 · version u32 · count u32 · count × (key length u32, key, 8 doubles) · CRC-32 of all before u32
 * ```
 *
 * It is written as a whole beside its place, synced, and renamed into it, so that it is the old or the new one whatever
 * happens. One writer per file.
 */
export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads the file; empty when there is none. A file that is damaged is put aside as `<path>.damaged`, and `onDamage`
   * hears why. Throws `INVALID_OPTION` when it cannot be read for another reason.
   */
  read(onDamage: (why: string) => void): Map<string, SavedSlot> {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
      throw new StatsdError(
        'INVALID_OPTION',
        `stateFile ${this.#path} cannot be read: ${(cause as Error).message}; a readable and writable file is needed`,
        { cause },
      );
    }
    const read = decode(bytes);
    if (typeof read !== 'string') return read;
    renameSync(this.#path, `${this.#path}.damaged`);
    onDamage(`${read}; it is kept as ${this.#path}.damaged`);
    return new Map();
  }

  /** Replaces the file. Rejects when it cannot be written; the old one is then still in place. */
  async write(slots: ReadonlyMap<string, SavedSlot>): Promise<void> {
    const beside = `${this.#path}.new`;
    const file = await open(beside, 'w');
    try {
      await file.writeFile(encode(slots));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
    syncFolder(dirname(this.#path));
  }
}

// The rename itself survives a power cut only when its folder is synced; Windows has no such thing.
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function encode(slots: ReadonlyMap<string, SavedSlot>): Buffer {
  const keys = Array.from(slots.keys(), (key) => Buffer.from(key));
  const length = keys.reduce((sum, key) => sum + 4 + key.length + NUMBERS.length * 8, HEADER_BYTES + 4);
  const bytes = Buffer.allocUnsafe(length);
  let at = bytes.writeUInt32BE(MAGIC, 0);
  at = bytes.writeUInt32LE(VERSION, at);
  at = bytes.writeUInt32LE(slots.size, at);
  let index = 0;
  for (const slot of slots.values()) {
    const key = keys[index++]!;
    at = bytes.writeUInt32LE(key.length, at);
    at += key.copy(bytes, at);
    for (const name of NUMBERS) at = bytes.writeDoubleLE(slot[name], at);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, at)), at);
  return bytes;
}

/** The slots, or what is wrong with the bytes. */
function decode(bytes: Buffer): Map<string, SavedSlot> | string {
  const end = bytes.length - 4;
  if (end < HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC) return 'it is no state file';
  if (bytes.readUInt32LE(end) !== crc32(bytes.subarray(0, end))) return 'its checksum is wrong';
  if (bytes.readUInt32LE(4) !== VERSION) return `its version is ${bytes.readUInt32LE(4)}, not ${VERSION}`;
  const slots = new Map<string, SavedSlot>();
  let at = HEADER_BYTES;
  for (let rest = bytes.readUInt32LE(8); rest > 0; rest--) {
    if (at + 4 > end) return 'it ends too early';
    const keyEnd = at + 4 + bytes.readUInt32LE(at);
    if (keyEnd + NUMBERS.length * 8 > end) return 'it ends too early';
    const key = bytes.toString('utf8', at + 4, keyEnd);
    const numbers = NUMBERS.map((name, index) => [name, bytes.readDoubleLE(keyEnd + index * 8)] as const);
    slots.set(key, Object.fromEntries(numbers) as unknown as SavedSlot);
    at = keyEnd + NUMBERS.length * 8;
  }
  return at === end ? slots : 'it is too long';
}

import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { instanceOf } from './workload.ts';

/** What was done to which file, and the lives whose points were in it. */
export interface Damage {
  readonly file: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly lives: ReadonlySet<number>;
}

const FLIPPED_BYTES = 4;

/**
 * Damages the largest data file of a folder while nobody has it open: inverts a few bytes, or cuts the file off, at a
 * place given as a share of its size. `undefined` when there is no file with content.
 */
export function damage(folder: string, how: 'flip' | 'truncate', where: number, lives: number): Damage | undefined {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/lock|filler|backup$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, sizeBytes: statSync(file).size }))
    .filter(({ sizeBytes }) => sizeBytes > 0)
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes || a.file.localeCompare(b.file));
  const [largest] = files;
  if (largest === undefined) return undefined;
  const { file, sizeBytes } = largest;
  const offset = Math.floor(where * sizeBytes);
  const found = livesIn(
    files.map((each) => readFileSync(each.file)),
    lives,
  );
  if (how === 'truncate') truncateSync(file, offset);
  else flip(file, offset, Math.min(FLIPPED_BYTES, sizeBytes - offset));
  return { file, offset, sizeBytes, lives: found };
}

/** Which lives have points in the bytes: their `service.instance.id` is there as text. */
export function livesIn(pieces: readonly Buffer[], lives: number): Set<number> {
  const found = new Set<number>();
  for (let life = 1; life <= lives; life += 1) {
    if (pieces.some((bytes) => bytes.includes(instanceOf(life)))) found.add(life);
  }
  return found;
}

function flip(path: string, offset: number, length: number): void {
  const file = openSync(path, 'r+');
  try {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, offset);
    for (const [index, byte] of bytes.entries()) bytes[index] = byte ^ 0xff;
    writeSync(file, bytes, 0, length, offset);
  } finally {
    closeSync(file);
  }
}

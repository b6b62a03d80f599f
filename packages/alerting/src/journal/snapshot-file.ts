import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SavedState } from './entry.ts';

/** A state with the number of the last entry it holds. */
export interface Snapshot {
  readonly number: number;
  /** The log up to here is in it. */
  readonly sequence: number;
  readonly state: SavedState;
}

const NAME = 'state.json';
const PREVIOUS = 'state.previous.json';

/** Reads the last snapshot that is whole: one line with the checksum, one with the state. */
export async function readSnapshot(
  directory: string,
  onTrouble: (text: string) => void,
): Promise<Snapshot | undefined> {
  for (const name of [NAME, PREVIOUS]) {
    let text: string;
    try {
      text = await readFile(join(directory, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (end > 0 && crc32(body).toString(16) === text.slice(0, end)) return JSON.parse(body) as Snapshot;
    onTrouble(`${name} of the alerts' state is damaged; what it stood for is read from the one before and the log`);
  }
  return undefined;
}

/** Writes a snapshot beside the last one, which is kept as the previous. */
export async function writeSnapshot(directory: string, snapshot: Snapshot): Promise<void> {
  const body = JSON.stringify(snapshot);
  const path = join(directory, NAME);
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(`${crc32(body).toString(16)}\n${body}`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(path, join(directory, PREVIOUS)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(`${path}.new`, path);
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

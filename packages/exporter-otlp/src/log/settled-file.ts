import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { LogFiles } from './log-files.ts';
import type { SequenceRange } from './sequence-ranges.ts';

const NAME = 'settled.json';

/** What a log has settled: delivered or dropped on purpose. */
export interface Settled {
  readonly ranges: readonly SequenceRange[];
  /** Points of all records up to the end of the first range, counted since the log was made; null when unknown. */
  readonly prefixPoints: number | null;
}

/**
 * The file beside the segments that says what is settled. Replaced whole: written, synced, renamed, folder synced. When
 * it is missing or damaged everything readable counts as held, so damage leads to repetition and never to loss.
 */
export class SettledFile {
  readonly #directory: string;
  readonly #files: LogFiles;

  constructor(directory: string, files: LogFiles) {
    this.#directory = directory;
    this.#files = files;
  }

  async read(): Promise<Settled | undefined> {
    let text: string;
    try {
      text = await this.#files.readFile(join(this.#directory, NAME), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const [sum = '', body = ''] = text.split('\n');
    if (crc32(body).toString(16) !== sum) return undefined;
    return JSON.parse(body) as Settled;
  }

  async write(settled: Settled, sync: boolean): Promise<void> {
    const body = JSON.stringify(settled);
    const path = join(this.#directory, NAME);
    const file = await this.#files.open(`${path}.new`, 'w');
    try {
      await file.writeFile(`${crc32(body).toString(16)}\n${body}`);
      if (sync) await file.datasync();
    } finally {
      await file.close();
    }
    await this.#files.rename(`${path}.new`, path);
    if (sync) await syncFolder(this.#files, this.#directory);
  }
}

/** Makes created, renamed and deleted names durable. */
export async function syncFolder(files: LogFiles, directory: string): Promise<void> {
  const folder = await files.open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

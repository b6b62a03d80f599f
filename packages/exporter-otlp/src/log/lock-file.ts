import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OtlpError } from '../errors.ts';
import type { LogFiles } from './log-files.ts';

const NAME = 'lock';

/**
 * Keeps a log's folder to one writer. The file names its owner by process id and start time, because ids are reused (in a
 * container the first process has the same one every time); a lock whose owner is gone is taken over.
 */
export class LockFile {
  readonly #path: string;
  readonly #files: LogFiles;
  #held = false;

  constructor(directory: string, files: LogFiles) {
    this.#path = join(directory, NAME);
    this.#files = files;
  }

  /** @throws OtlpError `LOG_LOCKED` */
  async acquire(): Promise<void> {
    // Each turn ends with the lock, an error, or one stale lock less.
    for (let turn = 0; turn < 10; turn++) {
      if (await this.#create()) return;
      const owner = await this.#owner();
      if (owner === undefined) continue;
      if (isAlive(owner)) throw this.#locked(owner);
      await this.#remove(owner);
    }
    throw this.#locked('others that come and go');
  }

  async release(): Promise<void> {
    if (!this.#held) return;
    this.#held = false;
    await this.#files.unlink(this.#path);
  }

  async #create(): Promise<boolean> {
    // Linked into place with its content: a lock without its owner's name would look stale.
    const own = `${this.#path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    const file = await this.#files.open(own, 'wx');
    try {
      await file.writeFile(`${process.pid} ${startOf(process.pid) ?? ''}`);
    } finally {
      await file.close();
    }
    try {
      await this.#files.link(own, this.#path);
      this.#held = true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await this.#files.unlink(own);
    }
    return this.#held;
  }

  async #owner(): Promise<string | undefined> {
    try {
      return await this.#files.readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Moves the stale lock away; puts it back when it was another one by then. */
  async #remove(stale: string): Promise<void> {
    const aside = `${this.#path}.stale.${process.pid}`;
    try {
      await this.#files.rename(this.#path, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const moved = await this.#files.readFile(aside, 'utf8');
    // Should a third process have locked in between, its lock stands.
    if (moved !== stale) await this.#files.link(aside, this.#path).catch(() => undefined);
    await this.#files.unlink(aside);
  }

  #locked(owner: string): OtlpError {
    const message =
      `${this.#path} belongs to process ${owner.trim() || '?'}, which is running; ` +
      'a log has one writer, so give every exporter a folder of its own';
    return new OtlpError('LOG_LOCKED', message);
  }
}

function isAlive(owner: string): boolean {
  const [id = '', start = ''] = owner.split(' ');
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return now === undefined || start === '' || now === start;
}

/** When a process started, in ticks since the boot; `undefined` where the system has no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may hold spaces; the start time is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = Buffer.alloc(64 * 1024, 1);

/** A disk that can be filled: a tmpfs of a few megabytes mounted on a folder, or nothing where mounting is not allowed. */
export class SmallDisk {
  readonly folder: string;
  /** Why it is no disk of its own; `undefined` when it is. */
  readonly refusal: string | undefined;

  /** Mounts it. Never throws: where mounting is refused, the folder is an ordinary one and says why. */
  constructor(folder: string, sizeMib: number) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'nanometer-faults', folder], { stdio: 'pipe' });
    } catch (error) {
      this.refusal = String((error as { stderr?: Buffer }).stderr ?? error).trim();
    }
  }

  /** Takes all the space that is left. Throws when the folder is no disk of its own. */
  fill(): void {
    if (this.refusal !== undefined) throw new Error(`the folder is not a disk of its own: ${this.refusal}`);
    const file = openSync(join(this.folder, 'filler'), 'w');
    try {
      for (let size = PIECE.length; size >= 1; size = Math.floor(size / 2)) {
        while (written(file, size));
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the space back. */
  free(): void {
    rmSync(join(this.folder, 'filler'), { force: true });
  }

  unmount(): void {
    if (this.refusal === undefined) execFileSync('umount', ['-l', this.folder], { stdio: 'pipe' });
  }
}

function written(file: number, size: number): boolean {
  try {
    return writeSync(file, PIECE, 0, size) === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

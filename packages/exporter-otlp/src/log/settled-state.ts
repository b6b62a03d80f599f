import type { LogFiles } from './log-files.ts';
import type { Segment } from './segment.ts';
import { SequenceRanges } from './sequence-ranges.ts';
import type { Settled, SettledFile } from './settled-file.ts';

interface SettledListener {
  onDeleted(bytes: number): void;
  onProblem(what: string, error: unknown): void;
}

/**
 * What is settled, in memory and on disk. The file follows the memory one write at a time; a segment is deleted after the
 * file that settles it was written, so that a crash in between repeats and never misses anything.
 */
export class SettledState {
  ranges: SequenceRanges = new SequenceRanges();
  readonly #file: SettledFile;
  readonly #files: LogFiles;
  readonly #sync: boolean;
  readonly #listener: SettledListener;
  /** Points counted up to the end of each range. */
  #endPoints = new Map<number, number>([[0, 0]]);
  #changed = false;
  #obsolete: Segment[] = [];
  #writing: Promise<void> | undefined;

  constructor(file: SettledFile, files: LogFiles, sync: boolean, listener: SettledListener) {
    this.#file = file;
    this.#files = files;
    this.#sync = sync;
    this.#listener = listener;
  }

  async load(): Promise<Settled | undefined> {
    const settled = await this.#file.read();
    this.ranges = new SequenceRanges(settled?.ranges);
    if (typeof settled?.prefixPoints === 'number') this.#endPoints.set(this.ranges.prefix, settled.prefixPoints);
    return settled;
  }

  /** Puts the file beside a log that begins, so that a first segment which goes missing later is missed. */
  begin(): void {
    this.#changed = true;
    this.#writing ??= this.#write();
  }

  add(from: number, to: number, endPoints: number | undefined): void {
    this.ranges.add(from, to);
    if (endPoints !== undefined) this.#endPoints.set(to, endPoints);
    const ends = this.ranges.list.map((range) => range.to);
    this.#endPoints = new Map([...this.#endPoints].filter(([end]) => end === 0 || ends.includes(end)));
    this.#changed = true;
    this.#writing ??= this.#write();
  }

  isDone({ firstSequence, lastSequence }: Segment): boolean {
    return lastSequence < firstSequence || this.ranges.covers(firstSequence, lastSequence);
  }

  deleteLater(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    this.#obsolete.push(...segments);
    this.#writing ??= this.#write();
  }

  /** Resolves when the disk agrees with the memory, or cannot be made to. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #write(): Promise<void> {
    // Begins in the next turn, so that what one batch settles and deletes goes together.
    await Promise.resolve();
    while (this.#changed || this.#obsolete.length > 0) {
      const obsolete = this.#obsolete;
      this.#obsolete = [];
      await this.#writeFile();
      for (const segment of obsolete) await this.#delete(segment);
    }
    this.#writing = undefined;
  }

  async #writeFile(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const { list, prefix } = this.ranges;
    try {
      await this.#file.write({ ranges: list, prefixPoints: this.#endPoints.get(prefix) ?? null }, this.#sync);
    } catch (error) {
      // On a full disk the deletions that follow make the room; the next settlement writes again.
      this.#listener.onProblem('what is settled could not be written; it may be sent again after a restart', error);
    }
  }

  async #delete({ path, bytes }: Segment): Promise<void> {
    try {
      await this.#files.unlink(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#listener.onProblem(`${path} is not deleted`, error);
    }
    this.#listener.onDeleted(bytes);
  }
}

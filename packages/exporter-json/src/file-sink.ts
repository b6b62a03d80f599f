import { type FileHandle, open, rename } from 'node:fs/promises';
import { JsonError } from './errors.ts';
import type { Sink } from './sink.ts';

/** Appends lines to a file. At the limit it becomes `<path>.1`, `.1` becomes `.2` and so on; the last is replaced. */
export class FileSink implements Sink {
  readonly #path: string;
  readonly #limitBytes: number;
  readonly #keep: number;
  #file: FileHandle | undefined;
  #bytes = 0;

  constructor(path: string, limitBytes: number, keep: number) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    this.#keep = keep;
  }

  async write(line: string): Promise<void> {
    const bytes = Buffer.from(line);
    try {
      await this.#open();
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#limitBytes) await this.#rotate();
      await this.#append(bytes);
    } catch (error) {
      const message = `${this.#path}: ${(error as Error).message}; the line is not in the file`;
      throw new JsonError('WRITE_FAILED', message, { cause: error });
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #open(): Promise<FileHandle> {
    if (this.#file === undefined) {
      this.#file = await open(this.#path, 'a');
      this.#bytes = (await this.#file.stat()).size;
    }
    return this.#file;
  }

  /** A line that was written in part is taken back: a file holds whole lines only. */
  async #append(bytes: Buffer): Promise<void> {
    const file = await this.#open();
    try {
      for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
      this.#bytes += bytes.length;
    } catch (error) {
      // What cannot be cut back either (a device) has no size to keep.
      await file.truncate(this.#bytes).catch(() => undefined);
      throw error;
    }
  }

  async #rotate(): Promise<void> {
    await this.close();
    for (let index = this.#keep - 1; index >= 0; index--) {
      const from = index === 0 ? this.#path : `${this.#path}.${index}`;
      try {
        await rename(from, `${this.#path}.${index + 1}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    await this.#open();
  }
}

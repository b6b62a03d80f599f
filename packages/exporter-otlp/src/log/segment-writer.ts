import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogFiles } from './log-files.ts';
import { SEGMENT_HEADER_BYTES, segmentHeader, segmentName } from './record-format.ts';
import { Segment } from './segment.ts';
import { syncFolder } from './settled-file.ts';

/** When a log's bytes are made to survive a power loss. */
export type FsyncPolicy = 'always' | 'interval' | 'never';
export const FSYNC_POLICIES: readonly FsyncPolicy[] = ['always', 'interval', 'never'];

/** The file that is being appended to. */
export class SegmentWriter {
  readonly segment: Segment;
  readonly #handle: FileHandle;
  #dirty = false;

  private constructor(segment: Segment, handle: FileHandle) {
    this.segment = segment;
    this.#handle = handle;
  }

  /** Creates a file whose first record will be `firstSequence`. */
  static async create(
    files: LogFiles,
    directory: string,
    firstSequence: number,
    sync: boolean,
  ): Promise<SegmentWriter> {
    const salt = randomBytes(4).readUInt32LE();
    const path = join(directory, segmentName(firstSequence, salt));
    const handle = await files.open(path, 'wx');
    try {
      await handle.writeFile(segmentHeader(salt));
      if (sync) await syncFolder(files, directory);
    } catch (error) {
      await handle.close();
      await files.unlink(path);
      throw error;
    }
    return new SegmentWriter(new Segment(path, firstSequence, salt), handle);
  }

  get isEmpty(): boolean {
    return this.segment.bytes === SEGMENT_HEADER_BYTES;
  }

  /** Appends all of it; after an error the file is as long as before, or `truncate` says that it is not. */
  async write(buffers: readonly Uint8Array[]): Promise<void> {
    this.#dirty = true;
    let rest = [...buffers];
    let position = this.segment.bytes;
    while (rest.length > 0) {
      let { bytesWritten } = await this.#handle.writev(rest, position);
      position += bytesWritten;
      while (rest.length > 0 && bytesWritten >= rest[0]!.length) bytesWritten -= rest.shift()!.length;
      if (bytesWritten > 0) rest = [rest[0]!.subarray(bytesWritten), ...rest.slice(1)];
    }
  }

  /** Makes what was written durable; resolves with the seconds it took, `undefined` when there was nothing to do. */
  async sync(): Promise<number | undefined> {
    if (!this.#dirty) return undefined;
    this.#dirty = false;
    const startMs = performance.now();
    try {
      await this.#handle.datasync();
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
    return (performance.now() - startMs) / 1000;
  }

  /** Takes back what follows the last good record. */
  async truncate(): Promise<void> {
    await this.#handle.truncate(this.segment.bytes);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

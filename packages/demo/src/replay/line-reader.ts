import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { ReplayError } from '../errors.ts';
import { locateZipEntry } from './zip-entry.ts';

/** A row of market data has some 150 characters; a longer line is another kind of file. */
const LINE_LENGTH_MAX = 65_536;

/** Consecutive lines of a file. */
export interface LineBatch {
  /** Number of the first line, counted from 1. */
  readonly firstLine: number;
  /** Without line ends. */
  readonly lines: string[];
}

/**
 * Reads a text file, plain, gzipped or in a zip archive, by content and not by name, in batches of whole lines; holds
 * one chunk at a time.
 * @throws ReplayError `unreadable`, `corrupt_archive` or `malformed_row` (a line longer than any row).
 */
export async function* readLines(path: string): AsyncGenerator<LineBatch, void, void> {
  const stream = await openText(path);
  let tail = '';
  let firstLine = 1;
  try {
    for await (const chunk of stream) {
      const lines = (tail + (chunk as Buffer).toString('latin1')).split('\n');
      tail = lines.pop() ?? '';
      if (tail.length > LINE_LENGTH_MAX) {
        const where = `${path}:${firstLine + lines.length}`;
        throw new ReplayError(
          'malformed_row',
          `${where}: expected a line, found ${tail.length} characters without end`,
        );
      }
      if (lines.length === 0) continue;
      trimReturns(lines);
      yield { firstLine, lines };
      firstLine += lines.length;
    }
    if (tail !== '') {
      const lines = [tail];
      trimReturns(lines);
      yield { firstLine, lines };
    }
  } catch (error) {
    if (error instanceof ReplayError) throw error;
    throw asReplayError(path, error);
  } finally {
    stream.destroy();
  }
}

async function openText(path: string): Promise<Readable> {
  const magic = await readMagic(path);
  if (magic.length >= 2 && magic[0] === 0x1f && magic[1] === 0x8b) {
    return through(createReadStream(path), createGunzip());
  }
  if (magic.length >= 4 && magic.readUInt32LE(0) === 0x04034b50) {
    const entry = await locateZipEntry(path);
    if (entry.end === entry.start) return Readable.from([]);
    const raw = createReadStream(path, { start: entry.start, end: entry.end - 1 });
    return entry.deflated ? through(raw, createInflateRaw()) : raw;
  }
  return createReadStream(path);
}

async function readMagic(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asReplayError(path, error);
  }
}

function through(source: Readable, transform: ReturnType<typeof createGunzip>): Readable {
  // `pipe` leaves the transform waiting for ever when the source fails.
  source.on('error', (error) => transform.destroy(error));
  transform.on('close', () => source.destroy());
  return source.pipe(transform);
}

function trimReturns(lines: string[]): void {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.charCodeAt(line.length - 1) === 13) lines[i] = line.slice(0, -1);
  }
}

function asReplayError(path: string, cause: unknown): ReplayError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new ReplayError('not_found', `${path}: no such file`, { cause });
  if (code?.startsWith('Z_')) {
    return new ReplayError('corrupt_archive', `${path}: expected a whole compressed file, found: ${message}`, {
      cause,
    });
  }
  return new ReplayError('unreadable', `${path}: cannot be read: ${message}`, { cause });
}

import type { LogFiles } from './log-files.ts';
import { type LogRecord, RECORD_HEADER_BYTES, scan } from './record-format.ts';
import type { Segment } from './segment.ts';

/** Records of one segment from an offset on, and where to go on. */
export interface SegmentRead {
  readonly records: readonly LogRecord[];
  readonly offset: number;
  readonly isAtEnd: boolean;
}

/** Says which records are wanted: `skip` passes over one, `stop` ends before it. */
export type RecordFilter = (record: LogRecord, bytesSoFar: number) => 'take' | 'skip' | 'stop';

/** Reads about `maxBytes` from `offset`, or one whole record when it is larger. Damage is passed over. */
export async function readSegment(
  files: LogFiles,
  segment: Segment,
  offset: number,
  maxBytes: number,
  filter: RecordFilter,
): Promise<SegmentRead> {
  // The active segment grows while it is read.
  const end = segment.bytes;
  let wanted = maxBytes + RECORD_HEADER_BYTES;
  for (;;) {
    const chunk = await readChunk(files, segment.path, offset, Math.min(wanted, end - offset));
    const isLast = offset + chunk.length >= end || chunk.length < Math.min(wanted, end - offset);
    const { records, at, need } = scanChunk(chunk, segment.salt, isLast, filter);
    if (need !== undefined && at === 0) {
      wanted = need;
      continue;
    }
    return { records, offset: offset + at, isAtEnd: isLast && at >= chunk.length };
  }
}

function scanChunk(
  chunk: Buffer,
  salt: number,
  isLast: boolean,
  filter: RecordFilter,
): { records: LogRecord[]; at: number; need?: number } {
  const records: LogRecord[] = [];
  let taken = 0;
  let at = 0;
  while (at < chunk.length) {
    if (!isLast && at + RECORD_HEADER_BYTES > chunk.length) break;
    const found = scan(chunk, at, salt);
    if (found.kind === 'record') {
      const wish = filter(found.record, taken);
      if (wish === 'stop') break;
      if (wish === 'take') {
        records.push(found.record);
        taken += found.record.payload.length;
      }
      at = found.to;
    } else if (found.kind === 'partial') {
      if (!isLast) return { records, at, need: found.bytes };
      at = chunk.length;
    } else {
      // A header may begin at the end of the chunk and go on after it.
      const sure = isLast || found.to < chunk.length ? found.to : found.to - RECORD_HEADER_BYTES + 1;
      if (sure <= at) break;
      at = sure;
    }
  }
  return { records, at };
}

async function readChunk(files: LogFiles, path: string, offset: number, length: number): Promise<Buffer> {
  const chunk = Buffer.allocUnsafe(length);
  const file = await files.open(path, 'r');
  try {
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(chunk, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return chunk.subarray(0, filled);
  } finally {
    await file.close();
  }
}

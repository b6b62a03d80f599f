import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogFiles } from './log-files.ts';
import { FORMAT_VERSION, parseSegmentName, scan, SEGMENT_HEADER_BYTES, segmentVersion } from './record-format.ts';
import { Segment } from './segment.ts';
import type { SequenceRanges } from './sequence-ranges.ts';
import type { Settled } from './settled-file.ts';

/** Checksums of this much are computed between two turns of the event loop: about 0.5 ms. */
const TURN_BYTES = 512 * 1024;

/** What an earlier process left in a folder. */
export interface Recovered {
  readonly segments: Segment[];
  /** Files whose records are all settled. */
  readonly obsolete: Segment[];
  /** Files of a version this code does not know; they are left alone. */
  readonly unknown: string[];
  lastSequence: number;
  pointsAfter: number;
  /** Points that were appended and cannot be read any more. */
  lostPoints: number;
  /** Bytes that are no whole record: a torn tail or damage. */
  damagedBytes: number;
}

/** Reads all segments of a folder once. Damage is counted, never thrown; I/O errors are thrown. */
export async function recover(
  directory: string,
  files: LogFiles,
  settled: Settled | undefined,
  ranges: SequenceRanges,
): Promise<Recovered> {
  const walk = new Walk(files, settled, ranges);
  const named = (await files.readdir(directory))
    .map((name) => ({ name, parsed: parseSegmentName(name) }))
    .filter(({ parsed }) => parsed !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, parsed } of named) {
    await walk.segment(new Segment(join(directory, name), parsed!.firstSequence, parsed!.salt));
  }
  return walk.result;
}

class Walk {
  readonly result: Recovered;
  readonly #files: LogFiles;
  readonly #ranges: SequenceRanges;
  /** Sequence number and point count up to which nothing is missing; unknown before the first record of a log without its settled file. */
  #after: number;
  #points: number | undefined;
  #turnBytes = 0;

  constructor(files: LogFiles, settled: Settled | undefined, ranges: SequenceRanges) {
    this.#files = files;
    this.#ranges = ranges;
    this.#after = ranges.prefix;
    this.#points = settled?.prefixPoints ?? undefined;
    this.result = {
      segments: [],
      obsolete: [],
      unknown: [],
      lastSequence: ranges.list.at(-1)?.to ?? 0,
      pointsAfter: settled?.prefixPoints ?? 0,
      lostPoints: 0,
      damagedBytes: 0,
    };
  }

  async segment(segment: Segment): Promise<void> {
    const bytes = await this.#files.readFile(segment.path);
    const version = segmentVersion(bytes);
    if (version !== undefined && version !== FORMAT_VERSION) {
      this.result.unknown.push(segment.path);
      this.result.lastSequence = Math.max(this.result.lastSequence, segment.firstSequence);
      return;
    }
    segment.bytes = bytes.length;
    for (let at = SEGMENT_HEADER_BYTES; at < bytes.length;) {
      const found = scan(bytes, at, segment.salt);
      const to = found.kind === 'partial' ? bytes.length : found.to;
      if (found.kind === 'record') {
        this.#record(segment, found.record.sequence, found.record);
      } else {
        this.result.damagedBytes += to - at;
        // Its number is taken, whether it ever counted or not.
        if (found.header !== undefined) this.#sequence(segment, found.header.sequence);
      }
      this.#turnBytes += to - at;
      at = to;
      if (this.#turnBytes > TURN_BYTES) {
        this.#turnBytes = 0;
        await nextTurn();
      }
    }
    segment.pointsAfter = this.result.pointsAfter;
    const isDone = segment.heldRecords === 0;
    (isDone ? this.result.obsolete : this.result.segments).push(segment);
  }

  #sequence(segment: Segment, sequence: number): void {
    segment.lastSequence = Math.max(segment.lastSequence, sequence);
    this.result.lastSequence = Math.max(this.result.lastSequence, sequence);
  }

  #record(
    segment: Segment,
    sequence: number,
    { points, pointsBefore, timeMs }: { points: number; pointsBefore: number; timeMs: number },
  ): void {
    this.#sequence(segment, sequence);
    if (sequence > this.#after) {
      const missing = pointsBefore - (this.#points ?? pointsBefore);
      if (missing > 0 && !this.#ranges.covers(this.#after + 1, sequence - 1)) this.result.lostPoints += missing;
      this.#after = sequence;
      this.#points = pointsBefore + points;
    }
    this.result.pointsAfter = Math.max(this.result.pointsAfter, pointsBefore + points);
    if (!this.#ranges.has(sequence)) segment.hold(points, timeMs);
  }
}

import { SEGMENT_HEADER_BYTES } from './record-format.ts';

/** What a log knows about one of its files; the records themselves stay on disk. */
export class Segment {
  readonly path: string;
  readonly firstSequence: number;
  readonly salt: number;
  /** Bytes that hold records or what is left of them. */
  bytes: number = SEGMENT_HEADER_BYTES;
  lastSequence: number;
  /** Points counted by the log up to the end of this file. */
  pointsAfter = 0;
  heldPoints = 0;
  heldRecords = 0;
  /** Unix milliseconds of its first record held when it was last looked at. */
  oldestMs: number | undefined;

  constructor(path: string, firstSequence: number, salt: number) {
    this.path = path;
    this.firstSequence = firstSequence;
    this.salt = salt;
    this.lastSequence = firstSequence - 1;
  }

  hold(points: number, timeMs: number): void {
    this.heldPoints += points;
    this.heldRecords++;
    this.oldestMs ??= timeMs;
  }
}

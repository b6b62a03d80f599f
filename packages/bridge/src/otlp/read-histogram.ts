import type { BucketRange } from '@nanometer/exporter-statsd';
import type { Cursor } from './cursor.ts';

/** Most buckets a point may have in one range; SDKs send 160 by default. */
export const BUCKET_LIMIT = 4096;

/** A growing array of doubles that is filled anew for each point. */
export class Doubles {
  values: Float64Array = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Float64Array(this.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  copy(): Float64Array {
    return this.values.slice(0, this.length);
  }

  equals(other: ArrayLike<number>): boolean {
    if (other.length !== this.length) return false;
    for (let index = 0; index < this.length; index++) if (other[index] !== this.values[index]) return false;
    return true;
  }
}

/** Fields of a histogram point of either form; one object, filled anew for each point. */
export class HistogramPoint {
  count = 0;
  sum: number | undefined = undefined;
  min: number | undefined = undefined;
  max: number | undefined = undefined;
  readonly bounds: Doubles = new Doubles();
  readonly counts: Doubles = new Doubles();
  scale = 0;
  zeroCount = 0;
  zeroThreshold = 0;
  positive: BucketRange = NO_BUCKETS;
  negative: BucketRange = NO_BUCKETS;
  /** A range was met with more than {@link BUCKET_LIMIT} buckets, or an offset that is no 32-bit number. */
  badRange = false;

  reset(): void {
    this.count = 0;
    this.sum = undefined;
    this.min = undefined;
    this.max = undefined;
    this.bounds.length = 0;
    this.counts.length = 0;
    this.scale = 0;
    this.zeroCount = 0;
    this.zeroThreshold = 0;
    this.positive = NO_BUCKETS;
    this.negative = NO_BUCKETS;
    this.badRange = false;
  }
}

const NO_BUCKETS: BucketRange = { offset: 0, counts: [] };

/** Reads the fields of a HistogramDataPoint that its attributes, times and flags do not use; false when `tag` is none of them. */
export function readExplicitField(cursor: Cursor, tag: number, point: HistogramPoint): boolean {
  if (tag === 33) point.count = cursor.fixed64();
  else if (tag === 41) point.sum = cursor.double();
  else if (tag === 50) readPacked(cursor, point.counts, false);
  else if (tag === 49) point.counts.push(cursor.fixed64());
  else if (tag === 58) readPacked(cursor, point.bounds, true);
  else if (tag === 57) point.bounds.push(cursor.double());
  else if (tag === 89) point.min = cursor.double();
  else if (tag === 97) point.max = cursor.double();
  else return false;
  return true;
}

function readPacked(cursor: Cursor, into: Doubles, doubles: boolean): void {
  const end = cursor.end();
  while (cursor.at < end) into.push(doubles ? cursor.double() : cursor.fixed64());
}

/** The same for an ExponentialHistogramDataPoint. */
export function readExponentialField(cursor: Cursor, tag: number, point: HistogramPoint): boolean {
  if (tag === 33) point.count = cursor.fixed64();
  else if (tag === 41) point.sum = cursor.double();
  else if (tag === 48) point.scale = cursor.zigzag();
  else if (tag === 57) point.zeroCount = cursor.fixed64();
  else if (tag === 66) point.positive = readRange(cursor, point);
  else if (tag === 74) point.negative = readRange(cursor, point);
  else if (tag === 97) point.min = cursor.double();
  else if (tag === 105) point.max = cursor.double();
  else if (tag === 113) point.zeroThreshold = cursor.double();
  else return false;
  return true;
}

function readRange(cursor: Cursor, point: HistogramPoint): BucketRange {
  const end = cursor.end();
  const counts = point.counts;
  counts.length = 0;
  let offset = 0;
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag === 8) offset = cursor.zigzag();
    else if (tag === 18) {
      const stop = cursor.end();
      while (cursor.at < stop && counts.length <= BUCKET_LIMIT) counts.push(cursor.varint());
      cursor.at = stop;
    } else if (tag === 16) counts.push(cursor.varint());
    else cursor.skip(tag % 8);
  }
  if (counts.length > BUCKET_LIMIT || offset !== (offset | 0)) {
    point.badRange = true;
    return NO_BUCKETS;
  }
  return { offset, counts: counts.copy() };
}

import type { DataPoint, ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { AttributeCache } from './attribute-cache.ts';
import { type Exemplar, writeExemplars } from './exemplars.ts';
import { type ProtoWriter, varintSize } from './proto-writer.ts';
import { TimeHalves } from './time.ts';

/** What a point may carry beyond the SDK's own types. */
interface Extras {
  readonly exemplars?: readonly Exemplar[];
  readonly flags?: number;
}

const FIXED = 9;
/** Encoded attributes of numbers. */
export const numberAttributes: AttributeCache = new AttributeCache(0x3a);
/** Encoded attributes of histograms. */
export const histogramAttributes: AttributeCache = new AttributeCache(0x4a);
const exponentialAttributes = new AttributeCache(0x0a);
const start = new TimeHalves();
const end = new TimeHalves();

function setTimes({ startTime, endTime }: DataPoint<unknown>): void {
  start.set(startTime);
  end.set(endTime);
}

function writeTimes(writer: ProtoWriter): void {
  writer.byte(0x11);
  writer.fixed64(start.low, start.high);
  writer.byte(0x19);
  writer.fixed64(end.low, end.high);
}

/** Writes the NumberDataPoints from `from` to `to`, each under tag 1. */
export function writeNumbers(
  writer: ProtoWriter,
  points: readonly DataPoint<number>[],
  isInteger: boolean,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const point = points[i]!;
    const attributes = numberAttributes.encode(point.attributes);
    const size = 3 * FIXED + attributes.length;
    writer.reserve(size + 16);
    writer.byte(0x0a);
    const begin = writer.open(size);
    setTimes(point);
    writeTimes(writer);
    if (isInteger) {
      writer.byte(0x31);
      writer.integer64(point.value);
    } else {
      writer.byte(0x21);
      writer.double(point.value);
    }
    writer.raw(attributes);
    writeExtras(writer, point as Extras, 0x2a, 0x40, isInteger);
    writer.close(begin, size);
  }
}

/** Writes the HistogramDataPoints from `from` to `to`, each under tag 1. */
export function writeHistograms(
  writer: ProtoWriter,
  points: readonly DataPoint<Histogram>[],
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const point = points[i]!;
    const { count, sum, min, max, buckets } = point.value;
    const { counts, boundaries } = buckets;
    const attributes = histogramAttributes.encode(point.attributes);
    const size = 6 * FIXED + 8 * (counts.length + boundaries.length) + attributes.length + 6;
    writer.reserve(size + 24);
    writer.byte(0x0a);
    const begin = writer.open(size);
    setTimes(point);
    writeTimes(writer);
    writer.byte(0x21);
    writer.integer64(count);
    writeOptional(writer, 0x29, sum);
    if (counts.length > 0) {
      writer.byte(0x32);
      writer.length(counts.length * 8);
      for (let k = 0; k < counts.length; k++) writer.integer64(counts[k]!);
    }
    if (boundaries.length > 0) {
      writer.byte(0x3a);
      writer.length(boundaries.length * 8);
      for (let k = 0; k < boundaries.length; k++) writer.double(boundaries[k]!);
    }
    writer.raw(attributes);
    writeOptional(writer, 0x59, min);
    writeOptional(writer, 0x61, max);
    writeExtras(writer, point as Extras, 0x42, 0x50, false);
    writer.close(begin, size);
  }
}

/** Writes the ExponentialHistogramDataPoints from `from` to `to`, each under tag 1. */
export function writeExponentials(
  writer: ProtoWriter,
  points: readonly DataPoint<ExponentialHistogram>[],
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const point = points[i]!;
    const { count, sum, min, max, scale, zeroCount, positive, negative } = point.value;
    const { zeroThreshold } = point.value as { zeroThreshold?: number };
    const attributes = exponentialAttributes.encode(point.attributes);
    const size = 7 * FIXED + attributes.length + positive.bucketCounts.length + negative.bucketCounts.length;
    writer.reserve(size + 10 * (positive.bucketCounts.length + negative.bucketCounts.length) + 96);
    writer.byte(0x0a);
    const begin = writer.open(size);
    writer.raw(attributes);
    setTimes(point);
    writeTimes(writer);
    writer.byte(0x21);
    writer.integer64(count);
    writeOptional(writer, 0x29, sum);
    if (scale !== 0) {
      writer.byte(0x30);
      writer.varint(zigzag(scale));
    }
    writer.byte(0x39);
    writer.integer64(zeroCount);
    writeBuckets(writer, 0x42, positive);
    writeBuckets(writer, 0x4a, negative);
    writeOptional(writer, 0x61, min);
    writeOptional(writer, 0x69, max);
    if (zeroThreshold !== undefined && zeroThreshold !== 0) writeOptional(writer, 0x71, zeroThreshold);
    writeExtras(writer, point as Extras, 0x5a, 0x50, false);
    writer.close(begin, size);
  }
}

function writeBuckets(
  writer: ProtoWriter,
  tag: number,
  { offset, bucketCounts }: ExponentialHistogram['positive'],
): void {
  const expected = bucketCounts.length + 2 + varintSize(bucketCounts.length);
  writer.byte(tag);
  const from = writer.open(expected);
  if (offset !== 0) {
    writer.byte(0x08);
    writer.varint(zigzag(offset));
  }
  if (bucketCounts.length > 0) {
    writer.byte(0x12);
    const countsFrom = writer.open(bucketCounts.length);
    for (let i = 0; i < bucketCounts.length; i++) writer.varint(bucketCounts[i]!);
    writer.close(countsFrom, bucketCounts.length);
  }
  writer.close(from, expected);
}

function writeOptional(writer: ProtoWriter, tag: number, value: number | undefined): void {
  if (value === undefined) return;
  writer.byte(tag);
  writer.double(value);
}

function writeExtras(
  writer: ProtoWriter,
  { exemplars, flags }: Extras,
  exemplarTag: number,
  flagsTag: number,
  isInteger: boolean,
): void {
  if (exemplars !== undefined && exemplars.length > 0) writeExemplars(writer, exemplars, exemplarTag, isInteger);
  if (flags === undefined || flags === 0) return;
  writer.reserve(6);
  writer.byte(flagsTag);
  writer.length(flags >>> 0);
}

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

import type { PushSeries, SeriesAttributes } from '@nanometer/live';
import type { Series } from '../store/series.ts';

// Tags of OTLP's protobuf, field number × 8 + wire type.
const RESOURCE_METRICS = 0x0a;
const RESOURCE = 0x0a;
const SCOPE_METRICS = 0x12;
const SCOPE = 0x0a;
const METRIC = 0x12;
const ATTRIBUTES = 0x0a;
const POINT_ATTRIBUTES = 0x3a;
const GAUGE = 0x2a;
const SUM = 0x3a;
/** `aggregation_temporality = CUMULATIVE`, then `is_monotonic`. */
const CUMULATIVE = [0x10, 2];
const MONOTONIC = [0x18, 1];
/** start_time_unix_nano, time_unix_nano, as_double: a tag and eight bytes each. */
const FIXED_BYTES = 27;
const TIME_AT = 10;
const VALUE_AT = 19;
const INT64_LEAST = -(2 ** 63);
const INT64_END = 2 ** 63;

/**
 * A pushed series as the OTLP bytes of one point of it, in which only time and value are left to write: several of them after
 * one another are an ExportMetricsServiceRequest. So what is pushed is the same to the store as what is exported.
 */
export class PointTemplate {
  readonly bytes: Buffer;
  /** Halves of the 64-bit nanoseconds at which its stream began. */
  readonly startHigh: number;
  readonly startLow: number;
  readonly #fixedAt: number;
  #series: Series | undefined = undefined;
  #removals = 0;

  constructor({ name, kind, unit, description = '', attributes, resource, scope, startTimeUnixNano }: PushSeries) {
    const fixed = Buffer.alloc(FIXED_BYTES);
    fixed[0] = 0x11;
    fixed.writeBigUInt64LE(BigInt(startTimeUnixNano), 1);
    this.startLow = fixed.readUInt32LE(1);
    this.startHigh = fixed.readUInt32LE(5);
    fixed[9] = 0x19;
    fixed[18] = 0x21;
    const point = message(0x0a, [fixed, ...keyValues(POINT_ATTRIBUTES, attributes)]);
    const isSum = kind !== 'gauge';
    const after = isSum ? Buffer.from([...CUMULATIVE, ...(kind === 'counter' ? MONOTONIC : [])]) : Buffer.alloc(0);
    const metric = message(METRIC, [
      message(0x0a, [Buffer.from(name)]),
      message(0x12, [Buffer.from(description)]),
      message(0x1a, [Buffer.from(unit)]),
      message(isSum ? SUM : GAUGE, [point, after]),
    ]);
    const owner = message(SCOPE, [
      message(0x0a, [Buffer.from(scope.name)]),
      message(0x12, [Buffer.from(scope.version)]),
    ]);
    this.bytes = message(RESOURCE_METRICS, [
      message(RESOURCE, keyValues(ATTRIBUTES, resource)),
      message(SCOPE_METRICS, [owner, metric]),
    ]);
    // The point's fields are followed by its attributes and what the sum has behind its points, and by nothing else.
    const attributesBytes = keyValues(POINT_ATTRIBUTES, attributes).reduce((sum, { length }) => sum + length, 0);
    this.#fixedAt = this.bytes.length - after.length - attributesBytes - FIXED_BYTES;
  }

  /** The series that its bytes lead to, where that is known. */
  get series(): Series | undefined {
    return this.#series;
  }

  /** Whether `series` is known, and still in a store from which series were removed so many times. */
  isKnown(removals: number): boolean {
    return this.#series !== undefined && this.#removals === removals;
  }

  /** Notes what its bytes have led to. */
  learn(series: Series | undefined, removals: number): void {
    this.#series = series;
    this.#removals = removals;
  }

  /** Writes the point into a request at an offset; returns where the next one begins. */
  write(request: Buffer, at: number, timeHigh: number, timeLow: number, value: number): number {
    request.set(this.bytes, at);
    const fixedAt = at + this.#fixedAt;
    request.writeUInt32LE(timeLow, fixedAt + TIME_AT);
    request.writeUInt32LE(timeHigh, fixedAt + TIME_AT + 4);
    request.writeDoubleLE(value, fixedAt + VALUE_AT);
    return at + this.bytes.length;
  }
}

function message(tag: number, parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag, ...varint(BigInt(length))]), ...parts]);
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

function keyValues(tag: number, attributes: SeriesAttributes): Buffer[] {
  return Object.entries(attributes).map(([key, value]) =>
    message(tag, [message(0x0a, [Buffer.from(key)]), message(0x12, [anyValue(value)])]),
  );
}

/** Whole numbers are integers, as in the exporters: the type is part of an attribute's identity. */
function anyValue(value: unknown): Buffer {
  if (typeof value === 'string') return message(0x0a, [Buffer.from(value)]);
  if (typeof value === 'boolean') return Buffer.from([0x10, value ? 1 : 0]);
  if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= INT64_LEAST && value < INT64_END) {
      return Buffer.from([0x18, ...varint(BigInt(value))]);
    }
    const double = Buffer.alloc(9);
    double[0] = 0x21;
    double.writeDoubleLE(value, 1);
    return double;
  }
  return message(
    0x2a,
    (value as readonly unknown[]).map((item) => message(0x0a, [anyValue(item)])),
  );
}

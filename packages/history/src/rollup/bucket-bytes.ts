import { type BucketRange, type Distribution, isExponential } from '@nanometer/exporter-statsd';

/**
 * Buckets as bytes:
 *
 *     explicit     0 · varint bounds · float64 little-endian each · varint per count
 *     exponential  1 · zigzag scale · varint zero count · float64 zero threshold · positive · negative
 *     range        zigzag offset · varint length · varint per count
 *
 * Counts are whole numbers from 0; varints are not limited to 32 bits.
 */
export class BucketWriter {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view: DataView = new DataView(this.#bytes.buffer);
  length = 0;

  write(distribution: Distribution): void {
    if (!isExponential(distribution)) {
      const { bounds, counts } = distribution;
      this.#varint(0);
      this.#varint(bounds.length);
      for (let index = 0; index < bounds.length; index++) this.#double(bounds[index]!);
      for (let index = 0; index <= bounds.length; index++) this.#varint(counts[index]!);
      return;
    }
    this.#varint(1);
    this.#zigzag(distribution.scale);
    this.#varint(distribution.zeroCount);
    this.#double(distribution.zeroThreshold);
    this.#range(distribution.positive);
    this.#range(distribution.negative);
  }

  /** What was written since the last time, in a buffer of its own. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.length) as Uint8Array<ArrayBuffer>;
    this.length = 0;
    return taken;
  }

  #range({ offset, counts }: BucketRange): void {
    this.#zigzag(counts.length === 0 ? 0 : offset);
    this.#varint(counts.length);
    for (let index = 0; index < counts.length; index++) this.#varint(counts[index]!);
  }

  #zigzag(value: number): void {
    this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #varint(value: number): void {
    this.#reserve(10);
    // Division, not shifts: counts go beyond 32 bits. What is no count is none.
    let rest = value > 0 && value <= 2 ** 64 ? Math.floor(value) : 0;
    while (rest > 127) {
      this.#bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.length++] = rest;
  }

  #double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const wider = new Uint8Array(this.#bytes.length * 2);
    wider.set(this.#bytes);
    this.#bytes = wider;
    this.#view = new DataView(wider.buffer);
  }
}

/** Reads buckets that a {@link BucketWriter} has written. Throws a `RangeError` for bytes that are none. */
export function readBuckets(bytes: Uint8Array): Distribution {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = view.getUint8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const length = (): number => {
    const value = varint();
    if (value > bytes.length) throw new RangeError('more buckets than bytes');
    return value;
  };
  const zigzag = (): number => {
    const value = varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  };
  const double = (): number => {
    at += 8;
    return view.getFloat64(at - 8, true);
  };
  const many = (count: number, next: () => number): Float64Array => {
    const values = new Float64Array(count);
    for (let index = 0; index < count; index++) values[index] = next();
    return values;
  };
  if (varint() === 0) {
    const count = length();
    return { bounds: many(count, double), counts: many(count + 1, varint) };
  }
  const range = (): BucketRange => ({ offset: zigzag(), counts: many(length(), varint) });
  return { scale: zigzag(), zeroCount: varint(), zeroThreshold: double(), positive: range(), negative: range() };
}

import type { Attributes } from '@opentelemetry/api';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import { highOf, lowOf, varintSize } from './proto-writer.ts';
import { TimeHalves } from './time.ts';

// Every point of a metric is one message under tag 1, and begins alike:
//
//   0      1          9      10       18    19       27
//   │ 0x11 │ start 8  │ 0x19 │ end 8  │ tag │ value 8 or count 8 │ …
//
// A histogram goes on with 0x29 sum, 0x32 length counts, bounds and attributes, and ends with 0x59 min, 0x61 max.
const START = 1;
const END = 10;
const VALUE = 19;
const FIXED = 9;
const HEAD = 3 * FIXED;

const start = new TimeHalves();
const end = new TimeHalves();

/** What a point may carry beyond the SDK's own types. */
interface Extras {
  readonly exemplars?: unknown;
  readonly flags?: number;
}

/**
 * The points of a metric as they were encoded last. While the series stay the same, the next encoding differs in times and
 * values only, at places that are known: writing just these is several times faster than encoding
 * (bench/point-template.bench.js).
 */
export abstract class PointTemplate<T> {
  /** The points, each under tag 1; of the points last given to `refresh`. */
  readonly bytes: Uint8Array;
  protected readonly view: DataView;
  /** Where the content of each point begins. */
  readonly #starts: Int32Array;
  /** Where it ends. */
  readonly #ends: Int32Array;
  readonly #attributes: readonly Attributes[];

  /** `bytes` are the points as encoded, and the template's from now on; attributes must be unchangeable. */
  constructor(points: readonly DataPoint<T>[], bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#starts = new Int32Array(points.length);
    this.#ends = new Int32Array(points.length);
    this.#findPoints();
    this.#attributes = points.map(({ attributes }) => attributes);
  }

  get pointCount(): number {
    return this.#attributes.length;
  }

  /**
   * Brings the bytes of the points from `from` to `to` up to date; `false` when these points need other bytes, which leaves
   * the template useless. There must be as many points as the template has.
   */
  refresh(points: readonly DataPoint<T>[], from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const point = points[i]!;
      if (point.attributes !== this.#attributes[i] || hasExtras(point as Extras)) return false;
      const at = this.#starts[i]!;
      start.set(point.startTime);
      end.set(point.endTime);
      this.view.setUint32(at + START, start.low, true);
      this.view.setUint32(at + START + 4, start.high, true);
      this.view.setUint32(at + END, end.low, true);
      this.view.setUint32(at + END + 4, end.high, true);
      if (!this.write(at, this.#ends[i]!, point.value)) return false;
    }
    return true;
  }

  /** Writes the value of the point whose content is from `at` to `to`; `false` when it does not fit. */
  protected abstract write(at: number, to: number, value: T): boolean;

  protected writeInteger(at: number, value: number): void {
    this.view.setUint32(at, lowOf(value), true);
    this.view.setUint32(at + 4, highOf(value), true);
  }

  #findPoints(): void {
    let at = 0;
    for (let i = 0; i < this.#starts.length; i++) {
      let length = 0;
      let shift = 0;
      let byte: number;
      do {
        byte = this.bytes[++at]!;
        length |= (byte & 127) << shift;
        shift += 7;
      } while (byte > 127);
      this.#starts[i] = ++at;
      at += length;
      this.#ends[i] = at;
    }
  }
}

/** Points of a sum or gauge. */
export class NumberTemplate extends PointTemplate<number> {
  readonly #isInteger: boolean;

  constructor(points: readonly DataPoint<number>[], bytes: Uint8Array, isInteger: boolean) {
    super(points, bytes);
    this.#isInteger = isInteger;
  }

  protected write(at: number, _to: number, value: number): boolean {
    if (this.#isInteger) this.writeInteger(at + VALUE, value);
    else this.view.setFloat64(at + VALUE, value, true);
    return true;
  }
}

/** Points of a histogram with boundaries, all of one shape. */
export class HistogramTemplate extends PointTemplate<Histogram> {
  readonly #boundaries: readonly number[];
  readonly #countsLength: number;
  readonly #countsAt: number;
  readonly #hasSum: boolean;
  readonly #hasMin: boolean;
  readonly #hasMax: boolean;

  constructor(points: readonly DataPoint<Histogram>[], bytes: Uint8Array) {
    super(points, bytes);
    const { sum, min, max, buckets } = points[0]!.value;
    this.#boundaries = buckets.boundaries;
    this.#countsLength = buckets.counts.length;
    this.#hasSum = sum !== undefined;
    this.#hasMin = min !== undefined;
    this.#hasMax = max !== undefined;
    this.#countsAt = HEAD + (this.#hasSum ? FIXED : 0) + 1 + varintSize(8 * this.#countsLength);
  }

  /** Whether the points from `from` to `to` have the first one's shape, and boundaries that cannot change. */
  static suits(points: readonly DataPoint<Histogram>[], from: number, to: number): boolean {
    const first = points[0]!.value;
    const { boundaries, counts } = first.buckets;
    if (!Object.isFrozen(boundaries)) return false;
    for (let i = from; i < to; i++) if (!isLike(points[i]!.value, first, boundaries, counts.length)) return false;
    return true;
  }

  protected write(at: number, to: number, value: Histogram): boolean {
    const { sum, min, max, buckets } = value;
    const { counts } = buckets;
    const { view } = this;
    if (buckets.boundaries !== this.#boundaries || counts.length !== this.#countsLength) return false;
    if ((sum !== undefined) !== this.#hasSum) return false;
    if ((min !== undefined) !== this.#hasMin || (max !== undefined) !== this.#hasMax) return false;
    this.writeInteger(at + VALUE, value.count);
    if (sum !== undefined) view.setFloat64(at + HEAD + 1, sum, true);
    const countsAt = at + this.#countsAt;
    for (let k = 0; k < counts.length; k++) this.writeInteger(countsAt + 8 * k, counts[k]!);
    let last = to;
    if (max !== undefined) view.setFloat64((last -= FIXED) + 1, max, true);
    if (min !== undefined) view.setFloat64(last - FIXED + 1, min, true);
    return true;
  }
}

function isLike(value: Histogram, first: Histogram, boundaries: readonly number[], countsLength: number): boolean {
  return (
    value.buckets.boundaries === boundaries &&
    value.buckets.counts.length === countsLength &&
    (value.sum === undefined) === (first.sum === undefined) &&
    (value.min === undefined) === (first.min === undefined) &&
    (value.max === undefined) === (first.max === undefined)
  );
}

/** Whether a point carries what templates have no place for. */
export function hasExtras({ exemplars, flags }: Extras): boolean {
  return exemplars !== undefined || (flags !== undefined && flags !== 0);
}

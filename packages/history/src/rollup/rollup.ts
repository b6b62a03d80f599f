import { type Distribution, sumOfDistributions } from '@nanometer/exporter-statsd';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/**
 * What one series did in a span of time, or in a part of it: parts of one span are merged, in any order and grouping, to the
 * same rollup.
 *
 * - gauge, updowncounter: `count` values seen, their `min`, `max`, `sum`; `last` is the latest value.
 * - counter: `count` points, the increase as `sum`, `min` and `max` of the steps between points; `last` is the running total.
 * - histogram: `count` values recorded, their `sum`, `min` and `max` as far as buckets tell; `last` and `lastSum` are the running
 *   count and sum; `buckets` what was recorded.
 */
export class Rollup {
  count = 0;
  min: number | undefined = undefined;
  max: number | undefined = undefined;
  /** `undefined` when a part of it has none, or it is beyond the range of doubles. */
  sum: number | undefined = 0;
  last = 0;
  lastSum: number | undefined = undefined;
  /** Unix milliseconds of `last`. */
  lastMs: number = Number.NEGATIVE_INFINITY;
  buckets: Distribution | undefined = undefined;

  /** Takes a finite value of a gauge, or a step of a counter, seen at a time. */
  add(value: number, timeMs: number, last: number): void {
    this.count++;
    if (this.min === undefined || value < this.min) this.min = value;
    if (this.max === undefined || value > this.max) this.max = value;
    this.sum! += value;
    if (timeMs >= this.lastMs) {
      this.last = last;
      this.lastMs = timeMs;
    }
  }

  /** Takes a part of the same span. */
  merge(part: Rollup): void {
    if (part.count > 0) {
      this.min = this.count === 0 ? part.min : least(this.min, part.min);
      this.max = this.count === 0 ? part.max : greatest(this.max, part.max);
    }
    this.count += part.count;
    this.sum = sumOf(this.sum, part.sum);
    if (part.lastMs >= this.lastMs) {
      this.last = part.last;
      this.lastSum = part.lastSum;
      this.lastMs = part.lastMs;
    }
    this.addBuckets(part.buckets);
  }

  /** Of buckets with other bounds, those of the part stay: count and sum remain exact. */
  addBuckets(buckets: Distribution | undefined): void {
    if (buckets === undefined) return;
    this.buckets = this.buckets === undefined ? buckets : sumOfDistributions(this.buckets, buckets);
  }
}

/** The lesser of two that are known: with one that is not, nothing is. */
export function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.min(a, b);
}

/** The greater, see {@link least}. */
export function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

import type { Attributes, Context } from '@opentelemetry/api';
import type { AggregationTemporality } from '../data-types.ts';
import type { Exemplar } from './exemplar.ts';
import type { ExemplarReservoir } from './exemplar-reservoir.ts';
import { ExemplarSlots } from './exemplar-slots.ts';

/**
 * At most one measurement for every bucket of an explicit histogram, chosen uniformly among those of the bucket since
 * the last collection.
 */
export class AlignedHistogramBucketExemplarReservoir implements ExemplarReservoir {
  readonly #boundaries: readonly number[];
  readonly #random: () => number;
  readonly #slots = new ExemplarSlots();
  readonly #seenCounts: Float64Array;

  /**
   * @param boundaries Of the histogram: increasing, each bucket's upper bound and part of it.
   * @param random Numbers from 0 up to but not including 1.
   */
  constructor(boundaries: readonly number[], random: () => number = Math.random) {
    this.#boundaries = boundaries;
    this.#random = random;
    this.#seenCounts = new Float64Array(boundaries.length + 1);
  }

  offer(value: number, timestampMillis: number, filteredAttributes: Attributes, context: Context): void {
    const bucket = this.#bucketOf(value);
    const seenCount = ++this.#seenCounts[bucket]!;
    if (seenCount > 1 && this.#random() * seenCount >= 1) return;
    this.#slots.set(bucket, value, timestampMillis, filteredAttributes, context);
  }

  collect(temporality: AggregationTemporality): readonly Exemplar[] {
    this.#seenCounts.fill(0);
    return this.#slots.collect(temporality);
  }

  /** The first boundary that is not below the value. */
  #bucketOf(value: number): number {
    const boundaries = this.#boundaries;
    let low = 0;
    let high = boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value > boundaries[middle]!) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

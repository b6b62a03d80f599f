import type { Attributes, Context } from '@opentelemetry/api';
import type { AggregationTemporality } from '../data-types.ts';
import { MetricsError } from '../errors.ts';
import type { Exemplar } from './exemplar.ts';
import type { ExemplarReservoir } from './exemplar-reservoir.ts';
import { ExemplarSlots } from './exemplar-slots.ts';

/**
 * A uniform sample of the measurements since the last collection, at most `size` of them. The constructor throws
 * {@link MetricsError} `invalid_option` for a size that is no whole number from 1.
 */
export class SimpleFixedSizeExemplarReservoir implements ExemplarReservoir {
  readonly #size: number;
  readonly #random: () => number;
  readonly #slots = new ExemplarSlots();
  #seenCount = 0;

  /** @param random Numbers from 0 up to but not including 1. */
  constructor(size = 1, random: () => number = Math.random) {
    if (!Number.isInteger(size) || size < 1) {
      throw new MetricsError(
        'invalid_option',
        `size of an exemplar reservoir must be a whole number from 1, got ${size}`,
      );
    }
    this.#size = size;
    this.#random = random;
  }

  offer(value: number, timestampMillis: number, filteredAttributes: Attributes, context: Context): void {
    // Simple reservoir sampling (algorithm R): after n measurements each has had the chance size / n.
    const seenCount = this.#seenCount++;
    const at = seenCount < this.#size ? seenCount : Math.floor(this.#random() * (seenCount + 1));
    if (at < this.#size) this.#slots.set(at, value, timestampMillis, filteredAttributes, context);
  }

  collect(temporality: AggregationTemporality): readonly Exemplar[] {
    this.#seenCount = 0;
    return this.#slots.collect(temporality);
  }
}

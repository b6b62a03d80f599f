import type { Attributes, Context } from '@opentelemetry/api';
import type { AggregationOption, AggregationTemporality } from '../data-types.ts';
import type { Exemplar } from './exemplar.ts';

/**
 * Chooses exemplars among the eligible measurements of one series, for one reader. What it throws is caught, reported
 * once, and costs the exemplar, never the measurement.
 */
export interface ExemplarReservoir {
  /**
   * Takes a measurement or leaves it.
   *
   * @param timestampMillis Unix milliseconds.
   * @param filteredAttributes Those the point lacks (not all of the measurement's; the factory was told the point's).
   *   Frozen; may be kept.
   * @param context In which it was recorded; should not be kept.
   */
  offer(value: number, timestampMillis: number, filteredAttributes: Attributes, context: Context): void;

  /**
   * Returns the exemplars for a point. A delta point is told of each once, so the reservoir forgets them; for a
   * cumulative one it keeps them until newer ones take their places (specification: exemplars abide by the temporality
   * of their point).
   */
  collect(temporality: AggregationTemporality): readonly Exemplar[];
}

/** What a reservoir is made for. */
export interface ReservoirParts {
  readonly aggregation: AggregationOption;
  /** Of the point. */
  readonly attributes: Attributes;
}

/** Makes the reservoir of a series; called at its first eligible measurement, for every reader. */
export type ExemplarReservoirFactory = (parts: ReservoirParts) => ExemplarReservoir;

import type { ViewOptions as SdkViewOptions } from '../data-types.ts';
import type { ExemplarReservoirFactory } from '../exemplar/exemplar-reservoir.ts';

/** The SDK's view options and one of the specification's that it lacks. */
export interface ViewOptions extends SdkViewOptions {
  /** Makes the exemplar reservoir of every series; the specification's default for the aggregation when absent. */
  exemplarReservoir?: ExemplarReservoirFactory;
}

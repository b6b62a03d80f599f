import type { Attributes, HrTime } from '@opentelemetry/api';

/** A measurement kept as an example of those that a point sums up. */
export interface Exemplar {
  readonly value: number;
  /** When it was recorded, to the millisecond. */
  readonly timestamp: HrTime;
  /** Attributes of the measurement that its point lacks, because a view or the cardinality limit took them away. */
  readonly filteredAttributes: Attributes;
  /** Both or neither: the span that was active in the measurement's context. */
  readonly traceId?: string;
  readonly spanId?: string;
}

/** What a data point carries beside the SDK's own fields; absent when there is no exemplar. */
export interface WithExemplars {
  readonly exemplars?: readonly Exemplar[];
}

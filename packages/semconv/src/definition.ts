/** The instrument kinds of the OpenTelemetry metrics API. */
export type InstrumentKind =
  | 'counter'
  | 'updowncounter'
  | 'gauge'
  | 'histogram'
  | 'observablecounter'
  | 'observableupdowncounter'
  | 'observablegauge';

/**
 * One metric as the registry declares it. `unit` is UCUM, `attributes` are the keys a recording may carry.
 * `sign`, `window` and `definition` say what the number means; they are absent where there is nothing to say.
 */
export interface MetricDefinition<Kind extends InstrumentKind = InstrumentKind> {
  readonly name: string;
  readonly kind: Kind;
  readonly unit: string;
  readonly valueType: 'int' | 'double';
  readonly description: string;
  readonly definition: string;
  readonly attributes: readonly string[];
  readonly sign?: string;
  readonly window?: string;
  /** Upper-inclusive bucket bounds in `unit`, strictly increasing; only histograms have them. */
  readonly buckets?: readonly number[];
  /** Base-2 exponential buckets: the largest number of buckets per sign. `buckets` then serve SDKs that cannot do it. */
  readonly exponentialMaxSize?: number;
}

/** One attribute key as the registry declares it. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: 'string' | 'int' | 'double' | 'boolean';
  readonly description: string;
  readonly examples: readonly (string | number | boolean)[];
}

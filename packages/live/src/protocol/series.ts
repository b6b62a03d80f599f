/** An attribute value as OpenTelemetry has it. Numbers that are not finite become strings when a series is registered. */
export type SeriesAttributeValue = string | number | boolean | readonly (string | number | boolean)[];

/** Attributes of a series or of the resource that produces it. */
export type SeriesAttributes = Readonly<Record<string, SeriesAttributeValue>>;

/** Instrument kind of the metric a series belongs to. */
export type SeriesKind = 'counter' | 'updowncounter' | 'gauge' | 'histogram';

/** Which number of the metric a series carries; anything but `value` belongs to a histogram. */
export type SeriesField = 'value' | 'count' | 'sum' | 'min' | 'max' | 'p50' | 'p90' | 'p99' | 'p999';

/** All kinds, in the order of the protocol document. */
export const SERIES_KINDS: readonly SeriesKind[] = ['counter', 'updowncounter', 'gauge', 'histogram'];

/** All fields, in the order of the protocol document. */
export const SERIES_FIELDS: readonly SeriesField[] = [
  'value',
  'count',
  'sum',
  'min',
  'max',
  'p50',
  'p90',
  'p99',
  'p999',
];

/**
 * What a series is. Identity is `name`, `field`, `attributes` and `resource`; the rest describes it.
 * A histogram is several series with the same name and different `field`.
 */
export interface SeriesDescriptor {
  readonly name: string;
  readonly kind: SeriesKind;
  readonly field: SeriesField;
  /** UCUM unit, as the instrument declares it; `''` when it declares none. */
  readonly unit: string;
  readonly description?: string;
  readonly attributes: SeriesAttributes;
  readonly resource: SeriesAttributes;
}

/** A descriptor with the number that stands for it in frames, valid within one epoch. */
export interface LiveSeries extends SeriesDescriptor {
  readonly id: number;
}

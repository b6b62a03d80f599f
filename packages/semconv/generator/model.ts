import type { AttributeDefinition, InstrumentKind, MetricDefinition } from '../src/definition.ts';

/** One model file, checked. */
export interface Group {
  readonly name: string;
  readonly brief: string;
  readonly attributes: readonly AttributeDefinition[];
  readonly metrics: readonly MetricDefinition[];
}

export const INSTRUMENT_KINDS: readonly InstrumentKind[] = [
  'counter',
  'updowncounter',
  'gauge',
  'histogram',
  'observablecounter',
  'observableupdowncounter',
  'observablegauge',
];

export const ATTRIBUTE_TYPES: readonly AttributeDefinition['type'][] = ['string', 'int', 'double', 'boolean'];
export const VALUE_TYPES: readonly MetricDefinition['valueType'][] = ['int', 'double'];

export const GROUP_KEYS: readonly string[] = ['group', 'brief', 'attributes', 'metrics'];
export const ATTRIBUTE_KEYS: readonly string[] = ['name', 'type', 'description', 'examples'];
export const METRIC_KEYS: readonly string[] = [
  'name',
  'instrument',
  'unit',
  'valueType',
  'attributes',
  'buckets',
  'exponential',
  'description',
  'definition',
  'sign',
  'window',
];

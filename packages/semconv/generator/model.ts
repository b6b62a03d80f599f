import type { AttributeDefinition, InstrumentKind, MetricDefinition } from '../src/definition.ts';

/**
 * What stands behind a metric's number, for readers rather than for programs: it is in the docs and not in the constants.
 * A formula has its source in `reference`; what nobody had to publish (a count of events, a state, an amount of the ledger)
 * says in `origin` what it is instead. No card has both. `proof` names published answers (`vector:ID`) and tests
 * (`test:FILE#NAME`).
 */
export interface Card {
  readonly minimum?: string;
  readonly reference?: string;
  readonly origin?: string;
  readonly proof: readonly string[];
}

/** One model file, checked. Every metric has a card, if an empty one. */
export interface Group {
  readonly name: string;
  readonly brief: string;
  readonly attributes: readonly AttributeDefinition[];
  readonly metrics: readonly MetricDefinition[];
  readonly cards: ReadonlyMap<MetricDefinition, Card>;
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
  'minimum',
  'reference',
  'origin',
  'proof',
];

import { diag, type MetricAdvice, type MetricOptions } from '@opentelemetry/api';
import { LARGEST_MAX_SIZE, MOST_BOUNDARIES } from '../aggregation/limits.ts';
import type { InstrumentType, MetricDescriptor } from '../data-types.ts';

// The API's ValueType; spelled here because its enum differs between the API's two module formats.
const INT = 0;
const DOUBLE = 1;

/** OpenTelemetry's advice and one of ours. */
export interface InstrumentAdvice extends MetricAdvice {
  /**
   * Asks for base-2 exponential buckets, at most this many per sign. It counts where a reader asks for the default
   * aggregation and `exponentialAdvice` of the provider is on; everywhere else the explicit boundaries do.
   */
  exponentialMaxSize?: number;
}

/** Options of an instrument; what `MetricOptions` of the API has, and our advice. */
export interface InstrumentOptions extends MetricOptions {
  advice?: InstrumentAdvice;
}

/** What identifies an instrument, and what exporters are told about its metric. */
export interface InstrumentDescriptor extends MetricDescriptor {
  readonly type: InstrumentType;
  readonly advice: InstrumentAdvice;
  /** The longest one given for this instrument. */
  description: string;
}

const NAME = /^[a-z][a-z0-9_.\-/]{0,254}$/i;

function isBoundary(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

function usableAdvice(name: string, advice: InstrumentAdvice | undefined): InstrumentAdvice {
  if (advice === undefined || advice === null) return {};
  const { explicitBucketBoundaries: boundaries, exponentialMaxSize } = advice;
  const usable: InstrumentAdvice = {};
  if (Array.isArray(boundaries) && boundaries.length <= MOST_BOUNDARIES && boundaries.every(isBoundary)) {
    usable.explicitBucketBoundaries = [...boundaries];
  } else if (boundaries !== undefined) {
    diag.warn(
      `metrics: ignored the boundaries advised for "${name}": expected an array of at most ${MOST_BOUNDARIES} numbers`,
    );
  }
  if (Number.isInteger(exponentialMaxSize) && exponentialMaxSize! >= 2 && exponentialMaxSize! <= LARGEST_MAX_SIZE) {
    usable.exponentialMaxSize = exponentialMaxSize!;
  } else if (exponentialMaxSize !== undefined) {
    const expected = `a whole number from 2 to ${LARGEST_MAX_SIZE}`;
    diag.warn(`metrics: ignored exponentialMaxSize advised for "${name}": expected ${expected}`);
  }
  return usable;
}

/** Describes an instrument. A name that breaks the naming rules is reported and used all the same (specification). */
export function describeInstrument(
  name: string,
  type: InstrumentType,
  options: InstrumentOptions | undefined,
): InstrumentDescriptor {
  const usedName = typeof name === 'string' ? name : String(name);
  if (!NAME.test(usedName)) {
    diag.warn(`metrics: instrument name "${usedName}" should be a letter, then up to 254 letters, digits or _ . - /`);
  }
  return {
    name: usedName,
    type,
    description: options?.description ?? '',
    unit: options?.unit ?? '',
    valueType: options?.valueType ?? DOUBLE,
    advice: usableAdvice(usedName, options?.advice),
  };
}

/** Whether measurements are cut to whole numbers. */
export function isInteger(descriptor: InstrumentDescriptor): boolean {
  return (descriptor.valueType as number) === INT;
}

/** Identity of an instrument within its meter. Names are equal whatever their case (specification). */
export function instrumentKey(descriptor: InstrumentDescriptor): string {
  const { name, type, unit, valueType } = descriptor;
  return JSON.stringify([name.toLowerCase(), type, unit, valueType]);
}

import { LARGEST_MAX_SIZE, MOST_BOUNDARIES } from './limits.ts';
import { type AggregationOption, AggregationType, InstrumentType } from '../data-types.ts';
import { MetricsError } from '../errors.ts';
import type { InstrumentDescriptor } from '../instrument/descriptor.ts';
import type { Aggregator } from './aggregator.ts';
import { ExplicitHistogramAggregator } from './histogram/explicit-histogram.ts';
import { ExponentialHistogramAggregator } from './histogram/exponential-histogram.ts';
import { LastValueAggregator } from './last-value.ts';
import { OrderedLastValueAggregator } from './ordered-last-value.ts';
import { SumAggregator } from './sum.ts';

/** An aggregation with nothing left to decide. Equal keys can share memory. */
export type ResolvedAggregation =
  | { readonly kind: 'drop' | 'sum' | 'last-value' }
  | { readonly kind: 'explicit'; readonly boundaries: readonly number[]; readonly recordMinMax: boolean }
  | { readonly kind: 'exponential'; readonly maxSize: number; readonly recordMinMax: boolean };

/** The specification's default boundaries, made for milliseconds. */
export const DEFAULT_BOUNDARIES: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
];
const DEFAULT_MAX_SIZE = 160;
const SMALLEST_MAX_SIZE = 2;

function explicit(boundaries: readonly number[], recordMinMax = true): ResolvedAggregation {
  if (
    !Array.isArray(boundaries) ||
    boundaries.some((boundary) => typeof boundary !== 'number' || Number.isNaN(boundary))
  ) {
    throw new MetricsError('invalid_aggregation', `histogram boundaries must be numbers, got ${String(boundaries)}`);
  }
  const finite = [...new Set(boundaries)].filter((boundary) => Number.isFinite(boundary)).sort((a, b) => a - b);
  if (finite.length > MOST_BOUNDARIES) {
    throw new MetricsError('invalid_aggregation', `a histogram has at most ${MOST_BOUNDARIES} boundaries`);
  }
  return { kind: 'explicit', boundaries: Object.freeze(finite), recordMinMax };
}

function exponential(maxSize = DEFAULT_MAX_SIZE, recordMinMax = true): ResolvedAggregation {
  if (!Number.isInteger(maxSize) || maxSize < SMALLEST_MAX_SIZE || maxSize > LARGEST_MAX_SIZE) {
    throw new MetricsError(
      'invalid_aggregation',
      `maxSize of an exponential histogram must be a whole number from ${SMALLEST_MAX_SIZE} to ${LARGEST_MAX_SIZE}, got ${maxSize}`,
    );
  }
  return { kind: 'exponential', maxSize, recordMinMax };
}

function defaultAggregation(instrument: InstrumentDescriptor, exponentialAdvice: boolean): ResolvedAggregation {
  const { type, advice } = instrument;
  if (type === InstrumentType.GAUGE || type === InstrumentType.OBSERVABLE_GAUGE) return { kind: 'last-value' };
  if (type !== InstrumentType.HISTOGRAM) return { kind: 'sum' };
  if (exponentialAdvice && advice.exponentialMaxSize !== undefined) return exponential(advice.exponentialMaxSize);
  return explicit(advice.explicitBucketBoundaries ?? DEFAULT_BOUNDARIES);
}

/**
 * Resolves an aggregation that does not depend on the instrument; `undefined` for the default, which does.
 * Throws {@link MetricsError} `invalid_aggregation`.
 */
export function namedAggregation(option: AggregationOption): ResolvedAggregation | undefined {
  switch (option.type) {
    case AggregationType.DEFAULT:
      return undefined;
    case AggregationType.DROP:
      return { kind: 'drop' };
    case AggregationType.SUM:
      return { kind: 'sum' };
    case AggregationType.LAST_VALUE:
      return { kind: 'last-value' };
    case AggregationType.EXPLICIT_BUCKET_HISTOGRAM:
      return explicit(option.options?.boundaries ?? DEFAULT_BOUNDARIES, option.options?.recordMinMax);
    case AggregationType.EXPONENTIAL_HISTOGRAM:
      return exponential(option.options?.maxSize, option.options?.recordMinMax);
    default:
      throw new MetricsError('invalid_aggregation', `unknown aggregation ${JSON.stringify(option)}`);
  }
}

/**
 * Resolves what a view or reader asked for. `exponentialAdvice` lets an instrument's `advice.exponentialMaxSize` decide
 * where the default was asked for.
 */
export function resolveAggregation(
  option: AggregationOption,
  instrument: InstrumentDescriptor,
  exponentialAdvice: boolean,
): ResolvedAggregation {
  return namedAggregation(option) ?? defaultAggregation(instrument, exponentialAdvice);
}

export function aggregationKey(aggregation: ResolvedAggregation): string {
  return JSON.stringify(aggregation);
}

const MAY_BE_NEGATIVE: readonly InstrumentType[] = [
  InstrumentType.GAUGE,
  InstrumentType.UP_DOWN_COUNTER,
  InstrumentType.OBSERVABLE_GAUGE,
  InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
];

/**
 * Creates the code that serves one storage; `undefined` where everything is dropped. `mergesSeries` where several series
 * of one thread may become one in another.
 */
export function createAggregator(
  aggregation: ResolvedAggregation,
  type: InstrumentType,
  mergesSeries: boolean,
): Aggregator | undefined {
  const reportSum = !MAY_BE_NEGATIVE.includes(type);
  if (aggregation.kind === 'sum') return new SumAggregator(reportSum) as Aggregator;
  if (aggregation.kind === 'last-value') {
    return (mergesSeries ? new OrderedLastValueAggregator() : new LastValueAggregator()) as Aggregator;
  }
  if (aggregation.kind === 'explicit') {
    return new ExplicitHistogramAggregator({ ...aggregation, reportSum }) as Aggregator;
  }
  if (aggregation.kind === 'exponential') {
    return new ExponentialHistogramAggregator({ ...aggregation, reportSum }) as Aggregator;
  }
  return undefined;
}

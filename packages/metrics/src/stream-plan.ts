import { aggregationKey, resolveAggregation, type ResolvedAggregation } from './aggregation/aggregation.ts';
import { type Collector, DEFAULT_LIMIT } from './collect/collector.ts';
import type { InstrumentationScope } from './collect/scope.ts';
import { AggregationTemporality, AggregationType } from './data-types.ts';
import { type InstrumentDescriptor, instrumentKey } from './instrument/descriptor.ts';
import type { View, ViewRegistry } from './view/view-registry.ts';

/** What a stream is planned with: a reader's wishes. */
export type Selectors = Pick<
  Collector,
  'selectAggregation' | 'selectCardinalityLimit' | 'selectTemporality' | 'exponentialAdvice'
>;

/** Stands for the readers to come: instruments record before there is one, as the default reader would have it. */
export function nobodyYet(exponentialAdvice: boolean): Selectors {
  return {
    exponentialAdvice,
    selectAggregation: () => ({ type: AggregationType.DEFAULT }),
    selectCardinalityLimit: () => DEFAULT_LIMIT,
    selectTemporality: () => AggregationTemporality.CUMULATIVE,
  };
}

/** One stream of an instrument for one reader, with nothing left to decide. */
export interface StreamPlan {
  readonly collector: Selectors;
  readonly descriptor: InstrumentDescriptor;
  readonly view: View;
  readonly aggregation: ResolvedAggregation;
  /** Attribute sets with a series of their own, at most. */
  readonly limit: number;
}

/** Plans the streams of an instrument: every view that selects it, for every reader, without what is dropped. */
export function planStreams(
  instrument: InstrumentDescriptor,
  scope: InstrumentationScope,
  views: ViewRegistry,
  collectors: readonly Selectors[],
  overflowPlaces: number,
): StreamPlan[] {
  const plans: StreamPlan[] = [];
  for (const view of views.viewsOf(instrument, scope)) {
    const descriptor = streamDescriptor(view, instrument);
    for (const collector of collectors) {
      const option = view.aggregation ?? collector.selectAggregation(instrument.type);
      const aggregation = resolveAggregation(option, instrument, collector.exponentialAdvice);
      if (aggregation.kind === 'drop') continue;
      const limit = view.limit ?? collector.selectCardinalityLimit(instrument.type);
      plans.push({ collector, descriptor, view, aggregation, limit: limit - overflowPlaces });
    }
  }
  return plans;
}

/** Streams with equal keys hold the same numbers, and so share a storage. */
export function storageKey(plan: StreamPlan, views: ViewRegistry, limit: number): string {
  const { descriptor, view, aggregation } = plan;
  return JSON.stringify([instrumentKey(descriptor), views.positionOf(view), aggregationKey(aggregation), limit]);
}

/** Whether two storage keys differ in the limit at most. */
export function differInLimit(key: string, other: string): boolean {
  return withoutLimit(key) === withoutLimit(other);
}

function withoutLimit(key: string): string {
  return key.slice(0, key.lastIndexOf(','));
}

function streamDescriptor(view: View, instrument: InstrumentDescriptor): InstrumentDescriptor {
  if (view.name === undefined && view.description === undefined) return instrument;
  const { type, unit, valueType, advice } = instrument;
  const name = view.name ?? instrument.name;
  const description = view.description ?? instrument.description;
  return { name, description, type, unit, valueType, advice };
}

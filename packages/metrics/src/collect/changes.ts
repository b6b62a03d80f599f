import type { Attributes } from '@opentelemetry/api';
import type { MetricDescriptor, MetricProducer } from '../data-types.ts';
import type { Resource } from '@opentelemetry/resources';
import type { InstrumentationScope } from './scope.ts';

/** A metric of numbers, as readers of changes see it; one object for as long as the reader lives. */
export interface ChangingMetric {
  readonly scope: InstrumentationScope;
  readonly descriptor: MetricDescriptor;
  /** Whether its values are running totals; else they are levels. */
  readonly isSum: boolean;
  /** Whether a total never decreases. */
  readonly isMonotonic: boolean;
}

/**
 * Told of one series. `attributes` is one frozen object for as long as the series lives, `startTimeMillis` the beginning of
 * its total, Unix milliseconds, and `value` the total or level now.
 */
export type ChangeVisitor = (
  metric: ChangingMetric,
  attributes: Attributes,
  startTimeMillis: number,
  value: number,
) => void;

/** What a reader is given by a provider of this package: beside whole collections, what has changed since it last looked. */
export interface ChangeProducer extends MetricProducer {
  readonly resource: Resource;
  /**
   * Visits every series of the selected synchronous instruments that was recorded into since this reader last did, be it
   * with the value it had; histograms are left out. `select` is asked once per metric and its answer kept. Runs no
   * callback and awaits nothing: what a thread has announced since the last collection of any reader is not seen yet.
   */
  visitChanges(select: (metric: ChangingMetric) => boolean, visit: ChangeVisitor): void;
}

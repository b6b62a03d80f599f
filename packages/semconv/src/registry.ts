import type { MetricDefinition } from './definition.ts';
import { METRICS } from './generated/index.ts';

const BY_NAME: ReadonlyMap<string, MetricDefinition> = new Map(METRICS.map((metric) => [metric.name, metric]));

/** The definition of a metric by its OpenTelemetry name, or `undefined` when the registry does not have it. */
export function findMetric(name: string): MetricDefinition | undefined {
  return BY_NAME.get(name);
}

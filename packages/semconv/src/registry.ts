import type { InstrumentKind, MetricDefinition } from './definition.ts';
import { METRICS } from './generated/index.ts';
import { prometheusFamily } from './prometheus-name.ts';

const BY_NAME: ReadonlyMap<string, MetricDefinition> = new Map(METRICS.map((metric) => [metric.name, metric]));

/** The definition of a metric by its OpenTelemetry name, or `undefined` when the registry does not have it. */
export function findMetric(name: string): MetricDefinition | undefined {
  return BY_NAME.get(name);
}

const MONOTONIC: ReadonlySet<InstrumentKind> = new Set(['counter', 'observablecounter']);
const GAUGE: ReadonlySet<InstrumentKind> = new Set(['gauge', 'observablegauge']);

/** The Prometheus family a definition arrives as (histograms add `_bucket`, `_sum`, `_count` to it). */
export function prometheusName(definition: MetricDefinition): string {
  return prometheusFamily({
    name: definition.name,
    unit: definition.unit,
    monotonic: MONOTONIC.has(definition.kind),
    gauge: GAUGE.has(definition.kind),
  });
}

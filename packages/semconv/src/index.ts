export type { AttributeDefinition, InstrumentKind, MetricDefinition } from './definition.ts';
export {
  createCounter,
  createGauge,
  createHistogram,
  createObservableCounter,
  createObservableGauge,
  createObservableUpDownCounter,
  createUpDownCounter,
} from './instruments.ts';
export {
  type PrometheusNaming,
  prometheusFamily,
  prometheusLabel,
  prometheusName,
  prometheusUnit,
} from './prometheus-name.ts';
export { findMetric } from './registry.ts';
// The one star export of the workspace: the generated index is itself a list of names.
export * from './generated/index.ts';

export {
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
} from './attributes/attributes-processor.ts';
export type { Clock } from './clock.ts';
export {
  type AggregationOption,
  type AggregationSelector,
  AggregationTemporality,
  type AggregationTemporalitySelector,
  AggregationType,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type ExponentialHistogramMetricData,
  type GaugeMetricData,
  type Histogram,
  type HistogramMetricData,
  type IAttributesProcessor,
  type IMetricReader,
  InstrumentType,
  type MetricCollectOptions,
  type MetricData,
  type MetricDescriptor,
  type MetricProducer,
  type PushMetricExporter,
  type ResourceMetrics,
  type ScopeMetrics,
  type SumMetricData,
  type ViewOptions,
} from './data-types.ts';
export type { DropCause } from './drop-counts.ts';
export { MetricsError, type MetricsErrorCode, TimeoutError } from './errors.ts';
export { bindCounter, bindGauge, bindHistogram, bindUpDownCounter } from './instrument/bind.ts';
export type {
  Bindable,
  BindableCounter,
  BindableGauge,
  BindableHistogram,
  BindableUpDownCounter,
  BoundCounter,
  BoundGauge,
  BoundHistogram,
  BoundUpDownCounter,
} from './instrument/bound.ts';
export type { InstrumentAdvice, InstrumentOptions } from './instrument/descriptor.ts';
export { CountMemory, type CountMemoryOptions } from './kernel/count-memory.ts';
export { type ExplicitCounts, quantileOfExplicit } from './kernel/explicit-quantile.ts';
export { type CountedBuckets, type ExponentialCounts, quantileOfExponential } from './kernel/exponential-quantile.ts';
export { bucketOfRank, mergeCounts } from './kernel/kernel.ts';
export { exponentialErrorBound } from './kernel/midpoint.ts';
export { quantile } from './kernel/quantile.ts';
export type { Counts } from './kernel/scalar.ts';
export type { SharedMemory } from './kernel/web-assembly.ts';
export type { Meter } from './meter.ts';
export { MeterProvider, type MeterProviderOptions, type MeterProviderStats } from './meter-provider.ts';

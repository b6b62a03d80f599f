export { mergeHistograms, type MergeOptions } from './aggregation/histogram/merge-points.ts';
export {
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
} from './attributes/attributes-processor.ts';
export type { Clock } from './clock.ts';
export type { ChangeProducer, ChangeVisitor, ChangingMetric } from './collect/changes.ts';
export type { Compatibility } from './compatibility/behaviour.ts';
export type { DropCause } from './drop-counts.ts';
export { MetricsError, type MetricsErrorCode, TimeoutError } from './errors.ts';
export { AlignedHistogramBucketExemplarReservoir } from './exemplar/aligned-histogram-bucket-exemplar-reservoir.ts';
export type { Exemplar, WithExemplars } from './exemplar/exemplar.ts';
export type { ExemplarFilter } from './exemplar/exemplar-filter.ts';
export type { ExemplarReservoir, ExemplarReservoirFactory, ReservoirParts } from './exemplar/exemplar-reservoir.ts';
export { SimpleFixedSizeExemplarReservoir } from './exemplar/simple-fixed-size-exemplar-reservoir.ts';
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
  HistogramReader,
  ReadableHistogram,
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
export { MeterProvider, type MeterProviderOptions } from './meter-provider.ts';
export type { MeterProviderStats } from './self-observation/provider-stats.ts';
export * from './sdk.ts';
export type { ViewOptions } from './view/view-options.ts';

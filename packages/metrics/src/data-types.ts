import type * as Sdk from '@opentelemetry/sdk-metrics';

// The SDK's enums have fixed values, so recording code carries the values and borrows only the types: a worker thread
// loads it without the SDK. Users get the SDK's own enums (sdk.ts); test/stock-equality.test.ts compares both.

/** Kinds of instruments. */
export const InstrumentType: typeof Sdk.InstrumentType = Object.freeze({
  COUNTER: 'COUNTER',
  GAUGE: 'GAUGE',
  HISTOGRAM: 'HISTOGRAM',
  UP_DOWN_COUNTER: 'UP_DOWN_COUNTER',
  OBSERVABLE_COUNTER: 'OBSERVABLE_COUNTER',
  OBSERVABLE_GAUGE: 'OBSERVABLE_GAUGE',
  OBSERVABLE_UP_DOWN_COUNTER: 'OBSERVABLE_UP_DOWN_COUNTER',
}) as unknown as typeof Sdk.InstrumentType;
export type InstrumentType = Sdk.InstrumentType;

/** How the points of a metric relate to each other over time. */
export const AggregationTemporality: typeof Sdk.AggregationTemporality = Object.freeze({
  DELTA: 0,
  CUMULATIVE: 1,
}) as unknown as typeof Sdk.AggregationTemporality;
export type AggregationTemporality = Sdk.AggregationTemporality;

/** What the points of a metric hold. */
export const DataPointType: typeof Sdk.DataPointType = Object.freeze({
  HISTOGRAM: 0,
  EXPONENTIAL_HISTOGRAM: 1,
  GAUGE: 2,
  SUM: 3,
}) as unknown as typeof Sdk.DataPointType;
export type DataPointType = Sdk.DataPointType;

/** The aggregations a view or a reader can ask for. */
export const AggregationType: typeof Sdk.AggregationType = Object.freeze({
  DEFAULT: 0,
  DROP: 1,
  SUM: 2,
  LAST_VALUE: 3,
  EXPLICIT_BUCKET_HISTOGRAM: 4,
  EXPONENTIAL_HISTOGRAM: 5,
}) as unknown as typeof Sdk.AggregationType;
export type AggregationType = Sdk.AggregationType;

export type {
  AggregationOption,
  AggregationSelector,
  AggregationTemporalitySelector,
  CollectionResult,
  DataPoint,
  ExponentialHistogram,
  ExponentialHistogramMetricData,
  GaugeMetricData,
  Histogram,
  HistogramMetricData,
  IAttributesProcessor,
  IMetricReader,
  MetricCollectOptions,
  MetricData,
  MetricDescriptor,
  MetricProducer,
  PushMetricExporter,
  ResourceMetrics,
  ScopeMetrics,
  SumMetricData,
  ViewOptions,
} from '@opentelemetry/sdk-metrics';

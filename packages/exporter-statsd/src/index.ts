export { DeltaStore, type DeltaStoreOptions, type InitialValue } from './delta-store.ts';
export {
  checkedDialect,
  etsyName,
  lineFrame,
  type LineFrame,
  STATSD_DIALECTS,
  type StatsdDialect,
  type TagValue,
} from './dialect.ts';
export {
  atScale,
  type BucketRange,
  difference,
  type Distribution,
  distributionQuantile,
  type ExplicitBuckets,
  exponentialBound,
  type ExponentialBuckets,
  isExponential,
  snapshot,
  toExplicit,
} from './distribution.ts';
export { StatsdError, type StatsdErrorCode } from './errors.ts';
export { type PointDropCause, StatsdExporter, type StatsdExporterStats } from './exporter.ts';
export { HISTOGRAM_PERCENTILES, type HistogramFrames, histogramFrames } from './histogram-frames.ts';
export { formatNumber } from './number-format.ts';
export type { StatsdExporterOptions } from './options.ts';
export { DEFAULT_MTU_BYTES, LinePacker, type Packet } from './packer.ts';
export { bucketQuantile } from './quantile.ts';
export { type BatchResult, type LineOutcome, StatsdBatch } from './statsd-batch.ts';
export { parseLine, type ParsedLine, type StatsdLineType } from './parse-line.ts';
export { StatsdReceiver, type StatsdReceiverOptions, type StatsdSeries, type TimerTotals } from './receiver.ts';
export { type SendFailure, UdpSender, type UdpSenderOptions, type UdpSenderStats } from './udp-sender.ts';

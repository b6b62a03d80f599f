export { DeltaStore, type DeltaStoreOptions, type InitialValue, type SlotState } from './delta-store.ts';
export {
  checkedDialect,
  etsyName,
  frameOf,
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
export { sumOfDistributions, sumOfExponentials } from './distribution-sum.ts';
export { StatsdError, type StatsdErrorCode } from './errors.ts';
export { StatsdExporter } from './exporter.ts';
export { HISTOGRAM_PERCENTILES, type HistogramFrames, histogramFrames } from './histogram-frames.ts';
export { formatNumber } from './number-format.ts';
export type { DogstatsdOptions, DogstatsdProtocol, StatsdExporterOptions } from './options.ts';
export { DEFAULT_MTU_BYTES, LinePacker, type Packet } from './packer.ts';
export { bucketQuantile } from './quantile.ts';
export { type SampleShare, sampleShares } from './sample-rate.ts';
export { SampleBacklog, type SampleFormat, type SampleOutcome } from './histogram-samples.ts';
export { PersistentSlots } from './persistent-slots.ts';
export type { LineDropCause, PointDropCause, StatsdExporterStats } from './stats.ts';
export { type BatchPolicy, type BatchResult, type LineOutcome, type OwnerFate, StatsdBatch } from './statsd-batch.ts';
export { parseLine, type ParsedLine, type StatsdLineType } from './receiver/parse-line.ts';
export {
  StatsdReceiver,
  type StatsdReceiverOptions,
  type StatsdSeries,
  type TimerTotals,
} from './receiver/receiver.ts';
export {
  createSender,
  type SenderOptions,
  STATSD_TRANSPORTS,
  type StatsdTransport,
} from './transport/create-sender.ts';
export type { PacketSender, SendFailure, SenderStats } from './transport/packet-sender.ts';
export { type StreamFraming, StreamSender, type StreamSenderOptions } from './transport/stream-sender.ts';
export { UdpSender, type UdpSenderOptions, type UdpSenderStats } from './transport/udp-sender.ts';
export { UnixgramSender, type UnixgramSenderOptions } from './transport/unixgram-sender.ts';
export { readAs, SERVERS_OF_DIALECT } from './servers/read-as.ts';
export type { Read, Reading, StatsdServer } from './servers/reading.ts';

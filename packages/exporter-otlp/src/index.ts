export type { Clock } from './clock.ts';
export type {
  HistogramAggregation,
  OtlpExporterOptions,
  Protocol,
  TemporalityPreference,
  TlsSettings,
} from './config/options.ts';
export { type EncodedRequest, RequestEncoder } from './encode/encode-request.ts';
export type { Exemplar } from './encode/exemplars.ts';
export { OtlpError, type OtlpErrorCode } from './errors.ts';
export type { DropCause } from './ledger.ts';
export type { FullPolicy } from './log/record-log.ts';
export type { FsyncPolicy } from './log/segment-writer.ts';
export { OtlpExporter, type TimeoutOptions } from './otlp-exporter.ts';
export { OtlpReader, type OtlpReaderOptions } from './otlp-reader.ts';
export type { Compression } from './send/http-transport.ts';
export type { OtlpStats } from './stats.ts';
export { UndeliveredError } from './undelivered-error.ts';
export { VERSION } from './version.ts';

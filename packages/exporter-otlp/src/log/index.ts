// The log alone, for other packages that keep what they must not lose: `@nanometer/exporter-otlp/log`.
export { OtlpError, type OtlpErrorCode } from '../errors.ts';
export { FileLog, type FileLogOptions } from './file-log.ts';
export { problemListener } from './problem-listener.ts';
export type { LogFiles } from './log-files.ts';
export type { Holdings, LogBatch, LogListener, LogPosition, RecordLog } from './record-log.ts';
export { FSYNC_POLICIES, type FsyncPolicy } from './segment-writer.ts';

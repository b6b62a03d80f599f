import type { ResolvedOptions } from './config/resolve-options.ts';
import { FileLog } from './log/file-log.ts';
import { MemoryLog } from './log/memory-log.ts';
import type { LogListener, RecordLog } from './log/record-log.ts';

/** The log that the options ask for. */
export function createLog(options: ResolvedOptions, listener: LogListener): RecordLog {
  const { directory, limitBytes, segmentBytes, pendingLimitBytes, fullPolicy, fsync, clock, files } = options;
  const common = { limitBytes, pendingLimitBytes, fullPolicy, now: () => clock.now() };
  if (directory === undefined) return new MemoryLog(common, listener);
  const fsyncIntervalMs = options.fsyncIntervalMillis;
  return new FileLog(
    { ...common, directory, segmentBytes, fsync, fsyncIntervalMs, ...(files ? { files } : {}) },
    listener,
  );
}

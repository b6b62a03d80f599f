import type { FsyncPolicy } from '@nanometer/exporter-otlp/log';

/** How a bridge keeps its state on disk; the options of the bridge say what each means. */
export interface DurableOptions {
  readonly directory: string;
  readonly fsync: FsyncPolicy;
  readonly fsyncIntervalMillis: number;
  readonly logLimitBytes: number;
  readonly snapshotBytes: number;
  readonly queueLimitBytes: number;
}

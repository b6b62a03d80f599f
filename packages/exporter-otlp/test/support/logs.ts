import { afterEach } from '@jest/globals';
import { FileLog, type FileLogOptions } from '../../src/log/file-log.ts';
import type { LogBatch, LogListener, RecordLog } from '../../src/log/record-log.ts';

export interface Told extends LogListener {
  recovered: number;
  readonly dropped: Record<string, number>;
  readonly problems: string[];
  syncs: number;
}

export function listener(): Told {
  return {
    recovered: 0,
    dropped: {},
    problems: [],
    syncs: 0,
    onAppended: () => undefined,
    onDropped(cause, points) {
      this.dropped[cause] = (this.dropped[cause] ?? 0) + points;
    },
    onRecovered(points) {
      this.recovered += points;
    },
    onSynced() {
      this.syncs++;
    },
    onProblem(what) {
      this.problems.push(what);
    },
  };
}

export const open: RecordLog[] = [];

export async function openLog(
  directory: string,
  options: Partial<FileLogOptions> = {},
): Promise<{ log: FileLog; told: Told }> {
  const told = listener();
  const log = new FileLog(
    {
      directory,
      limitBytes: 1e6,
      segmentBytes: 1000,
      pendingLimitBytes: 1e6,
      fullPolicy: 'block',
      fsync: 'never',
      fsyncIntervalMs: 5,
      now: () => 1000,
      ...options,
    },
    told,
  );
  await log.open();
  open.push(log);
  return { log, told };
}

export const bytes = (text: string): Uint8Array => Buffer.from(text);

export const texts = (batches: readonly LogBatch[]): string[] =>
  batches.flatMap(({ records }) => records.map(({ payload }) => Buffer.from(payload).toString()));

export async function readAll(log: RecordLog, maxBytes = 300): Promise<LogBatch[]> {
  const batches: LogBatch[] = [];
  let position = log.start();
  for (;;) {
    const batch = await log.read(position, maxBytes, Infinity);
    if (batch === undefined) return batches;
    batches.push(batch);
    position = batch.next;
  }
}

afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
});

import { HistoryError } from './errors.ts';

/** Settings of a history. */
export interface HistoryOptions {
  /** The SQLite file; it and two beside it (`-wal`, `-shm`) are made when missing. `:memory:` keeps nothing. */
  readonly path: string;
  /** Days that minutes are kept. Default 7. */
  readonly minuteDays?: number;
  /** Days that hours are kept. Default 365. */
  readonly hourDays?: number;
  /** Bytes in use beyond which the oldest minutes, then the oldest hours are let go. Default 1 GiB. */
  readonly sizeLimitBytes?: number;
  /** Most series held; points of further ones are refused. Default 100,000. */
  readonly seriesLimit?: number;
  /** Most parts of minutes that wait to be written; beyond it the oldest are dropped. Default 400,000. */
  readonly pendingLimit?: number;
  /** Milliseconds that a point may be ahead of the clock. Default 600,000. */
  readonly aheadMillis?: number;
  /** Most points of one answer. Default 50,000. */
  readonly answerPointLimit?: number;
  /** Most series of one answer; the rest is counted. Default 1,000. */
  readonly answerSeriesLimit?: number;
  /** Told of trouble, once until it is over. Default: standard error. */
  readonly onTrouble?: (text: string) => void;
  /** Told of points that were committed (`undefined`) or dropped, in one call per commit and cause. */
  readonly onSettled?: (points: number, cause: PartDropCause | undefined) => void;
  /** Unix milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** Why parts that waited are not on the disk. */
export type PartDropCause = 'write_failed' | 'closed';

export type CheckedHistoryOptions = Required<HistoryOptions>;

/** Applies defaults. Throws `HistoryError` `INVALID_OPTION`. */
export function checkedHistoryOptions(options: HistoryOptions): CheckedHistoryOptions {
  const { path } = options;
  if (typeof path !== 'string' || path === '') {
    throw new HistoryError('INVALID_OPTION', `path is ${JSON.stringify(path)}; the name of a file is needed`);
  }
  return {
    path,
    minuteDays: whole('minuteDays', options.minuteDays ?? 7, 1, 3650),
    hourDays: whole('hourDays', options.hourDays ?? 365, 1, 36_500),
    sizeLimitBytes: whole('sizeLimitBytes', options.sizeLimitBytes ?? 2 ** 30, 256 * 1024, 2 ** 42),
    seriesLimit: whole('seriesLimit', options.seriesLimit ?? 100_000, 1, 10_000_000),
    pendingLimit: whole('pendingLimit', options.pendingLimit ?? 400_000, 1, 100_000_000),
    aheadMillis: whole('aheadMillis', options.aheadMillis ?? 600_000, 0, 2 ** 40),
    answerPointLimit: whole('answerPointLimit', options.answerPointLimit ?? 50_000, 1, 10_000_000),
    answerSeriesLimit: whole('answerSeriesLimit', options.answerSeriesLimit ?? 1000, 1, 1_000_000),
    onTrouble: options.onTrouble ?? ((text) => void process.stderr.write(`history: ${text}\n`)),
    onSettled: options.onSettled ?? (() => undefined),
    now: options.now ?? Date.now,
  };
}

function whole(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new HistoryError('INVALID_OPTION', `${option} is ${value}; it must be a whole number from ${least} to ${most}`);
}

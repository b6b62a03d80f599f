import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HistoryError } from '../errors.ts';
import { isAsked, type RollupQuestion, type SeriesQuestion } from '../query/question.ts';
import { columnsOf, type RollupColumns } from '../query/rollup-columns.ts';
import { readBuckets } from '../rollup/bucket-bytes.ts';
import { HOUR_MS, MINUTE_MS, Rollup } from '../rollup/rollup.ts';
import type { HistorySeries } from '../series/history-series.ts';
import type { StreamState } from '../series/series-recorder.ts';
import type { Resolution } from './evictor.ts';
import { one } from './open-database.ts';

/** A series with its spans. */
export interface SeriesRollups extends HistorySeries {
  readonly points: RollupColumns;
}

/** What a question was answered with. */
export interface RollupAnswer {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly resolutionMs: number;
  readonly series: readonly SeriesRollups[];
  /** Series that match and are not in the answer, beyond the limit. */
  readonly seriesLeftOut: number;
}

/** Series and how many more there are. */
export interface SeriesAnswer {
  readonly series: readonly (HistorySeries & { readonly lastMs: number | null })[];
  readonly seriesLeftOut: number;
}

/** A series of an earlier life. */
export interface KeptSeries {
  readonly id: number;
  readonly identity: string;
  readonly series: HistorySeries;
  readonly state: StreamState | undefined;
}

export interface AnswerLimits {
  readonly answerPointLimit: number;
  readonly answerSeriesLimit: number;
}

interface Row {
  readonly at: number;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number | null;
  readonly last: number;
  readonly last_sum: number | null;
  readonly last_ms: number;
  readonly buckets: Uint8Array | null;
}

interface Found {
  readonly id: number;
  readonly lastMs: number | null;
  readonly series: HistorySeries;
}

export const SPAN_MS: Readonly<Record<Resolution, number>> = { minute: MINUTE_MS, hour: HOUR_MS };

/** Reads what is on the disk. */
export class RollupReader {
  readonly #database: DatabaseSync;
  readonly #limits: AnswerLimits;
  readonly #spans: Readonly<Record<Resolution, StatementSync>>;

  constructor(database: DatabaseSync, limits: AnswerLimits) {
    this.#database = database;
    this.#limits = limits;
    const spans = (table: Resolution): StatementSync =>
      database.prepare(
        `SELECT at, count, min, max, sum, last, last_sum, last_ms, buckets FROM ${table}
         WHERE series = ? AND at >= ? AND at < ? ORDER BY at`,
      );
    this.#spans = { minute: spans('minute'), hour: spans('hour') };
  }

  /** Throws `HistoryError` `TOO_MANY_POINTS`. */
  rollups(question: RollupQuestion): RollupAnswer {
    const { fromMs, toMs, stepMs, resolution } = question;
    const { answerSeriesLimit, answerPointLimit } = this.#limits;
    const found = this.#find(question);
    let pointCount = 0;
    const series = found.slice(0, answerSeriesLimit).map(({ id, series }) => {
      const steps = new Map<number, Rollup>();
      for (const [timeMs, rollup] of this.#read(resolution, id, fromMs, toMs)) {
        const stepFrom = Math.floor(timeMs / stepMs) * stepMs;
        const step = steps.get(stepFrom);
        if (step !== undefined) step.merge(rollup);
        else {
          steps.set(stepFrom, rollup);
          if (++pointCount > answerPointLimit) throw tooMany(answerPointLimit);
        }
      }
      return Object.assign(series, { points: columnsOf([...steps], series.kind === 'histogram') });
    });
    const resolutionMs = SPAN_MS[resolution];
    const seriesLeftOut = Math.max(0, found.length - answerSeriesLimit);
    return { fromMs, toMs, stepMs, resolutionMs, series, seriesLeftOut };
  }

  /** Minutes of one series, ascending, whose last point is after one time and not after another. */
  *minutes(identity: string, afterMs: number, untilMs: number): Generator<Rollup> {
    const id = one(this.#database, 'SELECT id FROM series WHERE identity = ?', identity);
    if (id === undefined) return;
    for (const [, rollup] of this.#read('minute', Number(id), afterMs - MINUTE_MS, untilMs + MINUTE_MS)) {
      if (rollup.lastMs > afterMs && rollup.lastMs <= untilMs) yield rollup;
    }
  }

  /** Unix milliseconds of the minute that a mark names; 0 when it was never made. */
  markMs(name: 'minute_from' | 'began'): number {
    return Number(one(this.#database, 'SELECT value FROM mark WHERE name = ?', name) ?? 0) * MINUTE_MS;
  }

  series(question: SeriesQuestion): SeriesAnswer {
    const found = this.#find(question);
    const { answerSeriesLimit } = this.#limits;
    const series = found.slice(0, answerSeriesLimit).map(({ series, lastMs }) => Object.assign(series, { lastMs }));
    return { series, seriesLeftOut: Math.max(0, found.length - answerSeriesLimit) };
  }

  /** All series that there are, for the next life. */
  *kept(): Generator<KeptSeries> {
    for (const row of this.#database.prepare('SELECT * FROM series').iterate()) {
      const buckets = row['buckets'] as Uint8Array | null;
      const state =
        row['time_ms'] === null
          ? undefined
          : {
              startMs: Number(row['start_ms']),
              timeMs: Number(row['time_ms']),
              total: Number(row['total']),
              totalSum: optional(row['total_sum'] as number | null),
              buckets: buckets === null ? undefined : readBuckets(buckets),
            };
      const series = JSON.parse(String(row['description'])) as HistorySeries;
      yield { id: Number(row['id']), identity: String(row['identity']), series, state };
    }
  }

  #find(question: SeriesQuestion): Found[] {
    const isGlob = /[*?[]/.test(question.name);
    const rows = this.#database
      .prepare(
        `SELECT id, description, time_ms FROM series WHERE name ${isGlob ? 'GLOB' : '='} ? ORDER BY name, identity`,
      )
      .iterate(question.name);
    const found: Found[] = [];
    for (const row of rows) {
      const series = JSON.parse(String(row['description'])) as HistorySeries;
      if (!isAsked(question, series)) continue;
      found.push({ id: Number(row['id']), lastMs: row['time_ms'] as number | null, series });
    }
    return found;
  }

  *#read(table: Resolution, id: number, fromMs: number, toMs: number): Generator<[number, Rollup]> {
    const spanMs = SPAN_MS[table];
    const rows = this.#spans[table].iterate(id, Math.floor(fromMs / spanMs), Math.ceil(toMs / spanMs));
    for (const row of rows) yield [Number(row['at']) * spanMs, rollupOf(row as unknown as Row)];
  }
}

function rollupOf({ count, min, max, sum, last, last_sum: lastSum, last_ms: lastMs, buckets }: Row): Rollup {
  const rollup = new Rollup();
  rollup.count = count;
  rollup.min = optional(min);
  rollup.max = optional(max);
  rollup.sum = optional(sum);
  rollup.last = last;
  rollup.lastSum = optional(lastSum);
  rollup.lastMs = lastMs;
  if (buckets !== null) rollup.buckets = readBuckets(buckets);
  return rollup;
}

function optional(value: number | null): number | undefined {
  return value ?? undefined;
}

function tooMany(limit: number): HistoryError {
  return new HistoryError(
    'TOO_MANY_POINTS',
    `the answer has more than ${limit} points; ask for a greater step, a shorter time or fewer series`,
  );
}

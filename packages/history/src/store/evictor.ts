import type { DatabaseSync } from 'node:sqlite';
import { HOUR_MS, MINUTE_MS } from '../rollup/rollup.ts';
import { one } from './open-database.ts';

/** Rows deleted in one transaction, so that questions come through between. */
const SLICE_ROWS = 5000;
const DAY_MS = 86_400_000;
/** How much below its limit the file is brought, so that not every commit has to. */
const SIZE_SLACK = 0.95;

export type Resolution = 'minute' | 'hour';

/** Rollups let go, by cause. */
export interface Evictions {
  age: number;
  size: number;
}

export interface EvictionLimits {
  readonly minuteDays: number;
  readonly hourDays: number;
  readonly sizeLimitBytes: number;
}

/** Lets go of what is too old, and of the oldest where there is too much. */
export class Evictor {
  readonly #database: DatabaseSync;
  readonly #limits: EvictionLimits;
  readonly evicted: Evictions = { age: 0, size: 0 };

  constructor(database: DatabaseSync, limits: EvictionLimits) {
    this.#database = database;
    this.#limits = limits;
  }

  /** Bytes in use. */
  get sizeBytes(): number {
    const pages = Number(one(this.#database, 'PRAGMA page_count'));
    const free = Number(one(this.#database, 'PRAGMA freelist_count'));
    return (pages - free) * Number(one(this.#database, 'PRAGMA page_size'));
  }

  /** Deletes a slice of what is to go; false when nothing is. */
  slice(nowMs: number): boolean {
    const { minuteDays, hourDays, sizeLimitBytes } = this.#limits;
    const minuteFrom = Math.floor((nowMs - minuteDays * DAY_MS) / MINUTE_MS);
    const hourFrom = Math.floor((nowMs - hourDays * DAY_MS) / HOUR_MS);
    if (this.#before('minute', minuteFrom) || this.#before('hour', hourFrom)) return true;
    if (this.sizeBytes <= sizeLimitBytes) return false;
    // Down to the slack in one go: the slices in between are found over the limit by nobody.
    while (this.sizeBytes > sizeLimitBytes * SIZE_SLACK) {
      if (!this.#oldest('minute') && !this.#oldest('hour')) break;
    }
    this.#database.exec('PRAGMA incremental_vacuum');
    return true;
  }

  /** Deletes descriptions of series without rollups whose last point is older than both; returns their ids. */
  series(nowMs: number): number[] {
    const beforeMs = nowMs - Math.max(this.#limits.minuteDays, this.#limits.hourDays) * DAY_MS;
    const rows = this.#database
      .prepare(
        `DELETE FROM series WHERE time_ms < ? AND NOT EXISTS (SELECT 1 FROM minute WHERE series = id)
         AND NOT EXISTS (SELECT 1 FROM hour WHERE series = id) RETURNING id`,
      )
      .all(beforeMs);
    return rows.map(({ id }) => Number(id));
  }

  #before(table: Resolution, at: number): boolean {
    const { changes } = this.#database
      .prepare(
        `DELETE FROM ${table} WHERE (series, at) IN (SELECT series, at FROM ${table} WHERE at < ? LIMIT ${SLICE_ROWS})`,
      )
      .run(at);
    this.evicted.age += Number(changes);
    return Number(changes) > 0;
  }

  /** Deletes the oldest span, in part when it is large: it is incomplete from then on, which its mark says. */
  #oldest(table: Resolution): boolean {
    const at = one(this.#database, `SELECT at FROM ${table} ORDER BY at LIMIT 1`);
    if (at === undefined) return false;
    this.#database
      .prepare('INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)')
      .run(`${table}_from`, Number(at) + 1);
    const { changes } = this.#database
      .prepare(
        `DELETE FROM ${table} WHERE (series, at) IN (SELECT series, at FROM ${table} WHERE at = ? LIMIT ${SLICE_ROWS})`,
      )
      .run(Number(at));
    this.evicted.size += Number(changes);
    return Number(changes) > 0;
  }
}

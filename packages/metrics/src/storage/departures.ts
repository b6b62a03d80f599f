import type { Series } from '../aggregation/series.ts';
import { Column } from '../aggregation/column.ts';

/** A reader's stream, as far as series that leave are concerned. */
export interface Witness {
  /** Whether it has collected before; one that never has keeps nothing from leaving. */
  readonly hasCollected: boolean;
  forget(ordinal: number): void;
}

interface Departure {
  readonly updates: number;
  /** Streams that have not reported the last point. */
  readonly pending: Set<Witness>;
}

/**
 * The series of a storage that are about to be forgotten: removed by the program, or idle for too long. Each stays until
 * every reader that collects has had its last point, so that forgetting loses nothing; recording into it keeps it.
 */
export class Departures {
  readonly #witnesses = new Set<Witness>();
  readonly #leaving = new Map<Series, Departure>();
  readonly #lastUpdates = new Column(0);
  readonly #lastActiveMillis = new Column(0);

  addWitness(witness: Witness): void {
    this.#witnesses.add(witness);
  }

  /** Lets a series leave; returns whether it may go at once, because no reader waits for it. */
  announce(series: Series): boolean {
    const pending = new Set([...this.#witnesses].filter(({ hasCollected }) => hasCollected));
    this.#leaving.set(series, { updates: series.updates, pending });
    return pending.size === 0;
  }

  /** Notes that a stream has reported all there is; returns the series that are free to go now. */
  reported(witness: Witness): Series[] {
    const free: Series[] = [];
    for (const [series, { updates, pending }] of this.#leaving) {
      if (series.updates !== updates) {
        this.#leaving.delete(series);
        continue;
      }
      pending.delete(witness);
      if (pending.size === 0) free.push(series);
    }
    return free;
  }

  get isEmpty(): boolean {
    return this.#leaving.size === 0;
  }

  /** Everything that has been announced and not recorded since, whoever waits for it. */
  all(): Series[] {
    return [...this.#leaving].filter(([series, { updates }]) => series.updates === updates).map(([series]) => series);
  }

  /** Has every reader forget a series. */
  conclude(series: Series): void {
    const { ordinal } = series;
    this.#leaving.delete(series);
    this.#lastUpdates.set(ordinal, 0);
    for (const witness of this.#witnesses) witness.forget(ordinal);
  }

  /** The series without a record for at least `ttlMillis`, as far as these calls can tell. */
  idle(all: readonly Series[], nowMillis: number, ttlMillis: number): Series[] {
    return all.filter((series) => {
      const { ordinal, updates } = series;
      if (updates === 0 || this.#leaving.has(series)) return false;
      if (updates !== this.#lastUpdates.get(ordinal)) {
        this.#lastUpdates.set(ordinal, updates);
        this.#lastActiveMillis.set(ordinal, nowMillis);
      }
      return nowMillis - this.#lastActiveMillis.get(ordinal) >= ttlMillis;
    });
  }
}

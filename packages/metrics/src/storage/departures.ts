import { Column } from '../aggregation/column.ts';

/** A reader's stream, as far as series that leave are concerned. */
export interface Witness {
  /** Whether it has collected before; one that never has keeps nothing from leaving. */
  readonly hasCollected: boolean;
  forget(position: number): void;
}

interface Departure {
  /** Counts announcements. */
  readonly number: number;
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
  readonly #leaving = new Map<number, Departure>();
  readonly #updatesAt: (position: number) => number;
  readonly #lastUpdates = new Column(0);
  readonly #lastActiveMillis = new Column(0);
  #lastNumber = 0;

  /** `updatesAt` counts the records of the series at a position. */
  constructor(updatesAt: (position: number) => number) {
    this.#updatesAt = updatesAt;
  }

  addWitness(witness: Witness): void {
    this.#witnesses.add(witness);
  }

  /** Lets a series leave; returns whether it may go at once, because no reader waits for it. */
  announce(position: number): boolean {
    const pending = new Set([...this.#witnesses].filter(({ hasCollected }) => hasCollected));
    this.#lastNumber++;
    this.#leaving.set(position, { number: this.#lastNumber, updates: this.#updatesAt(position), pending });
    return pending.size === 0;
  }

  /** The number of the latest announcement. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Positions of all series that leave; they may come and go while one goes through them. */
  positions(): Iterable<number> {
    return this.#leaving.keys();
  }

  /**
   * Notes that a stream has reported a series that leaves; returns whether it is free to go now. A stream that reads in
   * slices may have passed a series before it was announced, with fewer records than it has: only what was announced up
   * to `lastNumber`, when its reading began, has been reported wholly.
   */
  reported(position: number, witness: Witness, lastNumber: number): boolean {
    const departure = this.#leaving.get(position);
    if (departure === undefined) return false;
    if (this.#updatesAt(position) !== departure.updates) {
      this.#leaving.delete(position);
      return false;
    }
    if (departure.number > lastNumber) return false;
    departure.pending.delete(witness);
    return departure.pending.size === 0;
  }

  get isEmpty(): boolean {
    return this.#leaving.size === 0;
  }

  /** Everything that has been announced and not recorded since, whoever waits for it. */
  all(): number[] {
    return [...this.#leaving]
      .filter(([position, { updates }]) => this.#updatesAt(position) === updates)
      .map(([position]) => position);
  }

  /** Has every reader forget a series. */
  conclude(position: number): void {
    this.#leaving.delete(position);
    this.#lastUpdates.set(position, 0);
    for (const witness of this.#witnesses) witness.forget(position);
  }

  /** Whether a series had no record for at least `ttlMillis`, as far as these calls can tell. */
  isIdle(position: number, nowMillis: number, ttlMillis: number): boolean {
    const updates = this.#updatesAt(position);
    if (updates === 0 || this.#leaving.has(position)) return false;
    if (updates !== this.#lastUpdates.get(position)) {
      this.#lastUpdates.set(position, updates);
      this.#lastActiveMillis.set(position, nowMillis);
    }
    return nowMillis - this.#lastActiveMillis.get(position) >= ttlMillis;
  }
}

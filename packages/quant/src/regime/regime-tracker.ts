import { positiveInteger, QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/** Options of a {@link RegimeTracker}. */
export interface RegimeTrackerOptions {
  /** Times in a row another regime has to be observed before it is taken; 3 by default. */
  readonly confirmations?: number;
  /** Periods a regime lasts at least; 10 by default. */
  readonly minimumDwell?: number;
}

/**
 * The regime that is in force, which does not flicker: another one is taken after it was observed several times in a
 * row, and not before the present one has lasted its minimum.
 */
export class RegimeTracker {
  readonly #confirmations: number;
  readonly #minimumDwell: number;
  #current = -1;
  #candidate = -1;
  #seen = 0;
  #dwell = 0;
  #transitions = 0;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor({ confirmations = 3, minimumDwell = 10 }: RegimeTrackerOptions = {}) {
    this.#confirmations = positiveInteger('confirmations', confirmations);
    this.#minimumDwell = positiveInteger('minimumDwell', minimumDwell);
  }

  /**
   * Takes one period's observation: the index of a regime from 0, or undefined where none can be told, which leaves
   * everything as it is but the time. Returns true when the regime in force changed. The first one is taken at once.
   */
  observe(regime: number | undefined): boolean {
    if (this.#current !== -1) this.#dwell++;
    if (regime === undefined) return false;
    if (regime === this.#current) {
      this.#seen = 0;
      this.#candidate = -1;
      return false;
    }
    if (this.#current === -1) return this.#enter(regime, 0);
    this.#seen = regime === this.#candidate ? this.#seen + 1 : 1;
    this.#candidate = regime;
    if (this.#seen < this.#confirmations || this.#dwell < this.#minimumDwell) return false;
    return this.#enter(regime, 1);
  }

  /** Index of the regime in force; undefined before the first observation. */
  get current(): number | undefined {
    return this.#current === -1 ? undefined : this.#current;
  }

  /** Periods since the regime in force began. */
  get dwell(): number {
    return this.#dwell;
  }

  /** Changes from one regime to another. */
  get transitions(): number {
    return this.#transitions;
  }

  snapshot(): readonly number[] {
    return [this.#current, this.#candidate, this.#seen, this.#dwell, this.#transitions];
  }

  /** Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const values = restoredNumbers('RegimeTracker', snapshot, 5);
    if (values.some((value) => !Number.isSafeInteger(value))) {
      throw new QuantError('invalid_snapshot', `a regime tracker of ${values.join(', ')}; all must be whole numbers`);
    }
    const [current, candidate, seen, dwell, transitions] = values as [number, number, number, number, number];
    this.#current = current;
    this.#candidate = candidate;
    this.#seen = seen;
    this.#dwell = dwell;
    this.#transitions = transitions;
  }

  #enter(regime: number, step: number): boolean {
    this.#current = regime;
    this.#candidate = -1;
    this.#seen = 0;
    this.#dwell = 0;
    this.#transitions += step;
    return true;
  }
}

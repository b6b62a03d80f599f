import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { normalDensity } from '../statistics/normal.ts';

/** A Gaussian regime: returns are normal around `mean` with `variance` while it lasts. */
export interface Regime {
  readonly mean: number;
  /** Above 0. */
  readonly variance: number;
}

/**
 * Probability of each regime given the returns so far (Hamilton 1989): O(k²) per return, forward only, so that what it
 * says at a moment was knowable then. Parameters are fitted elsewhere. Starts from the stationary distribution.
 */
export class HamiltonFilter {
  readonly #regimes: readonly Regime[];
  /** `#stay[i][j]`: probability that regime i is followed by regime j. */
  readonly #transitions: readonly (readonly number[])[];
  #filtered: number[];
  #logLikelihood = 0;
  #count = 0;

  /**
   * `transitions[i][j]` is the probability that regime i is followed by regime j; each row adds up to 1. Throws
   * {@link QuantError} `invalid_option`.
   */
  constructor(regimes: readonly Regime[], transitions: readonly (readonly number[])[]) {
    const size = regimes.length;
    const isSquare = transitions.length === size && transitions.every((row) => row.length === size);
    if (size < 2 || !isSquare) {
      throw new QuantError('invalid_option', `${size} regimes need ${size} rows of ${size} transition probabilities`);
    }
    for (const row of transitions) {
      const sum = row.reduce((total, p) => total + p, 0);
      if (row.some((p) => !(p >= 0)) || !(Math.abs(sum - 1) < 1e-9)) {
        throw new QuantError('invalid_option', `transition probabilities ${row.join(', ')} must add up to 1`);
      }
    }
    for (const { mean, variance } of regimes) {
      if (!Number.isFinite(mean) || !(variance > 0 && variance < Infinity)) {
        throw new QuantError(
          'invalid_option',
          `a regime of mean ${mean} and variance ${variance}; both must be finite`,
        );
      }
    }
    this.#regimes = regimes;
    this.#transitions = transitions;
    this.#filtered = stationary(transitions);
  }

  /** Takes the next return. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(value: number): boolean {
    if (!Number.isFinite(value)) return false;
    // The first return is drawn from the stationary distribution, which the transitions leave as it is.
    const predicted = this.#regimes.map((_, next) =>
      this.#filtered.reduce((sum, p, from) => sum + p * this.#transitions[from]![next]!, 0),
    );
    const joint = predicted.map((p, at) => {
      const { mean, variance } = this.#regimes[at]!;
      const deviation = Math.sqrt(variance);
      return (p * normalDensity((value - mean) / deviation)) / deviation;
    });
    const likelihood = joint.reduce((sum, p) => sum + p, 0);
    this.#count++;
    // So far out that every density is 0 in a double: the return says nothing that can be told apart.
    if (!(likelihood > 0)) {
      this.#filtered = predicted;
      this.#logLikelihood = -Infinity;
      return true;
    }
    this.#filtered = joint.map((p) => p / likelihood);
    this.#logLikelihood += Math.log(likelihood);
    return true;
  }

  /** Count, log-likelihood and the probability of each regime. */
  snapshot(): readonly number[] {
    return [this.#count, this.#logLikelihood, ...this.#filtered];
  }

  /** Takes back the state of a filter with the same regimes. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const values = restoredNumbers('HamiltonFilter', snapshot, 2 + this.#regimes.length);
    const [count, logLikelihood, ...filtered] = values as [number, number, ...number[]];
    this.#count = count;
    // JSON has no -Infinity.
    this.#logLikelihood = Number.isNaN(logLikelihood) ? -Infinity : logLikelihood;
    this.#filtered = filtered;
  }

  get count(): number {
    return this.#count;
  }

  /** Probability of each regime now; they add up to 1. */
  get probabilities(): readonly number[] {
    return this.#filtered;
  }

  get logLikelihood(): number {
    return this.#logLikelihood;
  }
}

/** Long-run probability of each regime: the distribution that the transitions leave as it is. */
function stationary(transitions: readonly (readonly number[])[]): number[] {
  const size = transitions.length;
  // Solves πP = π with Σπ = 1, the last equation replaced, by elimination with pivoting.
  const rows = Array.from({ length: size }, (_, row) => [
    ...Array.from({ length: size }, (_unused, column) =>
      row === size - 1 ? 1 : transitions[column]![row]! - (row === column ? 1 : 0),
    ),
    row === size - 1 ? 1 : 0,
  ]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const divisor = rows[column]![column]!;
    if (Math.abs(divisor) < 1e-14) return Array.from({ length: size }, () => 1 / size);
    for (let at = column; at <= size; at++) rows[column]![at]! /= divisor;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]!;
      for (let at = column; at <= size; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return rows.map((row) => row[size]!);
}

import type { Tape } from './tape.ts';

/**
 * Running sum of doubles that keeps the rounding error of every addition beside it (Neumaier's variant of Kahan's
 * algorithm), so that adding a value and later its negative gives back what was there before. The error of `value`
 * is one rounding of the true sum plus a term of the order of 1e-32 per addition, whatever the order of the values.
 *
 * Callers keep NaN and ±Infinity out: they would stay in the sum for ever.
 */
export class NeumaierSum {
  #sum = 0;
  #compensation = 0;

  /** Adds one finite value; does not allocate. */
  add(value: number): void {
    const sum = this.#sum;
    const next = sum + value;
    // The smaller operand is the one whose low digits the addition lost.
    if (Math.abs(sum) >= Math.abs(value)) this.#compensation += sum - next + value;
    else this.#compensation += value - next + sum;
    this.#sum = next;
  }

  /** Replaces the whole sum by one value; `compensation` is that of a sum which is continued. */
  reset(value = 0, compensation = 0): void {
    this.#sum = value;
    this.#compensation = compensation;
  }

  /** The two parts of the sum, to be given to {@link reset} where it is continued. */
  get parts(): readonly [number, number] {
    return [this.#sum, this.#compensation];
  }

  carry(tape: Tape): void {
    this.#sum = tape.number(this.#sum);
    this.#compensation = tape.number(this.#compensation);
  }

  /** The sum so far, 0 when nothing was added. */
  get value(): number {
    return this.#sum + this.#compensation;
  }
}

import { QuantError } from '../errors.ts';
import { restoredNumbers } from './restored-numbers.ts';

/**
 * The numbers of a state on their way into a list or back out of one. A class has one method `carry(tape)` for both ways:
 * it hands over every field and keeps what comes back, so that saving and restoring cannot differ.
 */
export interface Tape {
  /** Any number; JSON turns an infinite one into NaN. */
  number(value: number): number;
  /** A number that may be missing; it must not be NaN. */
  optional(value: number | undefined): number | undefined;
  /** A whole number from 0 to `limit`. */
  count(value: number, limit?: number): number;
}

/** Hands over each of some cells and puts back what comes of them. */
export function carryCells(tape: Tape, cells: Float64Array, from = 0, length: number = cells.length - from): void {
  for (let at = from; at < from + length; at++) cells[at] = tape.number(cells[at]!);
}

/** A tape that takes numbers down. */
export class TapeWriter implements Tape {
  readonly numbers: number[] = [];

  number(value: number): number {
    this.numbers.push(value);
    return value;
  }

  optional(value: number | undefined): number | undefined {
    this.numbers.push(value ?? Number.NaN);
    return value;
  }

  count(value: number): number {
    return this.number(value);
  }
}

/** A tape that gives numbers back in the order they were taken down. Throws {@link QuantError} `invalid_snapshot`. */
export class TapeReader implements Tape {
  readonly #what: string;
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(what: string, numbers: unknown) {
    this.#what = what;
    this.#numbers = restoredNumbers(what, numbers);
  }

  number(): number {
    const value = this.#numbers[this.#at++];
    return value === undefined ? this.#refuse('ends too early') : value;
  }

  optional(): number | undefined {
    const value = this.number();
    return Number.isNaN(value) ? undefined : value;
  }

  count(_: number, limit: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.number();
    return Number.isInteger(value) && value >= 0 && value <= limit ? value : this.#refuse(`has ${value} for a count`);
  }

  /** Says that the state is complete: numbers that are left belong to something else. */
  end(): void {
    if (this.#at !== this.#numbers.length) this.#refuse('goes on after its end');
  }

  #refuse(fault: string): never {
    throw new QuantError('invalid_snapshot', `the snapshot of ${this.#what} ${fault}; it was taken of something else`);
  }
}

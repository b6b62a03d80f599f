import { QuantError } from '../errors.ts';
import type { Tape } from '../number/tape.ts';

/** Rejects a window length that cannot be one. */
export function requireLength(length: number): number {
  if (!Number.isInteger(length) || length < 1 || length > 1_000_000) {
    throw new QuantError('invalid_option', `a window of ${length} bars; it must be a whole number from 1 to 1000000`);
  }
  return length;
}

/** The latest `length` values of a series, oldest first by {@link at}. */
export class Window {
  readonly length: number;
  readonly #values: Float64Array;
  #count = 0;

  constructor(length: number) {
    this.length = requireLength(length);
    this.#values = new Float64Array(length);
  }

  /** Takes a value; returns the one that leaves, 0 while the window fills. */
  push(value: number): number {
    const place = this.#count % this.length;
    const gone = this.isFull ? this.#values[place]! : 0;
    this.#values[place] = value;
    this.#count++;
    return gone;
  }

  carry(tape: Tape): void {
    this.#count = tape.count(this.#count);
    const filled = Math.min(this.#count, this.length);
    for (let i = 0; i < filled; i++) this.#values[i] = tape.number(this.#values[i]!);
  }

  get isFull(): boolean {
    return this.#count >= this.length;
  }

  /** Value by age: 0 is the oldest. */
  at(index: number): number {
    return this.#values[(this.#count + index) % this.length]!;
  }

  /** Sum of a full window, added up anew: the price of a window of tens is less than the drift of a running sum. */
  get sum(): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += this.#values[i]!;
    return sum;
  }

  /** Sum of squared deviations of a full window from its mean, in two passes. */
  get squares(): number {
    const mean = this.sum / this.length;
    let squares = 0;
    for (let i = 0; i < this.length; i++) squares += (this.#values[i]! - mean) ** 2;
    return squares;
  }
}

/** Largest of the latest values in O(1) amortised: a queue of candidates that falls from front to back. */
export class WindowMaximum {
  readonly #length: number;
  readonly #values: number[] = [];
  readonly #places: number[] = [];
  #count = 0;

  constructor(length: number) {
    this.#length = requireLength(length);
  }

  push(value: number): void {
    while (this.#values.length > 0 && this.#values.at(-1)! <= value) {
      this.#values.pop();
      this.#places.pop();
    }
    this.#values.push(value);
    this.#places.push(this.#count++);
    if (this.#places[0]! <= this.#count - 1 - this.#length) {
      this.#values.shift();
      this.#places.shift();
    }
  }

  carry(tape: Tape): void {
    this.#count = tape.count(this.#count);
    const candidates = tape.count(this.#values.length, this.#length);
    for (let i = 0; i < candidates; i++) {
      this.#values[i] = tape.number(this.#values[i]!);
      this.#places[i] = tape.count(this.#places[i]!, this.#count);
    }
  }

  get isFull(): boolean {
    return this.#count >= this.#length;
  }

  /** NaN before the first value. */
  get value(): number {
    return this.#values[0] ?? Number.NaN;
  }
}

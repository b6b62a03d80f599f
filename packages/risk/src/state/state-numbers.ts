import { damagedState } from '@nanometer/quant';

/** The numbers of a state, taken one after the other in the order they were written. */
export class StateNumbers {
  readonly #numbers: Float64Array;
  #at = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  next(): number {
    return this.take(1)[0]!;
  }

  take(count: number): number[] {
    const from = this.#at;
    if (!(Number.isInteger(count) && count >= 0 && from + count <= this.#numbers.length)) {
      damagedState('it has fewer numbers than its head calls for');
    }
    this.#at += count;
    return Array.from(this.#numbers.subarray(from, this.#at));
  }

  end(): void {
    if (this.#at < this.#numbers.length) damagedState('it has more numbers than its head calls for');
  }
}

/** Appends numbers one by one: a spread of a long list exceeds what a call can take. */
export function append(numbers: number[], values: Iterable<number>): void {
  for (const value of values) numbers.push(value);
}

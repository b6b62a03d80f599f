import { grownLength } from '../growth.ts';

const FIRST_LENGTH = 16;

/** Numbers of one reader by series ordinal; grows as series appear. */
export class Column {
  readonly #initial: number;
  #values: Float64Array;

  constructor(initial: number) {
    this.#initial = initial;
    this.#values = new Float64Array(FIRST_LENGTH).fill(initial);
  }

  clone(): Column {
    const copy = new Column(this.#initial);
    copy.#values = this.#values.slice();
    return copy;
  }

  get(ordinal: number): number {
    return ordinal < this.#values.length ? this.#values[ordinal]! : this.#initial;
  }

  set(ordinal: number, value: number): void {
    if (ordinal >= this.#values.length) this.#grow(ordinal);
    this.#values[ordinal] = value;
  }

  #grow(ordinal: number): void {
    const grown = new Float64Array(grownLength(this.#values.length, ordinal + 1)).fill(
      this.#initial,
      this.#values.length,
    );
    grown.set(this.#values);
    this.#values = grown;
  }
}

import type { Tape } from '../number/tape.ts';
import { requireLength, Window } from './window.ts';

// Every indicator takes one value or bar at a time and returns its value there, undefined while it warms up.

/** Mean of the latest values. */
export class SimpleMovingAverage {
  readonly #window: Window;

  constructor(length: number) {
    this.#window = new Window(length);
  }

  add(value: number): number | undefined {
    this.#window.push(value);
    return this.#window.isFull ? this.#window.sum / this.#window.length : undefined;
  }

  carry(tape: Tape): void {
    this.#window.carry(tape);
  }
}

/** Mean of the latest values, the newest weighing most (n, n - 1, … 1). */
export class WeightedMovingAverage {
  readonly #window: Window;

  constructor(length: number) {
    this.#window = new Window(length);
  }

  add(value: number): number | undefined {
    const window = this.#window;
    window.push(value);
    if (!window.isFull) return undefined;
    let sum = 0;
    for (let i = 0; i < window.length; i++) sum += (i + 1) * window.at(i);
    return sum / ((window.length * (window.length + 1)) / 2);
  }

  carry(tape: Tape): void {
    this.#window.carry(tape);
  }
}

/** What an exponential average begins with: the mean of the first `length` values (TA-Lib), or the first value. */
export type Seeding = 'mean' | 'first';

/** Fading mean: each value moves it by `2/(length + 1)` of the distance, or by `weight`. */
export class ExponentialMovingAverage {
  readonly #length: number;
  readonly #weight: number;
  readonly #seeding: Seeding;
  #count = 0;
  #value = 0;

  constructor(length: number, seeding: Seeding = 'mean', weight: number = 2 / (length + 1)) {
    this.#length = requireLength(length);
    this.#weight = weight;
    this.#seeding = seeding;
  }

  add(value: number): number | undefined {
    this.#count++;
    if (this.#seeding === 'first') {
      this.#value = this.#count === 1 ? value : this.#value + this.#weight * (value - this.#value);
      return this.#value;
    }
    if (this.#count <= this.#length) {
      this.#value += value;
      if (this.#count < this.#length) return undefined;
      this.#value /= this.#length;
    } else this.#value += this.#weight * (value - this.#value);
    return this.#value;
  }

  carry(tape: Tape): void {
    this.#count = tape.count(this.#count);
    this.#value = tape.number(this.#value);
  }
}

/** Wilder's fading mean: weight 1/length, begun with the mean of the first `length` values. */
export class WilderAverage extends ExponentialMovingAverage {
  constructor(length: number) {
    super(length, 'mean', 1 / length);
  }
}

/** Mean of the latest closes weighted by volume; undefined without volume. */
export class VolumeWeightedMovingAverage {
  readonly #values: Window;
  readonly #volumes: Window;

  constructor(length: number) {
    this.#values = new Window(length);
    this.#volumes = new Window(length);
  }

  add(close: number, volume: number): number | undefined {
    this.#values.push(close * volume);
    this.#volumes.push(volume);
    const total = this.#volumes.sum;
    return this.#volumes.isFull && total > 0 ? this.#values.sum / total : undefined;
  }

  carry(tape: Tape): void {
    this.#values.carry(tape);
    this.#volumes.carry(tape);
  }
}

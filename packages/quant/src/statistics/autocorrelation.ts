import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/**
 * Autocorrelations of a stream at lags 1 to `maxLag`, in the usual form: sum of products of deviations from the overall
 * mean over the sum of squared deviations. Values are kept relative to the first one, so that large levels with small
 * changes lose no digits (NIST StRD NumAcc).
 */
export class Autocorrelation {
  readonly maxLag: number;
  readonly #recent: Float64Array;
  /** Sums of the first k values, and of products at lag k. */
  readonly #heads: Float64Array;
  readonly #products: Float64Array;
  #count = 0;
  #origin = 0;
  #sum = 0;
  #squares = 0;

  /** `maxLag`: whole number from 1 to 10,000. Throws {@link QuantError} `invalid_option`. */
  constructor(maxLag: number) {
    if (!Number.isInteger(maxLag) || maxLag < 1 || maxLag > 10_000) {
      throw new QuantError('invalid_option', `maxLag is ${maxLag}; it must be a whole number from 1 to 10000`);
    }
    this.maxLag = maxLag;
    this.#recent = new Float64Array(maxLag);
    this.#heads = new Float64Array(maxLag + 1);
    this.#products = new Float64Array(maxLag + 1);
  }

  /** Takes one value. NaN and ±Infinity are ignored; returns whether the value was taken. */
  add(value: number): boolean {
    if (!Number.isFinite(value)) return false;
    if (this.#count === 0) this.#origin = value;
    const shifted = value - this.#origin;
    const lags = Math.min(this.#count, this.maxLag);
    for (let lag = 1; lag <= lags; lag++) this.#products[lag]! += shifted * this.#back(lag);
    for (let lag = this.#count + 1; lag <= this.maxLag; lag++) this.#heads[lag]! += shifted;
    this.#recent[this.#count % this.maxLag] = shifted;
    this.#count++;
    this.#sum += shifted;
    this.#squares += shifted * shifted;
    return true;
  }

  /** Everything it holds, as plain data; {@link restore} takes it back to the last bit. */
  snapshot(): readonly number[] {
    const scalars = [this.#count, this.#origin, this.#sum, this.#squares];
    return [...scalars, ...this.#recent, ...this.#heads, ...this.#products];
  }

  /** The snapshot must be of the same `maxLag`. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const lags = this.maxLag;
    const values = restoredNumbers('Autocorrelation', snapshot, 4 + lags + 2 * (lags + 1));
    [this.#count, this.#origin, this.#sum, this.#squares] = values as [number, number, number, number];
    this.#recent.set(values.slice(4, 4 + lags));
    this.#heads.set(values.slice(4 + lags, 5 + 2 * lags));
    this.#products.set(values.slice(5 + 2 * lags));
  }

  get count(): number {
    return this.#count;
  }

  /** Autocorrelation at a lag; undefined without variance, with fewer than lag + 1 values, or beyond `maxLag`. */
  at(lag: number): number | undefined {
    if (!Number.isInteger(lag) || lag < 1 || lag > this.maxLag || this.#count <= lag) return undefined;
    const n = this.#count;
    const mean = this.#sum / n;
    const squares = this.#squares - n * mean * mean;
    if (!(squares > 0)) return undefined;
    let tail = 0;
    for (let back = 1; back <= lag; back++) tail += this.#back(back);
    const late = this.#sum - this.#heads[lag]!;
    const early = this.#sum - tail;
    return (this.#products[lag]! - mean * (late + early) + (n - lag) * mean * mean) / squares;
  }

  #back(lag: number): number {
    return this.#recent[(this.#count - lag) % this.maxLag]!;
  }
}

/** Updates in the order they came, in columns. Grows by doubling; what it has grown to is kept when it is cleared. */
export class UpdateRows {
  #ids: Uint32Array = new Uint32Array(256);
  #times: Float64Array = new Float64Array(256);
  #values: Float64Array = new Float64Array(256);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Series by row; the array is replaced when the rows grow, and longer than `size`. */
  get ids(): Uint32Array {
    return this.#ids;
  }

  /** Unix milliseconds by row. */
  get times(): Float64Array {
    return this.#times;
  }

  get values(): Float64Array {
    return this.#values;
  }

  push(id: number, timeMs: number, value: number): void {
    if (this.#size === this.#ids.length) this.#grow();
    const row = this.#size++;
    this.#ids[row] = id;
    this.#times[row] = timeMs;
    this.#values[row] = value;
  }

  clear(): void {
    this.#size = 0;
  }

  #grow(): void {
    const length = 2 * this.#ids.length;
    const ids = new Uint32Array(length);
    const times = new Float64Array(length);
    const values = new Float64Array(length);
    ids.set(this.#ids);
    times.set(this.#times);
    values.set(this.#values);
    this.#ids = ids;
    this.#times = times;
    this.#values = values;
  }
}

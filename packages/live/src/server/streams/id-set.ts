/**
 * A set of small integers: one mark per possible member and the members in the order they came.
 * Membership is an array read, clearing costs the number of members, and nothing allocates once it has grown.
 */
export class IdSet {
  #marks: Uint8Array = new Uint8Array(64);
  #ids: Uint32Array = new Uint32Array(16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The members, oldest first; valid until the next `add` or `clear`. */
  get ids(): Uint32Array {
    return this.#ids.subarray(0, this.#size);
  }

  has(id: number): boolean {
    return this.#marks[id] === 1;
  }

  /** Adds one id; `true` when it was not a member. */
  add(id: number): boolean {
    if (this.#marks[id] === 1) return false;
    if (id >= this.#marks.length) this.#marks = grown(this.#marks, id + 1);
    if (this.#size === this.#ids.length) this.#ids = grown(this.#ids, this.#size + 1);
    this.#marks[id] = 1;
    this.#ids[this.#size++] = id;
    return true;
  }

  addAll(ids: Uint32Array): void {
    for (let i = 0; i < ids.length; i++) this.add(ids[i]!);
  }

  clear(): void {
    for (let i = 0; i < this.#size; i++) this.#marks[this.#ids[i]!] = 0;
    this.#size = 0;
  }
}

function grown<T extends Uint8Array | Uint32Array>(array: T, least: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(2 * array.length, least));
  larger.set(array);
  return larger;
}

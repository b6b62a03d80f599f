/** Small integers in the order they came, each at most once at a time. Nothing allocates once it has grown. */
export class IdQueue {
  #marks: Uint8Array = new Uint8Array(256);
  // A ring: its length is a power of two.
  #ids: Uint32Array = new Uint32Array(256);
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** False when the id waits already. */
  add(id: number): boolean {
    if (this.#marks[id] === 1) return false;
    if (id >= this.#marks.length) {
      const marks = new Uint8Array(Math.max(2 * this.#marks.length, id + 1));
      marks.set(this.#marks);
      this.#marks = marks;
    }
    if (this.#size === this.#ids.length) this.#grow();
    this.#marks[id] = 1;
    this.#ids[(this.#first + this.#size++) & (this.#ids.length - 1)] = id;
    return true;
  }

  /** The id at a place, 0 the oldest; the place must be below `size`. */
  at(place: number): number {
    return this.#ids[(this.#first + place) & (this.#ids.length - 1)]!;
  }

  /** Takes out the oldest. */
  drop(count: number): void {
    for (let place = 0; place < count; place++) this.#marks[this.at(place)] = 0;
    this.#first = (this.#first + count) & (this.#ids.length - 1);
    this.#size -= count;
  }

  clear(): void {
    this.drop(this.#size);
  }

  #grow(): void {
    const ids = new Uint32Array(2 * this.#ids.length);
    for (let place = 0; place < this.#size; place++) ids[place] = this.at(place);
    this.#ids = ids;
    this.#first = 0;
  }
}

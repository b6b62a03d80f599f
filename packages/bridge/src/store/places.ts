/** Numbered places for things that come and go: a number is given again after it was released, so numbers stay small. */
export class Places<T> {
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];

  /** Things held. */
  get size(): number {
    return this.#items.length - this.#free.length;
  }

  /** Puts a thing in a free place; `make` is told its number. */
  add(make: (id: number) => T): T {
    const id = this.#free.pop() ?? this.#items.length;
    const item = make(id);
    this.#items[id] = item;
    return item;
  }

  /** The thing with a number that is in use. */
  at(id: number): T {
    return this.#items[id]!;
  }

  /** Empties a place that is in use. */
  release(id: number): void {
    this.#items[id] = undefined;
    this.#free.push(id);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const item of this.#items) if (item !== undefined) yield item;
  }
}

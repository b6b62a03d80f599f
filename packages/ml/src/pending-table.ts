/** A pending prediction, also a node of the heap of deadlines. */
interface Entry<Owner> {
  id: string | number;
  owner: Owner;
  deadlineMs: number;
  /** Its place in the heap. */
  index: number;
}

/**
 * Predictions that wait for their outcome: found by id in constant time, given up by deadline in logarithmic time.
 *
 * The heap is a binary heap with the earliest deadline at index 0. Every entry knows its index, so one that is
 * resolved leaves from the middle and no tombstone is left behind: the size is the number of pending predictions.
 */
export class PendingTable<Owner> {
  readonly #byId = new Map<string | number, Entry<Owner>>();
  readonly #heap: Entry<Owner>[] = [];
  /** Entries that left, used again by later ones: a table of steady size allocates nothing. */
  readonly #spare: Entry<Owner>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest deadline in Unix milliseconds, or Infinity when nothing is pending. */
  get nextDeadlineMs(): number {
    return this.#heap[0]?.deadlineMs ?? Number.POSITIVE_INFINITY;
  }

  has(id: string | number): boolean {
    return this.#byId.has(id);
  }

  /** Adds a prediction. Its id must not be pending, its deadline must not be NaN. */
  add(id: string | number, owner: Owner, deadlineMs: number): void {
    const entry = this.#spare.pop() ?? { id, owner, deadlineMs, index: 0 };
    entry.id = id;
    entry.owner = owner;
    entry.deadlineMs = deadlineMs;
    this.#byId.set(id, entry);
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1, entry);
  }

  /** Removes a prediction by id and returns its owner, or `undefined` when it is not pending. */
  remove(id: string | number): Owner | undefined {
    const entry = this.#byId.get(id);
    return entry === undefined ? undefined : this.#leave(entry);
  }

  /** Removes the prediction with the earliest deadline and returns its owner, or `undefined` when nothing is pending. */
  removeEarliest(): Owner | undefined {
    const entry = this.#heap[0];
    return entry === undefined ? undefined : this.#leave(entry);
  }

  #leave(entry: Entry<Owner>): Owner {
    this.#byId.delete(entry.id);
    const moved = this.#heap.pop()!;
    if (moved !== entry) {
      // The last entry takes the free place and goes up or down from there, whichever it needs.
      this.#rise(entry.index, moved);
      this.#sink(moved.index, moved);
    }
    this.#spare.push(entry);
    return entry.owner;
  }

  #rise(index: number, entry: Entry<Owner>): void {
    const heap = this.#heap;
    let place = index;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent]!;
      if (above.deadlineMs <= entry.deadlineMs) break;
      heap[place] = above;
      above.index = place;
      place = parent;
    }
    heap[place] = entry;
    entry.index = place;
  }

  #sink(index: number, entry: Entry<Owner>): void {
    const heap = this.#heap;
    let place = index;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.deadlineMs < heap[child]!.deadlineMs) child++;
      const below = heap[child]!;
      if (below.deadlineMs >= entry.deadlineMs) break;
      heap[place] = below;
      below.index = place;
      place = child;
    }
    heap[place] = entry;
    entry.index = place;
  }
}

/** Something that wants to be looked at again at a time. */
export interface Due {
  /** Unix milliseconds of its entry in the queue; Infinity when it has none. */
  queuedMs: number;
}

/** A binary heap by time. An item has one entry; asking for a later time than queued waits for the entry to come up. */
export class DueQueue<T extends Due> {
  readonly #heap: { readonly atMs: number; readonly item: T }[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** Queues an item, unless it comes up before then anyway. */
  add(item: T, atMs: number): void {
    if (!(atMs < item.queuedMs)) return;
    item.queuedMs = atMs;
    const heap = this.#heap;
    let at = heap.length;
    const entry = { atMs, item };
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.atMs <= atMs) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the first item that is due, or `undefined`. */
  take(nowMs: number): T | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.atMs <= nowMs) {
      const { atMs, item } = this.#pop();
      // An entry that was overtaken by an earlier one of the same item is void.
      if (item.queuedMs !== atMs) continue;
      item.queuedMs = Number.POSITIVE_INFINITY;
      return item;
    }
    return undefined;
  }

  /** When the first item is due; Infinity when there is none. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  #pop(): { readonly atMs: number; readonly item: T } {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++;
      if (heap[child]!.atMs >= last.atMs) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

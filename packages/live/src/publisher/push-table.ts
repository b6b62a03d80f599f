import type { PushEntry, PushSeries } from '../push/messages.ts';

const DIRTY = 1;
const WRITTEN = 2;
const DEFINED = 4;
const NO_ENTRIES: readonly PushEntry[] = [];

/** Latest value of every series of a publisher, in columns indexed by id, and what the bridge does not have of them. */
export class PushTable {
  readonly #limit: number;
  readonly #entries: PushEntry[] = [];
  readonly #free: number[] = [];
  #values: Float64Array = new Float64Array(64);
  #times: Float64Array = new Float64Array(64);
  #state: Uint8Array = new Uint8Array(64);
  #dirty: Uint32Array = new Uint32Array(64);
  #dirtyCount = 0;
  #taken: Uint32Array = new Uint32Array(64);

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.length - this.#free.length;
  }

  get dirtyCount(): number {
    return this.#dirtyCount;
  }

  /** The id of a new series; -1 when the table is full. */
  add(series: PushSeries): number {
    const id = this.#free.pop() ?? this.#entries.length;
    if (id >= this.#limit) return -1;
    if (id === this.#values.length) this.#grow();
    this.#entries[id] = { ...series, id };
    // A place that is used again may still be among the changed ones.
    this.#state[id]! &= DIRTY;
    return id;
  }

  /** Lets a series go; its id may come to stand for another one. */
  remove(id: number): void {
    if (this.#entries[id] === undefined || this.#free.includes(id)) return;
    this.#state[id]! &= DIRTY;
    this.#free.push(id);
  }

  /** Keeps a value; returns whether it is one that the bridge does not have. Allocates nothing. */
  write(id: number, timeMs: number, value: number): boolean {
    const state = this.#state[id]!;
    if ((state & WRITTEN) !== 0 && Object.is(this.#values[id], value)) return false;
    this.#values[id] = value;
    this.#times[id] = timeMs;
    this.#state[id] = state | DIRTY | WRITTEN;
    if ((state & DIRTY) === 0) this.#dirty[this.#dirtyCount++] = id;
    return true;
  }

  /** Forgets what the bridge has: a new connection is told all, or what it lost is told again. */
  markAll(keepsDefinitions: boolean): void {
    this.#dirtyCount = 0;
    for (let id = 0; id < this.#entries.length; id++) {
      const written = (this.#state[id]! & WRITTEN) !== 0;
      this.#state[id] = (written ? DIRTY | WRITTEN : 0) | (keepsDefinitions ? this.#state[id]! & DEFINED : 0);
      if (written) this.#dirty[this.#dirtyCount++] = id;
    }
  }

  /** Takes the first changed series, at most so many; they count as told from now on. Returns how many have a value. */
  take(limit: number): number {
    const taken = Math.min(limit, this.#dirtyCount);
    if (taken > this.#taken.length) this.#taken = new Uint32Array(this.#dirty.length);
    const dirty = this.#dirty;
    let kept = 0;
    for (let at = 0; at < taken; at++) {
      const id = dirty[at]!;
      this.#state[id]! &= ~DIRTY;
      if ((this.#state[id]! & WRITTEN) !== 0) this.#taken[kept++] = id;
    }
    if (taken < this.#dirtyCount) dirty.copyWithin(0, taken, this.#dirtyCount);
    this.#dirtyCount -= taken;
    return kept;
  }

  /** The series that were taken last. */
  taken(at: number): number {
    return this.#taken[at]!;
  }

  /** Entries of the first `count` taken series that this connection was not told. */
  undefinedEntries(count: number): readonly PushEntry[] {
    let entries: PushEntry[] | undefined;
    for (let at = 0; at < count; at++) {
      const id = this.#taken[at]!;
      if ((this.#state[id]! & DEFINED) !== 0) continue;
      this.#state[id]! |= DEFINED;
      (entries ??= []).push(this.#entries[id]!);
    }
    return entries ?? NO_ENTRIES;
  }

  value(id: number): number {
    return this.#values[id]!;
  }

  /** Unix milliseconds. */
  timeMs(id: number): number {
    return this.#times[id]!;
  }

  #grow(): void {
    const size = 2 * this.#values.length;
    const values = new Float64Array(size);
    const times = new Float64Array(size);
    const state = new Uint8Array(size);
    const dirty = new Uint32Array(size);
    values.set(this.#values);
    times.set(this.#times);
    state.set(this.#state);
    dirty.set(this.#dirty);
    this.#values = values;
    this.#times = times;
    this.#state = state;
    this.#dirty = dirty;
  }
}

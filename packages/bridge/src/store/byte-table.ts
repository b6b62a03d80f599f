/**
 * Maps (owner, bytes) to a number: an open-addressed table over one byte arena. A hit is proven by comparing the bytes;
 * the hash only finds the place. Keys are never removed one by one.
 */
export class ByteTable {
  readonly #seed: number;
  #slots: Int32Array = new Int32Array(128).fill(-1);
  #hashes: Int32Array = new Int32Array(64);
  #owners: Int32Array = new Int32Array(64);
  #starts: Float64Array = new Float64Array(64);
  #lengths: Int32Array = new Int32Array(64);
  #values: Int32Array = new Int32Array(64);
  #arena: Uint8Array = new Uint8Array(4096);
  #arenaUsed = 0;
  #size = 0;

  /** The seed keeps a sender from choosing keys that all collide. */
  constructor(seed: number = (Math.random() * 2 ** 32) | 0) {
    this.#seed = seed;
  }

  /** Keys held. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of all keys held. */
  get byteCount(): number {
    return this.#arenaUsed;
  }

  /** The value of a key, or -1. */
  find(owner: number, bytes: Uint8Array, from: number, to: number): number {
    const hash = this.#hash(owner, bytes, from, to);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot]!;
      if (entry < 0) return -1;
      if (this.#hashes[entry] === hash && this.#owners[entry] === owner && this.#equals(entry, bytes, from, to)) {
        return this.#values[entry]!;
      }
    }
  }

  /** Adds a key that `find` has not found; copies the bytes. `value` is a non-negative 31-bit integer. */
  add(owner: number, bytes: Uint8Array, from: number, to: number, value: number): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    const length = to - from;
    while (this.#arenaUsed + length > this.#arena.length) {
      const wider = new Uint8Array(this.#arena.length * 2);
      wider.set(this.#arena.subarray(0, this.#arenaUsed));
      this.#arena = wider;
    }
    this.#arena.set(bytes.subarray(from, to), this.#arenaUsed);
    const entry = this.#size++;
    this.#hashes[entry] = this.#hash(owner, bytes, from, to);
    this.#owners[entry] = owner;
    this.#starts[entry] = this.#arenaUsed;
    this.#lengths[entry] = length;
    this.#values[entry] = value;
    this.#arenaUsed += length;
    this.#place(entry);
  }

  /** Forgets every key. */
  clear(): void {
    this.#slots.fill(-1);
    this.#arenaUsed = 0;
    this.#size = 0;
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[entry]! & mask;
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry;
  }

  #grow(): void {
    const size = this.#slots.length * 2;
    this.#slots = new Int32Array(size).fill(-1);
    this.#hashes = widened(this.#hashes, size / 2);
    this.#owners = widened(this.#owners, size / 2);
    this.#lengths = widened(this.#lengths, size / 2);
    this.#values = widened(this.#values, size / 2);
    const starts = new Float64Array(size / 2);
    starts.set(this.#starts);
    this.#starts = starts;
    for (let entry = 0; entry < this.#size; entry++) this.#place(entry);
  }

  #hash(owner: number, bytes: Uint8Array, from: number, to: number): number {
    let hash = Math.imul(this.#seed ^ owner, 0x9e3779b1);
    let at = from;
    // Four bytes a step: one multiplication per byte is three times as slow (bench/ingest.bench.js).
    for (const last = to - 3; at < last; at += 4) {
      const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      hash = Math.imul(hash ^ word, 0x85ebca6b);
      hash = (hash << 13) | (hash >>> 19);
    }
    for (; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0xc2b2ae35);
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x7feb352d);
    return hash ^ (hash >>> 15);
  }

  #equals(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#lengths[entry] !== to - from) return false;
    const arena = this.#arena;
    let index = this.#starts[entry]!;
    for (let at = from; at < to; at++) if (bytes[at] !== arena[index++]) return false;
    return true;
  }
}

function widened(old: Int32Array, size: number): Int32Array {
  const array = new Int32Array(size);
  array.set(old);
  return array;
}

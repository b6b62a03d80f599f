import type { ChunkPool } from './chunk-pool.ts';

/** Bytes that are only ever appended to, in pieces of which none is copied again. */
export class Chunks {
  readonly #pool: ChunkPool;
  readonly #full: Uint8Array[] = [];
  #current: Uint8Array = new Uint8Array(0);
  #used = 0;
  #length = 0;

  constructor(pool: ChunkPool) {
    this.#pool = pool;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length + this.#used;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length > this.#current.length - this.#used) this.#grow(bytes.length);
    this.#current.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Everything so far; no more is to be appended. */
  finish(): Uint8Array[] {
    this.#close();
    return this.#full;
  }

  #close(): void {
    if (this.#used > 0) this.#full.push(this.#current.subarray(0, this.#used));
    this.#length += this.#used;
    this.#used = 0;
  }

  #grow(needed: number): void {
    this.#close();
    this.#current = this.#pool.take(needed);
  }
}

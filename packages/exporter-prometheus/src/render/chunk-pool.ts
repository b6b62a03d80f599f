/** Bytes of one chunk; larger appends get a chunk of their own size, which is never kept. */
export const CHUNK_BYTES: number = 256 * 1024;

/**
 * Chunks for reuse: new ones are megabytes of garbage for each scrape and page faults at first writing, which is some 5 % of
 * its CPU (bench/chunk-pool.bench.js). Whoever gives a chunk back must be sure that nobody reads it any more.
 */
export class ChunkPool {
  readonly #free: Uint8Array[] = [];
  readonly #limit: number;

  /** Keeps at most `limitBytes`. */
  constructor(limitBytes: number) {
    this.#limit = Math.floor(limitBytes / CHUNK_BYTES);
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#free.length * CHUNK_BYTES;
  }

  /** A chunk of at least so many bytes, with anything in it. */
  take(needed: number): Uint8Array {
    if (needed > CHUNK_BYTES) return Buffer.allocUnsafeSlow(needed);
    // Uninitialised: filling with zeros would cost as much as the bytes themselves.
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }

  /** Takes chunks back, whole or the used part of them. */
  give(chunks: readonly Uint8Array[]): void {
    for (const { buffer } of chunks) {
      if (this.#free.length >= this.#limit) return;
      if (buffer.byteLength === CHUNK_BYTES) this.#free.push(new Uint8Array(buffer));
    }
  }
}

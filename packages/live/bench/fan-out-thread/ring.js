/** Rows in flight at most. A power of two, so that positions may wrap. */
export const ROWS = 65_536;
/** Places of positions and of the mark that the reader sleeps; what each side writes has a cache line of its own. */
export const WRITTEN = 0;
export const READ = 16;
export const SLEEPS = 32;

/** Columns and positions of a ring with one writer and one reader. */
export function ringMemory() {
  return {
    positions: new Int32Array(new SharedArrayBuffer(192)),
    ids: new Uint32Array(new SharedArrayBuffer(4 * ROWS)),
    times: new Float64Array(new SharedArrayBuffer(8 * ROWS)),
    values: new Float64Array(new SharedArrayBuffer(8 * ROWS)),
  };
}

/** The writer's side: rows of a turn are published together at its end. */
export class RingWriter {
  #memory;
  #written = 0;
  #waits = false;
  /** Rows that found the ring full. */
  dropped = 0;

  constructor(memory) {
    this.#memory = memory;
  }

  push(id, timeMs, value) {
    const { positions, ids, times, values } = this.#memory;
    if (((this.#written - Atomics.load(positions, READ)) | 0) >= ROWS) {
      this.dropped += 1;
      return;
    }
    const row = this.#written & (ROWS - 1);
    ids[row] = id;
    times[row] = timeMs;
    values[row] = value;
    this.#written = (this.#written + 1) | 0;
    if (this.#waits) return;
    this.#waits = true;
    queueMicrotask(this.#publish);
  }

  #publish = () => {
    this.#waits = false;
    const { positions } = this.#memory;
    Atomics.store(positions, WRITTEN, this.#written);
    if (Atomics.load(positions, SLEEPS) === 1) Atomics.notify(positions, WRITTEN);
  };
}

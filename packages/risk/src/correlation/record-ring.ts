import { RiskOptionError } from '../risk-option-error.ts';

const HEAD = 0;
const TAIL = 1;
const CLOSED = 2;
const UNREAD = 3;
const HEADER_CELLS = 4;

function shared(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch {
    throw new RiskOptionError(
      `the queue of the correlations takes ${bytes} bytes, more than can be had; lower correlation.stepQueueLimit, tickQueueLimit or symbolLimit`,
    );
  }
}

/** Memory of a {@link RecordRing}; goes to another thread as it is. */
export interface RingMemory {
  readonly header: SharedArrayBuffer;
  readonly body: SharedArrayBuffer;
  /** Doubles of one record. */
  readonly stride: number;
}

/**
 * Queue of records of doubles from one thread to another in shared memory. The writer never waits: it is refused when
 * the ring is full. The reader may sleep until there is more.
 *
 * ```
 * header  [ head | tail | closed | unread results ]      head - tail records wait; both run on and wrap at 2^32
 * body    [ record 0 | record 1 | … ]                    a power of two of records
 * ```
 */
export class RecordRing {
  readonly memory: RingMemory;
  readonly #header: Int32Array;
  readonly #body: Float64Array;
  readonly #mask: number;

  constructor(memory: RingMemory) {
    this.memory = memory;
    this.#header = new Int32Array(memory.header);
    this.#body = new Float64Array(memory.body);
    this.#mask = this.#body.length / memory.stride - 1;
  }

  /** A ring of at least `records` records. Throws a {@link RiskOptionError} when there is no memory for it. */
  static allocate(records: number, stride: number): RecordRing {
    const slots = 2 ** Math.ceil(Math.log2(records));
    const header = new SharedArrayBuffer(HEADER_CELLS * Int32Array.BYTES_PER_ELEMENT);
    const bytes = slots * stride * Float64Array.BYTES_PER_ELEMENT;
    return new RecordRing({ header, body: shared(bytes), stride });
  }

  get body(): Float64Array {
    return this.#body;
  }

  /** Records that wait. */
  get size(): number {
    return (Atomics.load(this.#header, HEAD) - Atomics.load(this.#header, TAIL)) | 0;
  }

  /** Offset in {@link body} where the next record goes, -1 when the ring is full. Writer only. */
  claim(): number {
    return this.size > this.#mask ? -1 : (this.#header[HEAD]! & this.#mask) * this.memory.stride;
  }

  /** Hands the claimed record over; the reader sees it when it looks next. Writer only. */
  publish(): void {
    Atomics.add(this.#header, HEAD, 1);
  }

  /** Wakes the reader. Writer only. */
  wake(): void {
    Atomics.notify(this.#header, HEAD);
  }

  /** Offset in {@link body} of the oldest record, -1 when there is none. Reader only. */
  peek(): number {
    return this.size === 0 ? -1 : (this.#header[TAIL]! & this.#mask) * this.memory.stride;
  }

  /** Gives the oldest record's place back. Reader only. */
  release(): void {
    Atomics.add(this.#header, TAIL, 1);
  }

  /** Sleeps until there is a record, the ring is closed or the time is up. Reader only; not on a main thread. */
  sleep(mostMs: number): void {
    const head = Atomics.load(this.#header, HEAD);
    if (head === Atomics.load(this.#header, TAIL) && !this.isClosed) Atomics.wait(this.#header, HEAD, head, mostMs);
  }

  /** Tells the reader to end. The head moves, so that a reader about to sleep does not. */
  close(): void {
    Atomics.store(this.#header, CLOSED, 1);
    Atomics.add(this.#header, HEAD, 1);
    this.wake();
  }

  get isClosed(): boolean {
    return Atomics.load(this.#header, CLOSED) === 1;
  }

  /** Results that the reader sent back and nobody has read yet. */
  get unread(): number {
    return Atomics.load(this.#header, UNREAD);
  }

  sent(): void {
    Atomics.add(this.#header, UNREAD, 1);
  }

  received(): void {
    Atomics.sub(this.#header, UNREAD, 1);
  }
}

import { OtlpError } from '../errors.ts';

/** A record that waits to be written. */
export interface PendingAppend {
  readonly payload: Uint8Array;
  readonly points: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Appends in their order, limited in bytes; whoever writes takes them in groups. */
export class AppendQueue {
  readonly #limitBytes: number;
  #waiting: PendingAppend[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get first(): PendingAppend | undefined {
    return this.#waiting[0];
  }

  /** Resolves when the record is written. One record always finds room, whatever its size. */
  async push(payload: Uint8Array, points: number): Promise<void> {
    if (this.#waiting.length > 0 && this.#bytes + payload.length > this.#limitBytes) {
      const message = `${this.#waiting.length} records (${this.#bytes} bytes) wait to be taken in, the limit is ${this.#limitBytes}`;
      throw new OtlpError('QUEUE_FULL', message);
    }
    this.#bytes += payload.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, points, resolve, reject });
    });
  }

  /** Takes records from the front: at least one, more while they fit `maxBytes`. */
  take(maxBytes: number): PendingAppend[] {
    let count = 0;
    let bytes = 0;
    for (const { payload } of this.#waiting) {
      if (count > 0 && bytes + payload.length > maxBytes) break;
      count++;
      bytes += payload.length;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  rejectAll(error: Error): void {
    for (const { reject } of this.take(Infinity)) reject(error);
  }
}

import type { EncodedFrame } from './encoded-frame.ts';

/**
 * The last frames of a lossless stream, numbered without a gap. Bounded by bytes: the oldest make room, and a frame
 * above the limit stays alone rather than never having been there.
 */
export class FrameRing {
  readonly #bytesLimit: number;
  #frames: EncodedFrame[] = [];
  /** Where the oldest frame is in `#frames`; what lies before it is garbage until it is worth moving the rest. */
  #start = 0;
  #first: number;
  #bytes = 0;

  /** @param first - number of the first frame that will be pushed. */
  constructor(bytesLimit: number, first: number) {
    this.#bytesLimit = bytesLimit;
    this.#first = first;
  }

  /** Number of the oldest frame; of the next one when there is none. */
  get first(): number {
    return this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#frames.length - this.#start;
  }

  /** The frame of this number; undefined when it has made room, or has not come yet. */
  get(sequence: number): EncodedFrame | undefined {
    return sequence < this.#first ? undefined : this.#frames[this.#start + sequence - this.#first];
  }

  push(frame: EncodedFrame): void {
    this.#frames.push(frame);
    this.#bytes += frame.bytes.byteLength;
    while (this.#bytes > this.#bytesLimit && this.size > 1) {
      this.#bytes -= this.#frames[this.#start]!.bytes.byteLength;
      this.#start += 1;
      this.#first += 1;
    }
    if (this.#start > 64 && this.#start * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#start);
      this.#start = 0;
    }
  }
}

import type { Chunks } from './chunks.ts';
import type { Encoding, FamilyHead, SeriesBlock } from './encoding.ts';

/** Appends the series of one family, the head before the first: a head without series says nothing. */
export class FamilyWriter {
  /** Series that were appended. */
  written = 0;
  /** Series that were not, because an earlier one has the same labels. */
  repeats = 0;
  readonly #head: FamilyHead;
  readonly #encoding: Encoding;
  readonly #chunks: Chunks;
  readonly #seriesBytes: number;

  constructor(head: FamilyHead, encoding: Encoding, chunks: Chunks, seriesBytes = 0) {
    this.#head = head;
    this.#encoding = encoding;
    this.#chunks = chunks;
    this.#seriesBytes = seriesBytes;
  }

  write(block: SeriesBlock): void {
    if (block.isRepeat) {
      this.repeats++;
      return;
    }
    if (this.written++ === 0) this.#chunks.append(this.#encoding.head(this.#head, this.#seriesBytes));
    block.appendTo(this.#chunks);
  }
}

import type { FrameTexts } from './frame-texts.ts';

/** A frame as it goes out, shared by all connections that get it. */
export class EncodedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  readonly #texts: FrameTexts;

  constructor(bytes: Uint8Array<ArrayBuffer>, rows: number, texts: FrameTexts) {
    this.bytes = bytes;
    this.rows = rows;
    this.#texts = texts;
  }

  /** The JSON form, made when a connection wants it. */
  get text(): string {
    return this.#texts.of(this.bytes);
  }

  /** The same rows in other bytes. */
  withBytes(bytes: Uint8Array<ArrayBuffer>): EncodedFrame {
    return new EncodedFrame(bytes, this.rows, this.#texts);
  }
}

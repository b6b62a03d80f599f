import { binaryMessage } from './binary-message.ts';
import type { FrameTexts } from './frame-texts.ts';

/** A frame as it goes out, shared by all connections that get it. */
export class EncodedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  readonly #texts: FrameTexts;
  #message: Buffer | undefined;

  /** @param bytes - with `MESSAGE_ROOM` bytes before them in their buffer. */
  constructor(bytes: Uint8Array<ArrayBuffer>, rows: number, texts: FrameTexts) {
    this.bytes = bytes;
    this.rows = rows;
    this.#texts = texts;
  }

  /** The binary message that all who want it so get; a view of the same buffer as `bytes`. */
  get message(): Buffer {
    return (this.#message ??= binaryMessage(this.bytes));
  }

  /** The JSON form, made when a connection wants it. */
  get text(): string {
    return this.#texts.of(this.bytes);
  }

  /** The same rows in other bytes, which also have `MESSAGE_ROOM` before them. */
  withBytes(bytes: Uint8Array<ArrayBuffer>): EncodedFrame {
    return new EncodedFrame(bytes, this.rows, this.#texts);
  }
}

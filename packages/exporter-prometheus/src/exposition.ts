/** A finished exposition. Its bytes are not to be changed: several scrapers may be sent them. */
export interface Exposition {
  readonly contentType: string;
  readonly chunks: readonly Uint8Array[];
  /** Bytes of all chunks. */
  readonly length: number;
}

/** An exposition for one who asked for it. */
export interface RenderedExposition extends Exposition {
  /**
   * Says that the bytes are read no more, so that the next exposition may be written into the same memory. Optional: without
   * it they stay as they are for as long as they are referenced. Idempotent.
   */
  readonly release: () => void;
}

/** A finished exposition. Its bytes are not to be changed: several scrapers may be sent them. */
export interface Exposition {
  readonly contentType: string;
  readonly chunks: readonly Uint8Array[];
  /** Bytes of all chunks. */
  readonly length: number;
}

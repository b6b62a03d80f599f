/** What a receiver made of one request. */
export type SendResult =
  | { readonly kind: 'accepted'; readonly rejectedPoints: number; readonly message: string }
  /** Worth another attempt; not before `afterMs` when the receiver said so. */
  | { readonly kind: 'retry'; readonly error: string; readonly type: string; readonly afterMs?: number }
  /** Larger than the receiver takes. */
  | { readonly kind: 'too-large'; readonly error: string; readonly type: string }
  /** Not worth another attempt. */
  | { readonly kind: 'refused'; readonly error: string; readonly type: string };

/** Sends one encoded request at a time. */
export interface Transport {
  /** Never rejects. Ends early with a `retry` when the signal aborts. */
  send(request: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<SendResult>;
  close(): void;
}

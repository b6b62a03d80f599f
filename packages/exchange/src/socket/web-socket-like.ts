/** A client of the package `ws`, or anything that emits its events through `emit`. */
export interface EmittingSocket {
  readonly url?: string;
  emit(event: string | symbol, ...args: unknown[]): boolean;
}

/** A standard `WebSocket`, as browsers and Node have it. */
export interface StandardSocket {
  readonly url: string;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
}

export type WebSocketLike = EmittingSocket | StandardSocket;

/** Size on the wire before decompression is not told; this is the payload's, characters counted as bytes. */
export function payloadBytes(data: unknown): number {
  if (typeof data === 'string') return data.length;
  if (data instanceof ArrayBuffer) return data.byteLength;
  if (ArrayBuffer.isView(data)) return data.byteLength;
  if (Array.isArray(data)) return data.reduce<number>((sum, part) => sum + payloadBytes(part), 0);
  return 0;
}

/** 1000 and 1001 are said by a side that leaves on purpose. */
export function closeReason(code: unknown): string | undefined {
  if (code === 1000 || code === 1001) return undefined;
  return typeof code === 'number' ? `close_${code}` : 'close';
}

// The parts of ccxt's objects that are read or wrapped, by shape: the ESM and the CommonJS build have classes of their
// own, and no type of ccxt shows in ours.

/** ccxt's queue of requests that wait for their turn. */
export interface CcxtThrottler {
  readonly queue?: ArrayLike<unknown>;
  /** Entries before it are done (since 4.5). */
  readonly queueHead?: number;
}

/** A WebSocket client of ccxt. */
export interface CcxtClient {
  readonly url?: string;
  readonly isConnected?: boolean;
  onMessage(event: { readonly data: unknown }): unknown;
  onMessageCallback(client: unknown, message: unknown): unknown;
  onConnectedCallback(client: unknown, ...rest: unknown[]): unknown;
  onErrorCallback(client: unknown, error: unknown): unknown;
  onCloseCallback(client: unknown, event: unknown): unknown;
}

/** An exchange of ccxt. */
export interface CcxtExchange {
  readonly id: string;
  readonly throttler?: unknown;
  sign(path: unknown, ...rest: unknown[]): unknown;
  fetch(url: string, ...rest: unknown[]): Promise<unknown>;
  throttle(cost?: unknown): Promise<unknown>;
  onRestResponse(...args: unknown[]): unknown;
  client(url: string): unknown;
}

import type { ServerOptions } from 'node:http';

/** Node's options for a server on which a request must arrive within a time, or its connection is cut. */
export function httpTimeouts(requestTimeoutMillis: number): ServerOptions {
  return {
    requestTimeout: requestTimeoutMillis,
    headersTimeout: requestTimeoutMillis,
    // How often Node looks for late ones.
    connectionsCheckingInterval: Math.max(100, Math.min(5000, requestTimeoutMillis / 4)),
  };
}

import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { LiveTlsOptions } from '@nanometer/live';
import { httpTimeouts } from './http-timeouts.ts';

/** A server with the bridge's time limits, over TLS when there is any; it does not listen yet. */
export function webServer(
  requestTimeoutMillis: number,
  tls: LiveTlsOptions | undefined,
  answer: RequestListener,
): Server {
  const timeouts = httpTimeouts(requestTimeoutMillis);
  return tls === undefined ? createServer(timeouts, answer) : createTlsServer({ ...timeouts, ...tls }, answer);
}

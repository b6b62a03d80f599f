import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { webServer } from '../../servers/web-server.ts';
import type { FanOutOrder } from '../messages.ts';
import { relayRequest } from './relay-request.ts';
import { relayUpgrade } from './relay-upgrade.ts';

/**
 * The server on the public port: TLS and time limits are here; the stream is attached by its server; all else is the bridge's own
 * server to answer, which checks hosts, origins and tokens as it always does.
 */
export function publicFront(
  { tls, requestTimeoutMillis, door, live }: FanOutOrder,
  handleLive: (request: IncomingMessage, response: ServerResponse) => boolean,
): Server {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (!handleLive(request, response)) relayRequest(request, response, door);
  };
  const server = webServer(requestTimeoutMillis, tls, answer);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if ((request.url ?? '').split('?', 1)[0] !== live.path) relayUpgrade(request, socket as Socket, head, door);
  });
  return server;
}

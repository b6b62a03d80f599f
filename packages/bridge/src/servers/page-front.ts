import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LiveTlsOptions } from '@nanometer/live';
import { LIVE_PATH } from './stream-paths.ts';
import { webServer } from './web-server.ts';

/**
 * Another way in to all that `page` answers and takes; it does not listen yet. Where the stream is not there, `refuseStream` tells
 * those who come for it.
 */
export function pageFront(
  page: Server,
  requestTimeoutMillis: number,
  tls: LiveTlsOptions | undefined,
  refuseStream?: (socket: Duplex) => void,
): Server {
  const front = webServer(requestTimeoutMillis, tls, (request, response) => {
    page.emit('request', request, response);
  });
  front.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (refuseStream !== undefined && request.url?.split('?', 1)[0] === LIVE_PATH) refuseStream(socket);
    else page.emit('upgrade', request, socket, head);
  });
  return front;
}

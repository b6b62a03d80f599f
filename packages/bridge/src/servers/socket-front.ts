import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '@nanometer/live/parts';
import { LIVE_PATH } from './stream-paths.ts';
import { webServer } from './web-server.ts';

/**
 * A way in for the programs of this machine, by a Unix socket: all that `page` answers and takes, and never over TLS, as nothing of it
 * leaves the machine. It does not listen yet. Without `hasStream` the stream is served by another thread, and not here.
 */
export function socketFront(page: Server, requestTimeoutMillis: number, hasStream: boolean): Server {
  const front = webServer(requestTimeoutMillis, undefined, (request, response) => {
    unnamed(request);
    page.emit('request', request, response);
  });
  front.on('connection', (socket: Socket) => {
    // Such a socket has no address of its peer; that peer is here.
    Object.defineProperty(socket, 'remoteAddress', { value: 'localhost' });
  });
  front.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    unnamed(request);
    if (hasStream || (request.url ?? '').split('?', 1)[0] !== LIVE_PATH) page.emit('upgrade', request, socket, head);
    else refuseUpgrade(socket, '404 Not Found', 'a worker serves the stream, at the port of the page');
  });
  return front;
}

/** The file is what was asked for; a host's name, which `ws` makes up, says nothing and is not compared with `allowedHosts`. */
function unnamed({ headers }: IncomingMessage): void {
  delete headers.host;
}

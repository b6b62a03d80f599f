import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '@nanometer/live/parts';
import { pageFront } from './page-front.ts';

/**
 * The way in for the programs of this machine, by a Unix socket; never over TLS, as nothing of it leaves the machine. Without
 * `hasStream` the stream is served by another thread, and not here.
 */
export function socketFront(page: Server, requestTimeoutMillis: number, hasStream: boolean): Server {
  const front = pageFront(page, requestTimeoutMillis, undefined, hasStream ? undefined : servedElsewhere);
  front.on('connection', (socket: Socket) => {
    // Such a socket has no address of its peer; that peer is here.
    Object.defineProperty(socket, 'remoteAddress', { value: 'localhost' });
  });
  // Before the page sees them.
  front.prependListener('request', unnamed);
  front.prependListener('upgrade', unnamed);
  return front;
}

function servedElsewhere(socket: Duplex): void {
  refuseUpgrade(socket, '404 Not Found', 'a worker serves the stream, at the port of the page');
}

/** The file is what was asked for; a host's name, which `ws` makes up, says nothing and is not compared with `allowedHosts`. */
function unnamed({ headers }: IncomingMessage): void {
  delete headers.host;
}

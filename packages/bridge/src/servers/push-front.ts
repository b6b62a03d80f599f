import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LiveTlsOptions } from '@nanometer/live';
import { refuseUpgrade } from '@nanometer/live/parts';
import { PUSH_PATH } from './stream-paths.ts';
import { webServer } from './web-server.ts';

const ELSEWHERE = `services push to ${PUSH_PATH} here; everything else is at the port of the page`;

/**
 * A way in for services alone, in the thread that takes what they push; it does not listen yet. `server` is the one that pushes are
 * attached to, and checks hosts, origins and tokens as it always does.
 */
export function pushFront(server: Server, requestTimeoutMillis: number, tls: LiveTlsOptions | undefined): Server {
  const front = webServer(requestTimeoutMillis, tls, (_, response) => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${ELSEWHERE}\n`);
  });
  front.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if ((request.url ?? '').split('?', 1)[0] === PUSH_PATH) server.emit('upgrade', request, socket, head);
    else refuseUpgrade(socket, '404 Not Found', ELSEWHERE);
  });
  return front;
}

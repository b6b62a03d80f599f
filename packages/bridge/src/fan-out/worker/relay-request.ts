import { type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import { connectThrough, type DoorKey } from '../private-door.ts';

/** Of one connection, and not of the request: RFC 9110, 7.6.1. `expect` has been answered here. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/**
 * Has the bridge's own server answer a request, as it came: headers keep their spelling and order. Each goes over a connection of its
 * own, which is the client's by its address.
 */
export function relayRequest(request: IncomingMessage, response: ServerResponse, door: DoorKey): void {
  const { method, url } = request;
  const onward = send({
    method: method ?? 'GET',
    path: url ?? '/',
    headers: [...endToEnd(request.rawHeaders), 'Connection', 'close'],
    createConnection: () => connectThrough(door, request.socket.remoteAddress ?? ''),
  });
  onward.on('response', (answer) => {
    const { statusCode = 502, statusMessage, rawHeaders } = answer;
    // Chunks are of each connection, too: where there is no length, Node.js makes them anew.
    const headers = endToEnd(rawHeaders, 'transfer-encoding');
    response.writeHead(statusCode, statusMessage, headers);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  onward.on('error', () => {
    if (response.headersSent) return;
    response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('the bridge did not answer\n');
  });
  // What the answer left unread of the request is read, so that its connection can take the next one.
  response.on('finish', () => request.resume());
  response.on('close', () => onward.destroy());
  request.on('error', () => onward.destroy());
  request.pipe(onward);
}

/** Name and value in turns, without those of the connection, those it names included. */
function endToEnd(rawHeaders: readonly string[], ...others: readonly string[]): string[] {
  const dropped = new Set([...HOP_BY_HOP, ...others]);
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() !== 'connection') continue;
    for (const name of rawHeaders[at + 1]!.split(',')) dropped.add(name.trim().toLowerCase());
  }
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!dropped.has(rawHeaders[at]!.toLowerCase())) kept.push(rawHeaders[at]!, rawHeaders[at + 1]!);
  }
  return kept;
}

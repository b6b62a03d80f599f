import type { Duplex } from 'node:stream';

/** Answers a handshake with an HTTP error and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: string, text: string, headers = ''): void {
  // The peer may be gone; there is nobody to tell.
  socket.on('error', () => undefined);
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}`;
  socket.end(`${head}\r\n${headers}\r\n${text}`);
}

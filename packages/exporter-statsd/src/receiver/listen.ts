import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { StatsdError } from '../errors.ts';

/** An open socket that takes lines. */
export interface Listening {
  /** 0 for a path. */
  readonly port: number;
  close(): Promise<void>;
}

/** Takes datagrams at a UDP port; 0 takes any free one. Rejects with `PORT_IN_USE`. */
export async function listenUdp(
  host: string,
  port: number,
  recvBufferSize: number,
  onDatagram: (datagram: Uint8Array) => void,
): Promise<Listening> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(bindError(error, `UDP port ${port} on ${host}`));
    });
    socket.bind(port, host, resolve);
  });
  socket.removeAllListeners('error');
  socket.on('error', () => {});
  socket.on('message', onDatagram);
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}

/**
 * Takes lines from TCP connections, or from a Unix stream socket at `path`. Reads every connection to its end before it
 * closes it, so that the close says that everything was read. Rejects with `PORT_IN_USE`.
 */
export async function listenStream(
  target: { readonly host: string; readonly port: number } | { readonly path: string },
  onLines: (lines: Uint8Array) => void,
): Promise<Listening> {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    let rest: Buffer = Buffer.alloc(0);
    connection.on('data', (bytes) => {
      const known = Buffer.concat([rest, bytes]);
      const end = known.lastIndexOf(0x0a) + 1;
      if (end > 0) onLines(known.subarray(0, end));
      rest = known.subarray(end);
    });
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    const where = 'path' in target ? target.path : `TCP port ${target.port} on ${target.host}`;
    server.once('error', (error) => reject(bindError(error, where)));
    server.listen(target, resolve);
  });
  return { port: portOf(server), close: () => closed(server, connections) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function closed(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const connection of connections) connection.destroy();
  });
}

function bindError(error: Error, where: string): Error {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new StatsdError('PORT_IN_USE', `${where} is in use; give another one, or port 0 for any`, { cause: error });
}

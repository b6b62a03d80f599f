import type { Server } from 'node:http';
import { BridgeError } from '../errors.ts';

/** How long requests under way may take when a server closes. */
export const GRACE_MS = 2000;

/**
 * Listens and resolves with the port. Rejects with `PORT_IN_USE` or `LISTEN_FAILED`, naming the option that moves it.
 * What fails later (no file descriptor left for a connection) goes to `onTrouble`.
 */
export function listen(
  server: Server,
  host: string,
  port: number,
  option: string,
  onTrouble: (text: string) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void =>
      reject(listenError(error.code, error.message, host, port, option));
    server.once('error', refused);
    server.listen(port, host, () => {
      server.removeListener('error', refused);
      server.on('error', (error) => onTrouble(`the server of ${option} has trouble: ${error.message}`));
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Takes no more, gives requests under way `limitMs`, then cuts. A server that does not listen is closed already. */
export function closeServer(server: Server, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), limitMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** The error of a server that could not listen. */
export function listenError(
  code: string | undefined,
  text: string,
  host: string,
  port: number,
  option: string,
): BridgeError {
  return code === 'EADDRINUSE'
    ? new BridgeError(
        'PORT_IN_USE',
        `port ${port} on ${host} is in use; choose another with ${option} (0 takes any free port)`,
        option,
      )
    : new BridgeError('LISTEN_FAILED', `cannot listen on ${host}:${port} (${option}): ${text}`, option);
}

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '../server/access/refuse-upgrade.ts';

/** What answers in place of a push server that has closed. */
interface Retired {
  (request: IncomingMessage, socket: Duplex): void;
  readonly retiredPath: string;
}

/** Answers who comes to push with 503 from now on: an upgrade that no listener takes up would hold its connection for ever. */
export function retire(server: Server, path: string, retryAfterMs: number): void {
  const answer = ({ url = '' }: IncomingMessage, socket: Duplex): void => {
    if (url.split('?', 1)[0] !== path) return;
    const retryAfter = `Retry-After: ${Math.ceil(retryAfterMs / 1000)}\r\n`;
    refuseUpgrade(socket, '503 Service Unavailable', 'this server takes no more pushes; it is closing', retryAfter);
  };
  server.on('upgrade', Object.assign(answer, { retiredPath: path }) satisfies Retired);
}

/** The next push server of that path answers itself. */
export function dismissRetired(server: Server, path: string): void {
  for (const listener of server.listeners('upgrade') as (Partial<Retired> & ((...args: unknown[]) => void))[]) {
    if (listener.retiredPath === path) server.off('upgrade', listener);
  }
}

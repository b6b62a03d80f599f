import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '@nanometer/live/parts';

/** Where subscribers connect. */
export const LIVE_PATH = '/live';
/** Where services push. */
export const PUSH_PATH = '/push';

/** Answers who asks for a WebSocket anywhere else: an upgrade that no listener takes up would hold its connection for ever. */
export function refuseOtherUpgrades(server: Server): void {
  server.on('upgrade', ({ url }: IncomingMessage, socket: Duplex) => {
    const path = url?.split('?', 1)[0];
    if (path === LIVE_PATH || path === PUSH_PATH) return;
    refuseUpgrade(socket, '404 Not Found', `the stream is at ${LIVE_PATH}, services push to ${PUSH_PATH}`);
  });
}

import { once } from 'node:events';
import { createConnection } from 'node:net';
import { relayLatency } from './relay-latency.js';

/**
 * By Unix socket, without WebSocket, protocol or library: what Node's sockets and the machine's scheduler alone need, which
 * nothing that is built on them can be below.
 */
export async function socketRelayLatency(clients, publishes, onWarm) {
  const relay = { file: 'socket-relay.js', args: [] };
  return relayLatency({ relay, clients: 'socket-clients.js', connect }, clients, publishes, onWarm);
}

async function connect(path) {
  const producer = createConnection(path);
  await once(producer, 'connect');
  return { send: (frame) => producer.write(frame), end: () => producer.destroy() };
}

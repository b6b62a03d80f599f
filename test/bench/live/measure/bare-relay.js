import { once } from 'node:events';
import { WebSocket } from 'ws';
import { relayLatency } from './relay-latency.js';

/** By WebSocket, with nothing but `ws`. */
export async function bareRelayLatency(clients, publishes, transport, onWarm) {
  const relay = { file: 'bare-relay.js', args: [transport] };
  return relayLatency({ relay, clients: 'bare-clients.js', connect }, clients, publishes, onWarm);
}

async function connect(url) {
  const producer = new WebSocket(url, { perMessageDeflate: false });
  await once(producer, 'open');
  return { send: (frame) => producer.send(frame), end: () => producer.terminate() };
}

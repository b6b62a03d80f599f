import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { quantilesOf } from '../../alerts/quantiles.js';
import { Pace } from './pace.js';

const CLIENTS = fileURLToPath(new URL('../processes/bare-clients.js', import.meta.url));
const FRAME_BYTES = 32;
const PUBLISHES = 1_000;

/** Starts a server and so many clients in another process. */
async function standing(clients) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const child = fork(CLIENTS, [`ws://127.0.0.1:${server.address().port}`, String(clients)]);
  await once(child, 'message');
  const end = () => {
    child.kill();
    server.close();
  };
  const ask = async (question) => {
    const answer = once(child, 'message');
    child.send(question);
    return (await answer)[0];
  };
  return { sockets: [...server.clients], ask, end };
}

/** From before the first `send` of a frame to its receipt, all clients counted, about 450 frames a second. */
export async function bareLatency(clients) {
  const { sockets, ask, end } = await standing(clients);
  const frame = Buffer.alloc(FRAME_BYTES);
  // The pause with which it was measured on that machine, however many the clients.
  const pace = new Pace(clients, true, 2);
  for (let publish = 1; publish <= pace.warmUp + PUBLISHES; publish++) {
    await pace.next(publish);
    if (publish === pace.warmUp + 1) await ask('forget');
    const each = Buffer.from(frame);
    each.writeDoubleLE(performance.timeOrigin + performance.now(), 0);
    for (const socket of sockets) socket.send(each);
  }
  await pause(300);
  const { p50, p99 } = quantilesOf(await ask('latencies'));
  end();
  return { 'p50 ms': [p50], 'p99 ms': [p99] };
}

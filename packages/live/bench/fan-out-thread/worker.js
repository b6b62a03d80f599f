// Worker of fan-out-thread.bench.js: a live server that is fed through a ring.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LiveServer } from '../../dist/index.js';
import { PROBE } from './probe.js';
import { READ, ROWS, SLEEPS, WRITTEN } from './ring.js';

const { positions, ids, times, values } = workerData;
const server = new LiveServer({ port: 0 });
const { url } = await server.ready();
server.register(PROBE);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort.postMessage(url);

for (let read = 0; ;) {
  const written = Atomics.load(positions, WRITTEN);
  for (; read !== written; read = (read + 1) | 0) {
    const row = read & (ROWS - 1);
    server.update(ids[row], times[row], values[row]);
  }
  Atomics.store(positions, READ, read);
  Atomics.store(positions, SLEEPS, 1);
  const woken = Atomics.waitAsync(positions, WRITTEN, read);
  if (woken.async) await woken.value;
  Atomics.store(positions, SLEEPS, 0);
  // More came meanwhile: sockets and timers have their turn first.
  if (!woken.async) await nextTurn();
}

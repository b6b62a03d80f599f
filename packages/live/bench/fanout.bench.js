// Server and clients over loopback WebSockets in one process: update, encode, send, receive, decode, apply.
// Reports ns per delivery (one update at one client) and what the server counted.
// ./node_modules/.bin/node --expose-gc packages/live/bench/fanout.bench.js [--json]
import { LiveClient, LiveServer } from '../dist/index.js';
import { report } from './report.js';

const SERIES = 5_000;
const TICKS = 100;

async function fanOutCase(clientCount) {
  const server = new LiveServer({ port: 0, tickMillis: 1 });
  const { url } = await server.ready();
  const ids = Array.from({ length: SERIES }, (_, index) =>
    server.register({ name: 'x', kind: 'gauge', field: 'value', unit: '1', attributes: { index }, resource: {} }),
  );
  const clients = Array.from({ length: clientCount }, () => new LiveClient({ url }));
  for (const client of clients) {
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
  }
  let value = 0;
  const arrived = (target) => clients.every((client) => client.store.values[ids.at(-1)] === target);
  return {
    name: `${clientCount} clients, ${SERIES} updates per tick`,
    run: async () => {
      const start = performance.now();
      for (let tick = 0; tick < TICKS; tick++) {
        value += 1;
        for (const id of ids) server.update(id, 1e12 + tick, value);
        // One tick at a time: nothing is conflated, every update is delivered.
        while (!arrived(value)) await new Promise((resolve) => setImmediate(resolve));
      }
      return ((performance.now() - start) * 1e6) / (TICKS * SERIES * clientCount);
    },
    extra: () => {
      const { framesSent, framesConflated } = server.stats();
      return { framesSent, framesConflated };
    },
    end: async () => {
      for (const client of clients) client.close();
      await server.close();
    },
  };
}

const cases = [await fanOutCase(1), await fanOutCase(10), await fanOutCase(50)];
await report('fanout', cases, 5);
for (const { end } of cases) await end();

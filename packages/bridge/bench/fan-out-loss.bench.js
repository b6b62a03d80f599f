// What a lost worker costs: it is ended again and again under a subscriber, while connections to its port are tried one after the other.
// How long none got in, how long the page did without the stream, and how long until the subscriber has the values of the meantime. The
// waits between workers grow, as none serves for ten seconds: `first` is what a single loss costs.
// ./node_modules/.bin/node packages/bridge/bench/fan-out-loss.bench.js [--json]
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LiveClient } from '@nanometer/live';
import { startWorker, WorkerFanOut } from '../dist/fan-out/worker-fan-out.js';

const LOSSES = 6;

const page = createServer((_, response) => response.end());
let worker;
const options = {
  host: '127.0.0.1',
  port: 0,
  tls: undefined,
  requestTimeoutMillis: 30_000,
  live: { path: '/live', name: 'bench' },
  history: undefined,
  ringBytes: 2 ** 22,
  queueBytes: 2 ** 26,
  stallMillis: 60_000,
  onTrouble: () => undefined,
};
const fanOut = new WorkerFanOut(page, options, (order) => (worker = startWorker(order)));
const port = await fanOut.listen();
const id = fanOut.register({ name: 'total', kind: 'counter', field: 'value', unit: '', attributes: {}, resource: {} });
const client = new LiveClient({ url: `ws://127.0.0.1:${port}/live`, backoffInitialMs: 10, backoffMaxMs: 50 });
await client.connect();
await client.subscribe({ names: ['total'], delivery: 'lossless', lane: 'risk' }).ready;

const isTaken = () =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const samples = { refusedMs: [], withoutStreamMs: [], subscriberMs: [] };
let total = 0;
for (let loss = 0; loss < LOSSES; loss++) {
  await sleep(100);
  const startMs = performance.now();
  const ended = worker.terminate();
  fanOut.update(id, Date.now(), ++total);
  let refusedMs = 0;
  let lastMs = startMs;
  let upMs;
  let seenMs;
  while (upMs === undefined || seenMs === undefined) {
    const taken = await isTaken();
    const nowMs = performance.now();
    if (!taken) refusedMs += nowMs - lastMs;
    lastMs = nowMs;
    if (fanOut.fanOutStats().restarts.ended === loss + 1 && fanOut.fanOutStats().isUp) upMs ??= nowMs - startMs;
    if (client.store.values[id] === total) seenMs ??= nowMs - startMs;
  }
  await ended;
  samples.refusedMs.push(refusedMs);
  samples.withoutStreamMs.push(upMs);
  samples.subscriberMs.push(seenMs);
}
const round2 = (value) => Math.round(value * 100) / 100;
const results = Object.fromEntries(
  Object.entries(samples).map(([name, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return [name, { first: round2(values[0]), p50: round2(sorted[sorted.length >> 1]), max: round2(sorted.at(-1)) }];
  }),
);
const rig = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load1: round2(loadavg()[0]) };
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ benchmark: 'fan-out-loss', rig, losses: LOSSES, results }, undefined, 2));
} else {
  console.log(`${LOSSES} lost workers, milliseconds (${rig.node}, ${rig.cores} cores, load ${rig.load1})`);
  console.table(results);
}
client.close();
await fanOut.close();

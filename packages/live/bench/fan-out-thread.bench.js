// Whether the fan-out should have a thread of its own: from update() to onFrame in another process, for a server in the
// publisher's thread and one in a worker that is fed through a ring in shared memory and woken by Atomics. Updates go to the
// two in turns, so that whatever else the machine does falls on both. `busyMs` is how long the publisher's thread works
// between updates, as a bridge does that takes requests.
// ./node_modules/.bin/node packages/live/bench/fan-out-thread.bench.js [--json]
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LiveServer } from '../dist/index.js';
import { PROBE } from './fan-out-thread/probe.js';
import { ringMemory, RingWriter } from './fan-out-thread/ring.js';

const UPDATES = 1_000;
const WARM_UP = 200;
const CASES = [
  { subscribers: 1, busyMs: 0 },
  { subscribers: 10, busyMs: 0 },
  { subscribers: 10, busyMs: 4 },
  { subscribers: 100, busyMs: 0 },
];

const nextMessage = (from) => new Promise((resolve) => from.once('message', resolve));

async function inThisThread() {
  const server = new LiveServer({ port: 0 });
  const { url } = await server.ready();
  const id = server.register(PROBE);
  return { url, update: (value) => server.update(id, value, value), close: () => server.close() };
}

async function inWorker() {
  const memory = ringMemory();
  const worker = new Worker(new URL('fan-out-thread/worker.js', import.meta.url), { workerData: memory });
  const url = await nextMessage(worker);
  const ring = new RingWriter(memory);
  return { url, update: (value) => ring.push(0, value, value), close: () => worker.terminate() };
}

async function subscribe({ url }, subscribers) {
  const child = fork(new URL('fan-out-thread/subscribers.js', import.meta.url), [url, String(subscribers)]);
  await nextMessage(child);
  return async () => {
    const received = nextMessage(child);
    child.send('end');
    return received;
  };
}

async function measure({ subscribers, busyMs }) {
  const servers = { 'this thread': await inThisThread(), worker: await inWorker() };
  const results = {};
  const received = {};
  for (const [name, server] of Object.entries(servers)) received[name] = await subscribe(server, subscribers);
  let startMs = Infinity;
  for (let update = 0; update < UPDATES + WARM_UP; update++) {
    await sleep(1);
    if (update === WARM_UP) startMs = performance.timeOrigin + performance.now();
    for (const server of Object.values(servers)) {
      for (const end = performance.now() + busyMs; performance.now() < end;);
      server.update(performance.timeOrigin + performance.now());
      await sleep(1);
    }
  }
  await sleep(200);
  for (const [name, end] of Object.entries(received)) {
    const pairs = await end();
    const latencies = pairs.filter(([sentAt]) => sentAt >= startMs).map(([sentAt, at]) => (at - sentAt) * 1_000);
    results[name] = quantiles(latencies);
  }
  for (const { close } of Object.values(servers)) await close();
  return { subscribers, busyMs, micros: results, p50Ratio: round2(results.worker.p50 / results['this thread'].p50) };
}

function quantiles(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (q) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]);
  return { samples: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

function round2(value) {
  return Math.round(value * 100) / 100;
}

const results = [];
for (const each of CASES) results.push(await measure(each));
const rig = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load1: round2(loadavg()[0]) };
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ benchmark: 'fan-out-thread', rig, results }, undefined, 2));
} else {
  console.log(`latency in µs (${rig.node}, ${rig.cores} cores, load ${rig.load1})`);
  const rows = [];
  for (const { subscribers, busyMs, micros, p50Ratio } of results) {
    for (const [thread, each] of Object.entries(micros)) rows.push({ subscribers, busyMs, thread, ...each, p50Ratio });
  }
  console.table(rows);
}
process.exit(0);

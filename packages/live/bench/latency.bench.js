// Time from update() to onFrame in another process on the same host, over loopback, with 1 and with 10 subscribers.
// Both processes read one clock, so the numbers need no synchronisation. The hiccup meter shows what the machine
// itself adds: how much later than asked a 1 ms timer of the publisher fires.
// ./node_modules/.bin/node packages/live/bench/latency.bench.js [--json]
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LiveServer } from '../dist/index.js';

const UPDATES = 1_000;
const SUBSCRIBER = new URL('latency-subscriber.js', import.meta.url);

function quantiles(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (q) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

async function measure(lane, subscribers) {
  const server = new LiveServer({ port: 0 });
  const { url } = await server.ready();
  const id = server.register({
    name: 'probe',
    kind: 'gauge',
    field: 'value',
    unit: 'ms',
    attributes: {},
    resource: {},
  });
  const children = Array.from({ length: subscribers }, () => fork(SUBSCRIBER, [url, lane]));
  const answer = (child) => new Promise((resolve) => child.once('message', resolve));
  await Promise.all(children.map(answer));
  const hiccups = [];
  for (let update = 0; update < UPDATES; update++) {
    const before = performance.now();
    await sleep(1);
    hiccups.push(Math.max(0, performance.now() - before - 1) * 1_000);
    const now = performance.timeOrigin + performance.now();
    server.update(id, now, now);
  }
  await sleep(100);
  const received = children.map(answer);
  for (const child of children) child.send('end');
  const samples = (await Promise.all(received)).flat();
  await server.close();
  return {
    lane,
    subscribers,
    samples: samples.length,
    latencyMicros: quantiles(samples),
    hiccupMicros: quantiles(hiccups),
  };
}

const results = [];
for (const lane of ['risk', 'bulk']) for (const subscribers of [1, 10]) results.push(await measure(lane, subscribers));
const rig = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load1: loadavg()[0] };
if (process.argv.includes('--json')) console.log(JSON.stringify({ benchmark: 'latency', rig, results }, undefined, 2));
else {
  console.log(`latency in µs (${rig.node}, ${rig.cores} cores, load ${rig.load1})`);
  console.table(
    results.map(({ lane, subscribers, latencyMicros: { p50, p90, p99, max }, hiccupMicros }) => ({
      lane,
      subscribers,
      p50,
      p90,
      p99,
      max,
      'hiccup p50': hiccupMicros.p50,
      'hiccup p99': hiccupMicros.p99,
    })),
  );
}

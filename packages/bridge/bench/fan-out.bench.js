// What a thread of its own for the stream costs and brings: from `flush` of a service's lane, through `/push` and the bridge, to the
// callback of a subscriber, idle and while 50,000 points a second come in by OTLP. Three bridges: one serves inline, one in a worker, one in
// a worker through whose port services push as well (`through`). Bridges, subscribers and load are processes of their own, measured in
// turns of half a second; ratios are to inline.
// ./node_modules/.bin/node packages/bridge/bench/fan-out.bench.js [--json]
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LaneReader } from '@nanometer/live';
import { MeterProvider } from '@nanometer/metrics';

const MODES = ['inline', 'worker', 'through'];
const SUBSCRIBERS = 10;
const TURNS = 8;
const UPDATES_PER_TURN = 150;
const POINTS_PER_SECOND = 50_000;

const children = [];
const child = (name, ...args) => {
  const started = fork(new URL(`fan-out/${name}`, import.meta.url), args.map(String));
  children.push(started);
  return started;
};
const answerOf = (from, message) =>
  new Promise((resolve) => {
    from.once('message', resolve);
    if (message !== undefined) from.send(message);
  });

async function setUp(mode) {
  const addresses = await answerOf(child('bridge.js', mode));
  const url = mode === 'through' ? addresses.live.replace('/live', '/push') : addresses.push;
  const lane = new LaneReader({ url, names: ['probe'], bulkIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [lane] });
  const probe = provider.getMeter('bench').createGauge('probe');
  while (lane.publisher.status.state !== 'open') await sleep(5);
  const subscribers = {};
  for (const each of ['risk', 'bulk']) {
    subscribers[each] = child('subscribers.js', addresses.live, each, SUBSCRIBERS);
    await answerOf(subscribers[each]);
  }
  return { lane, probe, subscribers, otlp: `${addresses.otlpHttp}/v1/metrics` };
}

async function turn({ lane, probe, subscribers }, samples) {
  for (let update = 0; update < UPDATES_PER_TURN; update++) {
    await sleep(2);
    probe.record(performance.timeOrigin + performance.now());
    lane.flush();
  }
  await sleep(100);
  for (const [name, each] of Object.entries(subscribers)) {
    const pairs = await answerOf(each, 'received');
    for (let at = 0; at < pairs.length; at += 2) samples?.[name].push((pairs[at + 1] - pairs[at]) * 1_000);
  }
}

const quantiles = (samples) => {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (q) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]);
  return { samples: sorted.length, p50: at(0.5), p99: at(0.99) };
};
const round2 = (value) => Math.round(value * 100) / 100;

const bridges = {};
for (const mode of MODES) bridges[mode] = await setUp(mode);
const load = child('load.js', POINTS_PER_SECOND);
await answerOf(load);
const results = [];
for (const isLoaded of [false, true]) {
  const samples = Object.fromEntries(MODES.map((mode) => [mode, { risk: [], bulk: [] }]));
  const sentBefore = await answerOf(load, 'sent');
  let loadedMs = 0;
  for (let count = -1; count < TURNS; count++) {
    for (const mode of MODES) {
      const startMs = performance.now();
      if (isLoaded) load.send(bridges[mode].otlp);
      await turn(bridges[mode], count < 0 ? undefined : samples[mode]);
      loadedMs += performance.now() - startMs;
    }
  }
  load.send(null);
  const sent = (await answerOf(load, 'sent')) - sentBefore;
  for (const lane of ['risk', 'bulk']) {
    const inline = quantiles(samples.inline[lane]);
    for (const mode of MODES) {
      const micros = quantiles(samples[mode][lane]);
      const ratio = { p50: round2(micros.p50 / inline.p50), p99: round2(micros.p99 / inline.p99) };
      results.push({ lane, pointsPerSecond: Math.round((1_000 * sent) / loadedMs), mode, micros, ratio });
    }
  }
}
const rig = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load1: round2(loadavg()[0]) };
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ benchmark: 'fan-out', rig, subscribers: SUBSCRIBERS, results }, undefined, 2));
} else {
  console.log(
    `latency in µs to ${SUBSCRIBERS} subscribers of each lane (${rig.node}, ${rig.cores} cores, load ${rig.load1})`,
  );
  const rows = [];
  for (const { micros, ratio, ...what } of results) {
    rows.push({ ...what, ...micros, p50Ratio: ratio.p50, p99Ratio: ratio.p99 });
  }
  console.table(rows);
}
for (const each of children) each.disconnect();
process.exit(0);

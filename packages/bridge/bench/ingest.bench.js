// Points per second that one core decodes, stores and hands to the outputs. Run after `npm run build`:
//   node packages/bridge/bench/ingest.bench.js [--json]
// Requests are made beforehand; each is sent again and again with later times. Prints the median and the best of the
// rounds, and the bytes of a point on the wire.
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { LiveServer } from '@nanometer/live';
import { Ingest } from '../dist/ingest.js';
import { LiveOutput } from '../dist/outputs/live-output.js';
import { PrometheusOutput } from '../dist/outputs/prometheus-output.js';
import { StatsdOutput } from '../dist/outputs/statsd-output.js';
import { SeriesStore } from '../dist/store/series-store.js';
import { request } from '../test/support/otlp.ts';

const ROUNDS = 9;
const POINTS_PER_ROUND = 60_000;
const FIRST_TIME = 0x1020304050607080n;

const attributesOf = (n) => ({ strategy: `maker-${n % 7}`, exchange: 'binance-spot', symbol: `SYM${n}USDT` });
const points = (count, make) =>
  Array.from({ length: count }, (_, n) => ({ attributes: attributesOf(n), start: 1n, time: FIRST_TIME, ...make(n) }));
const bounds = Array.from({ length: 15 }, (_, n) => 2 ** (n - 10));

const CASES = {
  'sums, 1,000 series': [{ name: 'c', monotonic: true, sum: points(1000, (n) => ({ value: n })) }],
  'sums, 10,000 series': [{ name: 'c', monotonic: true, sum: points(10_000, (n) => ({ value: n })) }],
  'delta sums, 1,000 series': [{ name: 'd', temporality: 1, sum: points(1000, (n) => ({ value: n })) }],
  'histograms of 16 buckets, 1,000 series': [
    {
      name: 'h',
      histogram: points(1000, (n) => ({ count: 16 * n, sum: n, min: 0, max: 9, bounds, counts: Array(16).fill(n) })),
    },
  ],
  'exponential histograms of 160 buckets, 1,000 series': [
    {
      name: 'e',
      exponential: points(1000, (n) => ({
        count: 160 * n,
        sum: n,
        scale: 5,
        positive: { offset: -80, counts: Array(160).fill(n % 100) },
      })),
    },
  ],
};

// The address is one where nothing is sent: flushing is no part of taking points in.
const OUTPUTS = {
  'store only': () => [],
  'Prometheus, live, StatsD': (store) => [
    new PrometheusOutput(store),
    new LiveOutput(new LiveServer({ server: createServer() }), 10_000),
    new StatsdOutput({}, 100_000, () => {}),
  ],
};

function measure(metrics, outputsOf) {
  const body = request(metrics, { 'service.name': 'desk', 'service.instance.id': '1' }, { name: 'desk', version: '1' });
  const timesAt = offsetsOf(body);
  const store = new SeriesStore(100_000);
  const ingest = new Ingest(store, outputsOf(store));
  let time = FIRST_TIME;
  const send = () => {
    time += 1_000_000n;
    for (const at of timesAt) body.writeBigUInt64LE(time, at);
    const startMs = performance.now();
    const { refusedCount } = ingest.request(body, 'grpc', Date.now());
    if (refusedCount > 0) throw new Error('points were refused');
    return performance.now() - startMs;
  };
  const count = timesAt.length;
  // A round is long enough to hold its share of garbage collection.
  const requests = Math.ceil(POINTS_PER_ROUND / count);
  const rates = [];
  for (let round = -3; round < ROUNDS; round++) {
    let elapsedMs = 0;
    for (let index = 0; index < requests; index++) elapsedMs += send();
    if (round >= 0) rates.push((requests * count * 1000) / elapsedMs);
  }
  rates.sort((a, b) => a - b);
  return {
    pointsPerSecond: Math.round(rates[rates.length >> 1]),
    best: Math.round(rates.at(-1)),
    bytesOnWire: Math.round(body.length / count),
  };
}

function offsetsOf(body) {
  const mark = Buffer.alloc(8);
  mark.writeBigUInt64LE(FIRST_TIME);
  const offsets = [];
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 8)) offsets.push(at);
  return offsets;
}

const rows = [];
for (const [outputs, outputsOf] of Object.entries(OUTPUTS)) {
  for (const [name, metrics] of Object.entries(CASES)) {
    rows.push({ case: name, outputs, ...measure(metrics, outputsOf) });
  }
}
const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, results: rows }, undefined, 2));
else {
  console.log(host);
  console.table(rows);
}
process.exit(0);

// Lines per second that one core formats and packs into datagrams, without sending them. Run after `npm run build`:
//   node packages/exporter-statsd/bench/lines.bench.js [--json]
// Prints the median and the best of the rounds, by the CPU time of the whole process: other load on the machine hardly matters.
import { cpus, loadavg } from 'node:os';
import { DeltaStore, histogramFrames, lineFrame, STATSD_DIALECTS, StatsdBatch } from '@nanometer/exporter-statsd';

const SERIES = 10_000;
const ROUNDS = 9;
const FLUSHES = 10;
const MTU_BYTES = 1432;

// Takes every datagram at once: the socket's pace is no part of the cost.
const sender = {
  refusals: 0,
  send: (_packet, settled) => settled(),
  drained: () => Promise.resolve(),
  recovered: () => {},
};

const tagsOf = (n) => [
  ['strategy', `maker-${n % 7}`],
  ['exchange', 'binance-spot'],
  ['symbol', `SYM${n}USDT`],
];

function counters(dialect) {
  const store = new DeltaStore();
  const frames = Array.from({ length: SERIES }, (_, n) => lineFrame(dialect, 'trading.fee', tagsOf(n)));
  const slots = frames.map(() => store.open());
  return (flush) => {
    const batch = new StatsdBatch(store, sender, MTU_BYTES);
    for (let n = 0; n < SERIES; n++) {
      batch.own(n);
      batch.counter(frames[n], slots[n], 1, 0, flush * 1.37 + n);
    }
    return batch.send();
  };
}

function gauges(dialect) {
  const frames = Array.from({ length: SERIES }, (_, n) => lineFrame(dialect, 'trading.position', tagsOf(n)));
  return (flush) => {
    const batch = new StatsdBatch(new DeltaStore(), sender, MTU_BYTES);
    for (let n = 0; n < SERIES; n++) {
      batch.own(n);
      batch.gauge(frames[n], flush * 0.37 + n);
    }
    return batch.send();
  };
}

async function measure(flushOnce) {
  const rates = [];
  let flush = 0;
  for (let round = -3; round < ROUNDS; round++) {
    let lines = 0;
    const before = process.cpuUsage();
    for (let index = 0; index < FLUSHES; index++) lines += (await flushOnce(++flush)).linesSent;
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) rates.push((lines * 1e6) / (user + system));
  }
  rates.sort((a, b) => a - b);
  return { linesPerSecond: Math.round(rates[rates.length >> 1]), best: Math.round(rates.at(-1)) };
}

function framing() {
  return async (flush) => {
    const count = 2000;
    for (let n = 0; n < count; n++) histogramFrames('dogstatsd', 'latency', tagsOf(n + flush));
    return { linesSent: count * 8 };
  };
}

const rows = [];
for (const dialect of STATSD_DIALECTS) {
  rows.push({ case: 'counters, 3 attributes', dialect, ...(await measure(counters(dialect))) });
}
rows.push({ case: 'gauges, 3 attributes', dialect: 'dogstatsd', ...(await measure(gauges('dogstatsd'))) });
rows.push({ case: 'frames of a new series', dialect: 'dogstatsd', ...(await measure(framing())) });
const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, results: rows }, undefined, 2));
else {
  console.log(host);
  console.table(rows);
}

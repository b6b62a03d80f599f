// Lines per second that one core formats and packs into datagrams, without sending them. Run after `npm run build`:
//   node packages/exporter-statsd/bench/lines.bench.js [--json]
// Prints the median and the best of the rounds, in which all take their turns, by the CPU time of the whole process: other load
// on the machine hardly matters. hot-shots formats and buffers for the same datagrams; what it sends them with is replaced too.
// It has no counterpart to working out increments from totals, which is part of the cost of ours.
import { cpus, loadavg } from 'node:os';
import { StatsD } from 'hot-shots';
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

const asTexts = (tags) => tags.map(([key, value]) => `${key}:${value}`);
const asObject = (tags) => Object.fromEntries(tags);

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

/** `tagsFor` gives the tags of a series as hot-shots takes them. */
function hotShotsCounters(tagsFor) {
  // Nothing is sent, and no timer flushes in between.
  const client = new StatsD({ maxBufferSize: MTU_BYTES, bufferFlushInterval: 2 ** 30 });
  let linesSent = 0;
  client.sendMessage = (message) => {
    for (let at = message.indexOf('\n'); at >= 0; at = message.indexOf('\n', at + 1)) linesSent++;
    linesSent++;
  };
  const tags = Array.from({ length: SERIES }, (_, n) => tagsFor(tagsOf(n)));
  return async (flush) => {
    linesSent = 0;
    for (let n = 0; n < SERIES; n++) client.increment('trading.fee', flush * 1.37 + n, tags[n]);
    client.flushQueue();
    if (linesSent !== SERIES) throw new Error(`hot-shots sent ${linesSent} lines, not ${SERIES}`);
    return { linesSent };
  };
}

/** One round of a case: lines per second. */
async function round(each) {
  let lines = 0;
  const before = process.cpuUsage();
  for (let index = 0; index < FLUSHES; index++) lines += (await each.flushOnce(++each.flush)).linesSent;
  const { user, system } = process.cpuUsage(before);
  return (lines * 1e6) / (user + system);
}

function framing() {
  return async (flush) => {
    const count = 2000;
    for (let n = 0; n < count; n++) histogramFrames('dogstatsd', 'latency', tagsOf(n + flush));
    return { linesSent: count * 8 };
  };
}

const subject = (name, library, dialect, flushOnce) => ({ name, library, dialect, flushOnce, flush: 0, rates: [] });
const ours = (name, dialect, flushOnce) => subject(name, 'nanometer', dialect, flushOnce);
const COUNTERS = 'counters, 3 attributes';
const subjects = [
  ...STATSD_DIALECTS.map((dialect) => ours(COUNTERS, dialect, counters(dialect))),
  subject(COUNTERS, 'hot-shots, tags as text', 'dogstatsd', hotShotsCounters(asTexts)),
  subject(COUNTERS, 'hot-shots, tags as object', 'dogstatsd', hotShotsCounters(asObject)),
  ours('gauges, 3 attributes', 'dogstatsd', gauges('dogstatsd')),
  ours('frames of a new series', 'dogstatsd', framing()),
];
for (let number = -3; number < ROUNDS; number++) {
  for (const each of subjects) {
    const rate = await round(each);
    if (number >= 0) each.rates.push(rate);
  }
}
const rows = subjects.map(({ name, library, dialect, rates }) => {
  rates.sort((a, b) => a - b);
  const linesPerSecond = Math.round(rates[rates.length >> 1]);
  return { case: name, library, dialect, linesPerSecond, best: Math.round(rates.at(-1)) };
});
const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, results: rows }, undefined, 2));
else {
  console.log(host);
  console.table(rows);
}
// hot-shots holds a socket and a timer.
process.exit();

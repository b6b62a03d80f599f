// One case: fills a provider, collects, and prints milliseconds as JSON: of every collection the longest stretch in which
// the event loop did not turn while a loop of immediates watched it, and of as many others, unwatched, how long each took.
import { AggregationTemporality, MetricReader } from '@opentelemetry/sdk-metrics';
import { MeterProvider } from '../../dist/index.js';
import { BOUNDARIES, LATENCIES, SIDES, VENUES } from '../record/workload.js';

class OnDemandReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

const [count, temporality, slice, rounds] = process.argv.slice(2);
const SERIES = Number(count);
const HISTOGRAMS = SERIES / 5;
const WARM_UP = 5;

const reader = new OnDemandReader({
  aggregationTemporalitySelector: () => AggregationTemporality[temporality],
  cardinalitySelector: () => 2 * SERIES,
});
const collectionSliceMillis = slice === 'at once' ? Infinity : Number(slice);
const meter = new MeterProvider({ readers: [reader], threads: false, collectionSliceMillis }).getMeter('bench');
const counter = meter.createCounter('counter');
const histogram = meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: BOUNDARIES } });
const sets = Array.from({ length: SERIES }, (_, i) => ({
  venue: VENUES[i & 3],
  symbol: `S-${i * 7919}`,
  side: SIDES[i & 1],
}));

function recordAll() {
  for (let i = 0; i < SERIES; i++) {
    if (i < HISTOGRAMS) histogram.record(LATENCIES[i & 1023], sets[i]);
    else counter.add(1, sets[i]);
  }
}

async function turn() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Each collection begins in a turn of its own, with nothing for the collector of garbage to do. */
async function prepared() {
  recordAll();
  globalThis.gc();
  await turn();
}

async function collect() {
  const { resourceMetrics } = await reader.collect();
  const points = resourceMetrics.scopeMetrics[0].metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
  if (points !== SERIES) throw new Error(`collected ${points} points of ${SERIES} series`);
}

async function took() {
  await prepared();
  const start = performance.now();
  await collect();
  return performance.now() - start;
}

async function longestBlock() {
  await prepared();
  let isOver = false;
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const watch = () => {
    look();
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  await collect();
  look();
  isOver = true;
  return longest;
}

const samples = { took: [], block: [] };
for (let round = -WARM_UP; round < Number(rounds); round++) {
  const measured = { took: await took(), block: await longestBlock() };
  if (round < 0) continue;
  samples.took.push(measured.took);
  samples.block.push(measured.block);
}
process.stdout.write(JSON.stringify(samples));

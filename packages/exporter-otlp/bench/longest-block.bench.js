// How long an export and a scrape of many series hold the event loop. Run after `npm run build`:
//   node --expose-gc packages/exporter-otlp/bench/longest-block.bench.js [--json] [--series N]
// What is measured is the longest stretch between two turns of the event loop, garbage collection included, while a loop of
// immediates watches; at once and in slices in turn. `anew` is what a first export takes, and one whose series changed.
import { OtlpError, RequestEncoder } from '@nanometer/exporter-otlp';
import { PrometheusExporter } from '@nanometer/exporter-prometheus';
import { MeterProvider } from '@nanometer/metrics';
import { MetricReader } from '@opentelemetry/sdk-metrics';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, series: { type: 'string', default: '50000' } },
});
const SERIES = Number(options.series);
const ROUNDS = 15;
const WARM_UP = 4;

class OnDemandReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

const reader = new OnDemandReader({ cardinalitySelector: () => 2 * SERIES });
const prometheus = new PrometheusExporter({ preventServerStart: true, cardinalityLimit: 2 * SERIES });
const meter = new MeterProvider({ readers: [reader, prometheus], threads: false }).getMeter('bench');
const counter = meter.createCounter('bench.counter');
const histogram = meter.createHistogram('bench.histogram');
const sets = Array.from({ length: SERIES }, (_, i) => ({ symbol: `S-${i * 7919}`, side: i & 1 ? 'buy' : 'sell' }));
const encoders = { anew: new RequestEncoder(0), 'from templates': new RequestEncoder() };

const CASES = {
  'OTLP collection': async () => reader.collect(),
  'OTLP anew, at once': async (metrics) => encoders.anew.encode(metrics),
  'OTLP anew, slices of 1 ms': async (metrics) => encoders.anew.encodeInSlices(metrics),
  'OTLP from templates, at once': async (metrics) => encoders['from templates'].encode(metrics),
  'OTLP from templates, slices of 1 ms': async (metrics) => encoders['from templates'].encodeInSlices(metrics),
  'Prometheus collection and text': async () => (await prometheus.render()).release(),
};

async function turn() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function longestBlock(work) {
  globalThis.gc?.();
  await turn();
  let isOver = false;
  let longest = 0;
  const start = performance.now();
  let last = start;
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
  const result = await work();
  look();
  isOver = true;
  if (result instanceof OtlpError) throw result;
  return { block: longest, took: last - start };
}

const samples = new Map(Object.keys(CASES).map((name) => [name, []]));
for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (let i = 0; i < SERIES; i++) {
    if (i < SERIES / 5) histogram.record(0.5, sets[i]);
    else counter.add((i & 1) === 0 ? 1 : 0.37, sets[i]);
  }
  const { resourceMetrics } = await reader.collect();
  for (const [name, work] of Object.entries(CASES)) {
    const sample = await longestBlock(async () => work(resourceMetrics));
    if (round >= 0) samples.get(name).push(sample);
  }
}

const rows = [...samples].flatMap(([name, measured]) =>
  ['block', 'took'].map((what) => {
    const sorted = measured.map((sample) => sample[what]).sort((a, b) => a - b);
    return {
      case: what === 'block' ? 'longest block' : 'whole',
      library: name,
      unit: 'ms',
      min: sorted[0],
      median: sorted[sorted.length >> 1],
    };
  }),
);
if (options.json) console.log(JSON.stringify({ rows }, null, 2));
else console.table(rows);

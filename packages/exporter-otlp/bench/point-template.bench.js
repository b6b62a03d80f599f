// Whether points written from the last encoding are cheaper than points encoded anew. Run after `npm run build`:
//   node packages/exporter-otlp/bench/point-template.bench.js [--json]
// Both encoders get the same collections, A B A B; best and median of the CPU time of the whole process.
import { MeterProvider } from '@nanometer/metrics';
import { RequestEncoder } from '@nanometer/exporter-otlp';
import { MetricReader } from '@opentelemetry/sdk-metrics';

const SERIES = 10_000;
const HISTOGRAMS = SERIES / 5;
const ROUNDS = 200;
const WARM_UP = 50;

class OnDemandReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

const reader = new OnDemandReader({ cardinalitySelector: () => 2 * SERIES });
const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
const counter = meter.createCounter('bench.counter');
const histogram = meter.createHistogram('bench.histogram');
const sets = Array.from({ length: SERIES }, (_, i) => ({ symbol: `S-${i * 7919}`, side: i & 1 ? 'buy' : 'sell' }));
const encoders = { 'encoded anew': new RequestEncoder(0), 'from templates': new RequestEncoder() };
const cpuMs = { 'encoded anew': [], 'from templates': [] };

for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (let i = 0; i < SERIES; i++) {
    if (i < HISTOGRAMS) histogram.record(0.5, sets[i]);
    else counter.add((i & 1) === 0 ? 1 : 0.37, sets[i]);
  }
  const { resourceMetrics } = await reader.collect();
  for (const [name, encoder] of Object.entries(encoders)) {
    const before = process.cpuUsage();
    encoder.encode(resourceMetrics);
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) cpuMs[name].push((user + system) / 1000);
  }
}

const rows = Object.entries(cpuMs).map(([library, samples]) => {
  const sorted = samples.toSorted((a, b) => a - b);
  return { case: 'OTLP of 10,000 series', library, unit: 'ms', min: sorted[0], median: sorted[sorted.length >> 1] };
});
if (process.argv.includes('--json')) console.log(JSON.stringify({ rows }, null, 2));
else console.table(rows);

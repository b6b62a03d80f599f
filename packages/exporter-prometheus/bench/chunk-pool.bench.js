// Whether bodies written into kept memory are cheaper than into new memory. Run after `npm run build`:
//   node packages/exporter-prometheus/bench/chunk-pool.bench.js [--json]
// Both exporters read the same provider, A B A B; best and median of the CPU time of the whole process per scrape.
import { MeterProvider } from '@nanometer/metrics';
import { PrometheusExporter } from '@nanometer/exporter-prometheus';

const SERIES = 10_000;
const HISTOGRAMS = SERIES / 5;
const ROUNDS = 200;
const WARM_UP = 50;
const options = { preventServerStart: true, cardinalityLimit: 2 * SERIES };
const exporters = {
  'new memory': new PrometheusExporter({ ...options, pooledBytesLimit: 0 }),
  'kept memory': new PrometheusExporter(options),
};
const meter = new MeterProvider({ readers: Object.values(exporters) }).getMeter('bench');
const counter = meter.createCounter('bench.counter');
const histogram = meter.createHistogram('bench.histogram', {
  advice: { explicitBucketBoundaries: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] },
});
const sets = Array.from({ length: SERIES }, (_, i) => ({ symbol: `S-${i * 7919}`, side: i & 1 ? 'buy' : 'sell' }));
const cpuMs = { 'new memory': [], 'kept memory': [] };

for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (let i = 0; i < SERIES; i++) {
    if (i < HISTOGRAMS) histogram.record(0.5, sets[i]);
    else counter.add((i & 1) === 0 ? 1 : 0.37, sets[i]);
  }
  for (const [name, exporter] of Object.entries(exporters)) {
    const before = process.cpuUsage();
    const { release } = await exporter.render();
    const { user, system } = process.cpuUsage(before);
    release();
    if (round >= 0) cpuMs[name].push((user + system) / 1000);
  }
}

const rows = Object.entries(cpuMs).map(([library, samples]) => {
  const sorted = samples.toSorted((a, b) => a - b);
  return { case: 'scrape of 10,000 series', library, unit: 'ms', min: sorted[0], median: sorted[sorted.length >> 1] };
});
if (process.argv.includes('--json')) console.log(JSON.stringify({ rows }, null, 2));
else console.table(rows);

// What a flush of the fast lane costs after one series of many has changed: a desk flushes after every fill.
// ./node_modules/.bin/node --expose-gc packages/live/bench/lane-flush.bench.js [--json]
import { MeterProvider } from '@nanometer/metrics';
import { LaneReader } from '../dist/index.js';
import { report } from './report.js';

const METRICS = 8;
const FLUSHES = 500;

/** The bridge is not there: what is measured is finding what changed, which the desk's thread does. */
function flushOf(series) {
  const lane = new LaneReader({ url: 'ws://127.0.0.1:9/', cardinalityLimit: series });
  const meter = new MeterProvider({ readers: [lane] }).getMeter('bench');
  const gauges = Array.from({ length: METRICS }, (_, index) => meter.createGauge(`risk.gauge_${index}`));
  const handles = gauges.flatMap((gauge) =>
    Array.from({ length: series / METRICS }, (_, index) => gauge.bind({ symbol: `S${index}` })),
  );
  for (const handle of handles) handle.record(1);
  lane.flush();
  let at = 0;
  return {
    name: `flush, 1 of ${series} series changed`,
    run: () => {
      const start = performance.now();
      for (let flush = 0; flush < FLUSHES; flush++) {
        at = (at + 7) % handles.length;
        handles[at].record(flush);
        lane.flush();
      }
      return ((performance.now() - start) * 1e6) / FLUSHES;
    },
    end: () => lane.shutdown(),
  };
}

const cases = [8, 800, 8_000, 16_000].map(flushOf);
await report('lane-flush', cases);
for (const { end } of cases) await end();

// Rows per second that the bridge takes from the fast lane: going to the series they are known to belong to, and by the bytes
// of a request that stand for them. Run after `npm run build`:
//   node packages/bridge/bench/push.bench.js [--json]
import { cpus, loadavg } from 'node:os';
import { Ingest } from '../dist/ingest.js';
import { PointTemplate } from '../dist/push/point-template.js';
import { PushedRows } from '../dist/push/pushed-rows.js';
import { PrometheusOutput } from '../dist/outputs/prometheus-output.js';
import { SeriesStore } from '../dist/store/series-store.js';

const ROUNDS = 9;
const ROWS_PER_ROUND = 60_000;
const BASE_MS = 1.7e12;

const seriesOf = (count) =>
  Array.from(
    { length: count },
    (_, n) =>
      new PointTemplate({
        name: 'trading.position.quantity',
        unit: '{contract}',
        kind: 'gauge',
        attributes: { strategy: `maker-${n % 7}`, exchange: 'binance-spot', symbol: `SYM${n}USDT` },
        resource: { 'service.name': 'desk', 'service.instance.id': '1' },
        scope: { name: 'desk', version: '1' },
        startTimeUnixNano: '1700000000000000000',
      }),
  );

function sender(count, take) {
  const store = new SeriesStore(100_000);
  const ingest = new Ingest(store, [new PrometheusOutput(store)]);
  const series = seriesOf(count);
  const dt = new Uint32Array(count);
  const values = new Float64Array(count);
  let time = BASE_MS;
  return () => {
    time += 1;
    values.fill(time);
    const rows = { series, baseTimeMs: time, dt, values };
    const startMs = performance.now();
    const { droppedCount, duplicateCount } = take(ingest, new PushedRows(rows), time);
    if (droppedCount + duplicateCount > 0) throw new Error('rows were dropped');
    return performance.now() - startMs;
  };
}

const WAYS = {
  'to known series': (ingest, rows, timeMs) => rows.into(ingest, timeMs),
  'by a request': (ingest, rows, timeMs) => ingest.request(rows.bytes, 'push', timeMs),
};

const cases = [5, 1_000].flatMap((count) =>
  Object.entries(WAYS).map(([way, take]) => ({
    case: `${count} rows ${way}`,
    count,
    send: sender(count, take),
    rates: [],
  })),
);
for (let round = -2; round < ROUNDS; round++) {
  for (const { count, send, rates } of cases) {
    let elapsedMs = 0;
    for (let index = 0; index < ROWS_PER_ROUND / count; index++) elapsedMs += send();
    if (round >= 0) rates.push((ROWS_PER_ROUND * 1000) / elapsedMs);
  }
}
const rows = cases.map(({ case: name, rates }) => {
  rates.sort((a, b) => a - b);
  return { case: name, rowsPerSecond: Math.round(rates[rates.length >> 1]), best: Math.round(rates.at(-1)) };
});
const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, results: rows }, undefined, 2));
else {
  console.log(host);
  console.table(rows);
}

// Cost of ExchangeInstrumentation.onMessage. Run after `npm run build`:
//   node --expose-gc packages/exchange/bench/on-message.bench.js [--json]
// Prints nanoseconds (minimum over interleaved rounds) and bytes per call (median), with each SDK.
import { cpus, loadavg } from 'node:os';
import { ExchangeInstrumentation } from '@nanometer/exchange';
import * as own from '@nanometer/metrics';
import { createNoopMeter } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';

const ROUNDS = 15;
const CALLS = 100_000;
const CHANNELS = ['bbo', 'trades', 'depth'];

/** Readers keep the SDKs honest: without one, the stock SDK drops every measurement unseen. */
const meterOf = (Provider) => {
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  return new Provider({ readers: [reader] }).getMeter('bench');
};

/** Messages are made beforehand: what the caller's own object costs is not ours to measure. */
const MESSAGES = Array.from({ length: 4096 }, (_, index) => ({
  exchange: 'binance-spot',
  channel: CHANNELS[index % CHANNELS.length],
  symbol: index % 2 === 0 ? 'BTCUSDT' : 'ETHUSDT',
  bytes: 100 + (index % 50),
  eventTimeMs: 1_700_000_000_000 + index,
  receiveTimeMs: 1_700_000_000_005 + index + (index % 7) * 0.25,
  sequence: undefined,
  firstId: undefined,
  lastId: undefined,
  previousLastId: undefined,
}));
const SEQUENCED = MESSAGES.map((message, index) => ({ ...message, sequence: Math.floor(index / 6) }));

function run(exchange, messages) {
  for (let call = 0; call < CALLS; call++) exchange.onMessage(messages[call & 4095]);
}

const meters = [
  ['no SDK', () => createNoopMeter()],
  ['@nanometer/metrics', () => meterOf(own.MeterProvider)],
  ['sdk-metrics', () => meterOf(sdk.MeterProvider)],
];
const cases = meters.flatMap(([library, makeMeter]) =>
  [
    ['message', MESSAGES],
    ['message with a sequence', SEQUENCED],
  ].map(([name, messages]) => ({
    case: name,
    library,
    exchange: new ExchangeInstrumentation({ meter: makeMeter() }),
    messages,
    nanos: [],
    bytes: [],
  })),
);

for (const { exchange, messages } of cases) for (let warm = 0; warm < 3; warm++) run(exchange, messages);
for (let round = 0; round < ROUNDS; round++) {
  for (const each of cases) {
    globalThis.gc();
    const heapBefore = process.memoryUsage().heapUsed;
    const start = process.hrtime.bigint();
    run(each.exchange, each.messages);
    const elapsed = Number(process.hrtime.bigint() - start);
    each.bytes.push((process.memoryUsage().heapUsed - heapBefore) / CALLS);
    each.nanos.push(elapsed / CALLS);
  }
}

const results = cases.map(({ case: name, library, nanos, bytes }) => ({
  case: name,
  library,
  nsPerOp: Number(Math.min(...nanos).toFixed(1)),
  bytesPerOp: Number(bytes.sort((a, b) => a - b)[ROUNDS >> 1].toFixed(2)),
}));
const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, results }, undefined, 2));
else {
  console.log(host);
  console.table(results);
}

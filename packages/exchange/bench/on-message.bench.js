// Cost of ExchangeInstrumentation.onMessage, with each SDK. Run after `npm run build`:
//   node --expose-gc packages/exchange/bench/on-message.bench.js [--json]
// Every library runs in processes of its own, interleaved: in one process they would share call sites, and each would
// pay for the others. Prints the minimum of the times and the median of the bytes per call.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ExchangeInstrumentation } from '@nanometer/exchange';
import { MeterProvider } from '@nanometer/metrics';
import { createNoopMeter } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';

const PROCESSES = 3;
const ROUNDS = 7;
// Messages are made beforehand, and moved on in time when used again: what the caller's own object costs is not ours to measure.
const COUNT = 4608;
const CHANNELS = ['bbo', 'trades', 'depth'];

// A reader keeps the SDKs honest: without one, the stock SDK drops every measurement unseen.
const meterOf = (Provider) => {
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  return new Provider({ readers: [reader] }).getMeter('bench');
};

const LIBRARIES = {
  'no SDK': { calls: 200 * COUNT, makeMeter: () => createNoopMeter() },
  '@nanometer/metrics': { calls: 200 * COUNT, makeMeter: () => meterOf(MeterProvider) },
  'sdk-metrics': { calls: 10 * COUNT, makeMeter: () => meterOf(sdk.MeterProvider) },
};

const messages = Array.from({ length: COUNT }, (_, index) => ({
  exchange: 'binance-spot',
  channel: CHANNELS[index % CHANNELS.length],
  symbol: index % 2 === 0 ? 'BTCUSDT' : 'ETHUSDT',
  bytes: 100 + (index % 50),
  eventTimeMs: 1_700_000_000_000.5 + index,
  receiveTimeMs: 1_700_000_000_005.25 + index + (index % 7) * 0.25,
  sequence: undefined,
  firstId: undefined,
  lastId: undefined,
  previousLastId: undefined,
}));
const sequenced = messages.map((message, index) => ({ ...message, sequence: Math.floor(index / 6) }));
const CASES = { message: messages, 'message with a sequence': sequenced };

function run(exchange, events, calls) {
  for (let call = 0; call < calls; call++) {
    const event = events[call % COUNT];
    event.eventTimeMs += COUNT;
    event.receiveTimeMs += COUNT;
    if (event.sequence !== undefined) event.sequence += COUNT / 6;
    exchange.onMessage(event);
  }
}

function measure(library, name, calls = LIBRARIES[library].calls) {
  const { makeMeter } = LIBRARIES[library];
  const exchange = new ExchangeInstrumentation({ meter: makeMeter() });
  const nanos = [];
  const bytes = [];
  for (let round = -3; round < ROUNDS; round++) {
    globalThis.gc();
    const heapBefore = process.memoryUsage().heapUsed;
    const startMs = performance.now();
    run(exchange, CASES[name], calls);
    const elapsed = (performance.now() - startMs) * 1e6;
    const grown = process.memoryUsage().heapUsed - heapBefore;
    if (round < 0) continue;
    nanos.push(elapsed / calls);
    bytes.push(grown / calls);
  }
  return { nanos, bytes };
}

// Bytes are counted on a young generation large enough that nothing is collected while a round runs.
const FLAGS = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

function main() {
  const results = Object.keys(LIBRARIES).flatMap((library) =>
    Object.keys(CASES).map((name) => ({ case: name, library, nanos: [], bytes: [] })),
  );
  for (let round = 0; round < PROCESSES; round++) {
    for (const result of results) {
      const args = [...FLAGS, fileURLToPath(import.meta.url), '--measure', result.library, result.case];
      const { nanos, bytes } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
      result.nanos.push(...nanos);
      result.bytes.push(...bytes);
    }
  }
  const rows = results.map(({ case: name, library, nanos, bytes }) => ({
    case: name,
    library,
    nsPerOp: Number(Math.min(...nanos).toFixed(1)),
    bytesPerOp: Number(bytes.sort((a, b) => a - b)[bytes.length >> 1].toFixed(2)),
  }));
  const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
  if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, results: rows }, undefined, 2));
  else {
    console.log(host);
    console.table(rows);
  }
}

const [mode, library, name, calls] = process.argv.slice(2);
if (mode === '--measure') console.log(JSON.stringify(measure(library, name, calls && Number(calls))));
else main();

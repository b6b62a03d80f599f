// What instrumentCcxt adds to a socket message of the real ccxt: the same client handles the same Binance trades with
// and without it, in turns. Run after `npm run build`:
//   node --expose-gc packages/exchange/bench/ccxt.bench.js [--json] [--only TEXT]
// CPU time of the process. Prints the median over rounds of the difference, so that what the machine does meanwhile hits both.
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ExchangeInstrumentation, instrumentCcxt, instrumentWebSocket } from '@nanometer/exchange';
import { MeterProvider } from '@nanometer/metrics';
import * as sdk from '@opentelemetry/sdk-metrics';

const ROUNDS = 41;
const MESSAGES = 5_000;

const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
const telemetry = new ExchangeInstrumentation({ meterProvider: new MeterProvider({ readers: [reader] }) });

const payloads = Array.from({ length: MESSAGES }, (_, at) =>
  Buffer.from(
    `{"e":"trade","E":${1_700_000_000_000 + at},"s":"BTCUSDT","t":${at},"p":"60000.${at % 100}","q":"0.00100000",` +
      `"T":${1_700_000_000_000 + at},"m":true,"M":true}`,
  ),
);

/** Seconds of CPU for all messages. */
function time(handle) {
  const before = process.cpuUsage();
  for (const data of payloads) handle(data);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function compare(plain, instrumented) {
  const added = [];
  const base = [];
  for (let round = -10; round < ROUNDS; round++) {
    // The order alternates, so that neither always runs on the warmer cache.
    const plainFirst = round % 2 === 0;
    const first = time(plainFirst ? plain : instrumented);
    const second = time(plainFirst ? instrumented : plain);
    if (round < 0) continue;
    const [without, withIt] = plainFirst ? [first, second] : [second, first];
    base.push((without / MESSAGES) * 1e6);
    added.push(((withIt - without) / MESSAGES) * 1e6);
  }
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  return { microsWithout: Number(median(base).toFixed(2)), microsAdded: Number(median(added).toFixed(2)) };
}

function ccxtClient(instrument) {
  const ccxt = createRequire(import.meta.url)('ccxt');
  const exchange = new ccxt.pro.binance();
  const market = { id: 'BTCUSDT', symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', type: 'spot', spot: true };
  exchange.setMarkets([{ ...market, precision: {}, limits: {}, info: {} }]);
  if (instrument) instrumentCcxt(exchange, telemetry);
  const client = exchange.client('wss://stream.binance.com:9443/ws/0');
  return (data) => client.onMessage({ data });
}

async function wsClient(instrument) {
  const { WebSocket } = await import('ws');
  // Never connected: its messages are emitted here.
  const socket = new WebSocket('ws://127.0.0.1:1');
  socket.on('error', () => undefined);
  if (instrument) instrumentWebSocket(socket, telemetry, { exchange: 'binance' });
  let seen = 0;
  socket.on('message', (data) => (seen += JSON.parse(Buffer.prototype.toString.call(data)).t));
  return (data) => socket.emit('message', data, false);
}

const { only } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string', default: '' } },
}).values;
const CASES = [
  ['ccxt: a trade through onMessage', ccxtClient],
  ['ws: a trade parsed by its listener', wsClient],
];
const results = [];
for (const [name, open] of CASES.filter(([each]) => each.includes(only))) {
  results.push({ case: name, ...compare(await open(false), await open(true)) });
}
const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, results }, undefined, 2));
else {
  console.log(host);
  console.table(results);
}

// Cost of TradingInstrumentation's events. After `npm run build`:
//   node packages/trading/bench/events.bench.js [--json] [--rounds N] [--case NAME...]
// Prints nanoseconds (minimum over interleaved rounds) and bytes (median) per event, with each SDK.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as own from '@nanometer/metrics';
import { TradingInstrumentation } from '@nanometer/trading';
import { createNoopMeter } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';
import { measureEvents } from '../../instrumentation/bench/measure-events.js';
import { linearContracts } from '../../quant/bench/contracts.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    library: { type: 'string' },
    case: { type: 'string', multiple: true },
  },
});
const ROUNDS = Number(options.rounds);
const SYMBOLS = 50;

const contracts = linearContracts(SYMBOLS);

let nextId = 4_308_068_523;
const strategyOf = (at) => (at % 3 === 0 ? 'maker-tight' : 'maker-wide');

function fillOf(at) {
  const { exchange, symbol } = contracts[at % SYMBOLS];
  return {
    fillId: String(nextId++),
    orderId: undefined,
    strategy: strategyOf(at),
    exchange,
    symbol,
    side: (at >> 3) % 2 === 0 ? 'buy' : 'sell',
    quantity: 0.01 * (1 + (at % 5)),
    price: 100 + (at % 17),
    fee: 0.0005,
    liquidity: at % 2 === 0 ? 'maker' : 'taker',
    arrivalMid: 100 + (at % 16),
    timeMs: at,
  };
}

// Marks that go back in time are refused, so the clock runs through all rounds.
let clockMs = 0;
function markOf(at) {
  const { exchange, symbol } = contracts[at % SYMBOLS];
  return { exchange, symbol, price: 100 + (at % 13) / 8, timeMs: clockMs++ };
}

function orderOf(at) {
  const { exchange, symbol } = contracts[at % SYMBOLS];
  const orderId = String(nextId++);
  return { orderId, strategy: strategyOf(at), exchange, symbol, side: 'buy', type: 'limit', quantity: 1, timeMs: at };
}

// The call sites stay apart, as they are in a service.
const KINDS = {
  onFill: [fillOf, (trading, events) => events.forEach((event) => trading.onFill(event))],
  onMark: [markOf, (trading, events) => events.forEach((event) => trading.onMark(event))],
  'onOrder, onAck, onCancel': [
    orderOf,
    (trading, events) =>
      events.forEach((event) => {
        trading.onOrder(event);
        trading.onAck(event);
        trading.onCancel(event);
      }),
  ],
};

/** Readers keep the SDKs honest: without one, the stock SDK drops every measurement unseen. */
function meterOf(Provider) {
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  return new Provider({ readers: [reader] }).getMeter('bench');
}

const meters = [
  ['no SDK', () => createNoopMeter()],
  ['@nanometer/metrics', () => meterOf(own.MeterProvider)],
  ['sdk-metrics', () => meterOf(sdk.MeterProvider)],
];

// One process per SDK: in one, each would see call sites that the others have made polymorphic.
const measured = meters.filter(([library]) => library === options.library);
const cases = measured.flatMap(([library, makeMeter]) => {
  const trading = new TradingInstrumentation({ meter: makeMeter(), contracts });
  const kinds = Object.entries(KINDS).filter(([name]) => options.case?.includes(name) ?? true);
  return kinds.map(([name, [make, run]]) => ({
    case: name,
    library,
    subject: trading,
    make,
    run,
  }));
});

const results = measureEvents(cases, ROUNDS);

function measureEach() {
  const flags = ['--expose-gc', '--min-semi-space-size=64', ...process.execArgv];
  return meters.flatMap(([library]) => {
    const args = [...flags, fileURLToPath(import.meta.url), '--json', '--rounds', options.rounds, '--library', library];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })).results;
  });
}

const all = options.library === undefined ? measureEach() : results;
if (options.json) console.log(JSON.stringify({ symbols: SYMBOLS, node: process.version, results: all }));
else console.table(all);

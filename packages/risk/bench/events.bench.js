// Cost of RiskInstrumentation's events. After `npm run build`:
//   node packages/risk/bench/events.bench.js [--json] [--rounds N] [--tail]
// Prints nanoseconds (minimum over interleaved rounds) and bytes (median) per event, with each SDK.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as own from '@nanometer/metrics';
import { RiskInstrumentation } from '@nanometer/risk';
import { createNoopMeter } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';
import { measureEvents } from '../../instrumentation/bench/measure-events.js';
import { linearContracts } from '../../quant/bench/contracts.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    library: { type: 'string' },
    // Value at risk and expected shortfall of 250 scenarios, with limits on both.
    tail: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);
const SYMBOLS = 500;
const SCENARIOS = 250;

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

// The call sites stay apart, as they are in a service.
const KINDS = {
  onFill: [fillOf, (risk, events) => events.forEach((event) => risk.onFill(event))],
  onMark: [markOf, (risk, events) => events.forEach((event) => risk.onMark(event))],
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
  const tailLimits = options.tail ? { valueAtRisk: 1e9, expectedShortfall: 1e9 } : {};
  const limits = { grossExposure: 1e9, netExposure: 1e9, drawdown: 1e6, ...tailLimits };
  const scenarioCount = SCENARIOS;
  const risk = new RiskInstrumentation({ meter: makeMeter(), initialCapital: 1e6, contracts, limits, scenarioCount });
  risk.onRate({ currency: 'USDT', rate: 1, timeMs: 0 });
  for (const [seed, { exchange, symbol }] of options.tail ? contracts.entries() : []) {
    const returns = Array.from({ length: SCENARIOS }, (_, at) => 0.02 * Math.sin(at * (1 + seed / 7)));
    risk.defineReturns({ exchange, symbol, returns });
  }
  return Object.entries(KINDS).map(([name, [make, run]]) => ({
    case: name,
    library,
    subject: risk,
    make,
    run,
  }));
});

const results = measureEvents(cases, ROUNDS);

function measureEach() {
  const flags = ['--expose-gc', '--min-semi-space-size=64', ...process.execArgv];
  return meters.flatMap(([library]) => {
    const args = [...flags, fileURLToPath(import.meta.url), '--json', '--rounds', options.rounds, '--library', library];
    if (options.tail) args.push('--tail');
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })).results;
  });
}

const all = options.library === undefined ? measureEach() : results;
if (options.json) console.log(JSON.stringify({ symbols: SYMBOLS, node: process.version, results: all }));
else console.table(all);

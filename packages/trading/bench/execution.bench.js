// Cost of execution quality: quotes, and fills with their markouts. After `npm run build`:
//   node packages/trading/bench/execution.bench.js [--json] [--rounds N]
// Prints nanoseconds (minimum over interleaved rounds) and bytes (median) per event, on @nanometer/metrics.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MeterProvider } from '@nanometer/metrics';
import { TradingInstrumentation } from '@nanometer/trading';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { measureEvents } from '../../instrumentation/bench/measure-events.js';
import { linearContracts } from '../../quant/bench/contracts.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    case: { type: 'string' },
  },
});
const SYMBOLS = 50;
const contracts = linearContracts(SYMBOLS);

// Time runs through all rounds: quotes that go back are refused.
let clockMs = 1_700_000_000_000;
let nextId = 4_308_068_523;

function quoteOf(at, stepMs) {
  const { exchange, symbol } = contracts[(at >> 2) % SYMBOLS];
  const bid = 100 + (at % 13) / 8;
  clockMs += stepMs;
  return { exchange, symbol, bid, ask: bid + 0.5, timeMs: clockMs };
}

function fillOf(at, timeMs) {
  const { exchange, symbol } = contracts[(at >> 2) % SYMBOLS];
  return {
    fillId: String(nextId++),
    orderId: undefined,
    strategy: at % 3 === 0 ? 'maker-tight' : 'maker-wide',
    exchange,
    symbol,
    side: (at >> 3) % 2 === 0 ? 'buy' : 'sell',
    quantity: 0.01 * (1 + (at % 5)),
    price: 100 + (at % 17) / 8,
    fee: 0.0005,
    liquidity: at % 2 === 0 ? 'maker' : 'taker',
    decisionMid: 100 + (at % 15) / 8,
    arrivalMid: 100 + (at % 16) / 8,
    expectedPrice: 100,
    timeMs,
  };
}

const markOf = ({ exchange, symbol, bid, ask, timeMs }) => ({ exchange, symbol, price: (bid + ask) / 2, timeMs });

// The call sites stay apart, as they are in a service.
const KINDS = {
  // No fill waits: what every quote costs.
  'onQuote, nothing due': [
    (at) => quoteOf(at, 0.05),
    (trading, events) => events.forEach((event) => trading.onQuote(event)),
  ],
  'onQuote and onMark': [
    (at) => {
      const quote = quoteOf(at, 0.05);
      return { quote, mark: markOf(quote) };
    },
    (trading, events) =>
      events.forEach(({ quote, mark }) => {
        trading.onQuote(quote);
        trading.onMark(mark);
      }),
  ],
  // One fill for every 20 quotes of 50 µs, so that up to 600,000 / 20 fills wait and every quote finds some due.
  'onQuote, fills due': [
    (at) => {
      const quote = quoteOf(at, 5);
      return { quote, fill: at % 20 === 0 ? fillOf(at, quote.timeMs + 1) : undefined };
    },
    (trading, events) =>
      events.forEach(({ quote, fill }) => {
        trading.onQuote(quote);
        if (fill !== undefined) trading.onFill(fill);
      }),
  ],
  // An order, its fill, and a quote that settles all nine horizons of the fill before.
  'onFill and its nine markouts': [
    (at) => {
      const quote = quoteOf(at, 400_000);
      return { quote, fill: fillOf(at, quote.timeMs + 1) };
    },
    (trading, events) =>
      events.forEach(({ quote, fill }) => {
        trading.onQuote(quote);
        trading.onFill(fill);
      }),
  ],
};

function instrumentation() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const trading = new TradingInstrumentation({ meterProvider: new MeterProvider({ readers: [reader] }), contracts });
  // One position in every contract, so that a mark has something to value.
  contracts.forEach((_, at) => trading.onFill(fillOf(at << 2, 0)));
  return trading;
}

// One process per case: what one makes polymorphic would slow the next.
function measureEach() {
  const flags = ['--expose-gc', '--min-semi-space-size=64', ...process.execArgv];
  return Object.keys(KINDS).flatMap((name) => {
    const args = [...flags, fileURLToPath(import.meta.url), '--json', '--rounds', options.rounds, '--case', name];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })).results;
  });
}

function measureOne(name) {
  const [make, run] = KINDS[name];
  const entry = { case: name, library: '@nanometer/metrics', subject: instrumentation(), make, run };
  return measureEvents([entry], Number(options.rounds));
}

const results = options.case === undefined ? measureEach() : measureOne(options.case);
if (options.json) console.log(JSON.stringify({ symbols: SYMBOLS, node: process.version, results }));
else console.table(results);

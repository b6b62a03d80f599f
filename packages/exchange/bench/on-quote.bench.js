// Cost of a best quote: MarketInstrumentation.onQuote, and with it the mark of a position and a step of the markouts.
// After `npm run build`: node --expose-gc packages/exchange/bench/on-quote.bench.js [--json] [--rounds N] [--case NAME]
// Prints nanoseconds (minimum and median over interleaved rounds) and bytes (median) per quote, 500 markets.
import { parseArgs } from 'node:util';
import { MarketInstrumentation } from '@nanometer/exchange';
import { MeterProvider } from '@nanometer/metrics';
import { MarkoutQueue, Portfolio } from '@nanometer/quant';
import * as sdk from '@opentelemetry/sdk-metrics';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    case: { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds);
// Until then not all of it is compiled, and what is interpreted boxes every double.
const WARM_UP_ROUNDS = 12;
const MARKETS = 500;
// Quotes are made beforehand and moved on in time when used again: the caller's own object is not ours to measure.
const COUNT = 20_000;

const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
const meterProvider = new MeterProvider({ readers: [reader] });

// In an array: a double in a variable that functions share is a new object at every step. 50,000 quotes a second, of
// each market one every 10 ms.
const clock = Float64Array.of(1_700_000_000_000.5);
const STEP_MS = 0.02;
const quotes = Array.from({ length: COUNT }, (_, at) => {
  const bid = 100.25 + ((at * 7919) % 40) / 8;
  return {
    exchange: at % 2 === 0 ? 'binance-usdm' : 'okx',
    symbol: `S${at % MARKETS}USDT`,
    bid,
    bidSize: 1.5 + (at % 5),
    ask: bid + 0.25 + (at % 3) / 8,
    askSize: 0.5 + (at % 7),
    timeMs: clock[0],
  };
});
const marks = quotes.map(({ exchange, symbol, bid, ask, timeMs }) => ({
  exchange,
  symbol,
  price: (bid + ask) / 2,
  timeMs,
}));

function marketOf() {
  return new MarketInstrumentation({ meterProvider });
}

const portfolio = new Portfolio({ reportingCurrency: 'USD', initialCapital: 1e6 });
portfolio.applyRate({ currency: 'USDT', rate: 1, timeMs: 0 });
for (let at = 0; at < MARKETS; at++) {
  const { exchange, symbol } = quotes[at];
  portfolio.defineContract({
    exchange,
    symbol,
    kind: 'linear',
    multiplier: 1,
    baseCurrency: symbol,
    currency: 'USDT',
  });
  portfolio.applyFill({
    fillId: String(at),
    strategy: 'maker',
    exchange,
    symbol,
    side: 'buy',
    quantity: 1,
    price: 100,
    timeMs: 0,
  });
}
const queues = Array.from({ length: MARKETS }, () => new MarkoutQueue([100, 1000, 10_000]));

function alone(market) {
  for (let at = 0; at < COUNT; at++) {
    const quote = quotes[at];
    clock[0] += STEP_MS;
    quote.timeMs = clock[0];
    market.onQuote(quote);
  }
}

function withMarks(market) {
  for (let at = 0; at < COUNT; at++) {
    const quote = quotes[at];
    const mark = marks[at];
    clock[0] += STEP_MS;
    quote.timeMs = clock[0];
    mark.timeMs = clock[0];
    market.onQuote(quote);
    queues[at % MARKETS].quote(quote.bid, quote.ask, quote.timeMs);
    portfolio.applyMark(mark);
  }
}

// What the loop around the events costs by itself.
const idle = { onQuote: () => undefined };
const all = [
  { case: 'loop alone', run: alone, target: idle, nanos: [], bytes: [] },
  { case: 'onQuote', run: alone, target: marketOf(), nanos: [], bytes: [] },
  { case: 'onQuote, markouts and mark', run: withMarks, target: marketOf(), nanos: [], bytes: [] },
];
const cases = all.filter(({ case: name }) => options.case === undefined || name === options.case);

for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  for (const { run, target, nanos, bytes } of cases) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const startMs = performance.now();
    run(target);
    const elapsedMs = performance.now() - startMs;
    const grown = process.memoryUsage().heapUsed - before;
    if (round < 0) continue;
    nanos.push((elapsedMs * 1e6) / COUNT);
    bytes.push(grown / COUNT);
  }
}

const rounded = (value) => Math.round(value * 100) / 100;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const results = cases.map(({ case: name, nanos, bytes }) => ({
  case: name,
  nsPerOp: rounded(Math.min(...nanos)),
  nsPerOpMedian: rounded(median(nanos)),
  bytesPerOp: globalThis.gc === undefined ? undefined : rounded(median(bytes)),
}));
if (options.json) console.log(JSON.stringify({ markets: MARKETS, node: process.version, results }));
else console.table(results);

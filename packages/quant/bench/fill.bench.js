// Time and bytes of the ledger's and the portfolio's events, on positions that are already open.
// After `npm run build`: node --expose-gc packages/quant/bench/fill.bench.js [--json] [--rounds N]
// Prints nanoseconds (minimum and median over interleaved rounds) and bytes (median) per event.
import { parseArgs } from 'node:util';
import { Portfolio, PositionLedger } from '@nanometer/quant';
import { linearContracts } from './contracts.js';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '25' } },
});

const SYMBOLS = 500;
// Until then not all of it is compiled, and what is interpreted boxes every double.
const WARM_UP_ROUNDS = 5;
const BATCH = 20_000;
const CHUNK = 200;
const ROUNDS = Number(options.rounds);

const contracts = linearContracts(SYMBOLS);

// Ids as an exchange sends them: new text for every fill, made outside the measured loop.
let nextId = 4_308_068_523;
function fillsOf(count, first) {
  return Array.from({ length: count }, (_, index) => {
    const at = first + index;
    const { exchange, symbol } = contracts[at % SYMBOLS];
    return {
      fillId: String(nextId++),
      strategy: at % 3 === 0 ? 'maker-tight' : 'maker-wide',
      exchange,
      symbol,
      side: (at >> 3) % 2 === 0 ? 'buy' : 'sell',
      quantity: 0.01 * (1 + (at % 5)),
      price: 100 + (at % 17),
      fee: 0.0005,
      liquidity: 'maker',
      timeMs: at,
    };
  });
}

// Marks that go back in time are refused, so the clock runs through all rounds.
let clockMs = 0;
function marksOf(count, first) {
  return Array.from({ length: count }, (_, index) => {
    const at = first + index;
    const { exchange, symbol } = contracts[at % SYMBOLS];
    return { exchange, symbol, price: 100 + (at % 13) / 8, timeMs: clockMs++ };
  });
}

function ledgerOf() {
  const ledger = new PositionLedger();
  for (const contract of contracts) ledger.defineContract(contract);
  return ledger;
}

function portfolioOf() {
  const portfolio = new Portfolio({ reportingCurrency: 'USD', initialCapital: 1e6 });
  for (const contract of contracts) portfolio.defineContract(contract);
  portfolio.applyRate({ currency: 'USDT', rate: 1, timeMs: 0 });
  return portfolio;
}

function applyFills(target, fills) {
  for (let at = 0; at < fills.length; at++) target.applyFill(fills[at]);
}

function applyMarks(target, events) {
  for (let at = 0; at < events.length; at++) target.applyMark(events[at]);
}

const ledger = ledgerOf();
const portfolio = portfolioOf();
const cases = [
  { case: 'ledger.applyFill', target: ledger, run: applyFills, events: fillsOf },
  { case: 'ledger.applyMark', target: ledger, run: applyMarks, events: marksOf },
  { case: 'portfolio.applyFill', target: portfolio, run: applyFills, events: fillsOf },
  { case: 'portfolio.applyMark', target: portfolio, run: applyMarks, events: marksOf },
];

/** Events are made in chunks just before they are applied, as they are when they come off a connection. */
function timed({ target, run, events }) {
  let elapsedNs = 0;
  for (let done = 0; done < BATCH; done += CHUNK) {
    const chunk = events(CHUNK, done);
    const startMs = performance.now();
    run(target, chunk);
    elapsedNs += (performance.now() - startMs) * 1e6;
  }
  return elapsedNs / BATCH;
}

function allocated({ target, run, events }) {
  const batch = events(BATCH, 0);
  globalThis.gc?.();
  const bytesBefore = process.memoryUsage().heapUsed;
  run(target, batch);
  return (process.memoryUsage().heapUsed - bytesBefore) / BATCH;
}

const times = cases.map(() => []);
const bytes = cases.map(() => []);
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  cases.forEach((entry, index) => {
    const nanos = timed(entry);
    const allocatedBytes = allocated(entry);
    if (round < 0) return;
    times[index].push(nanos);
    bytes[index].push(allocatedBytes);
  });
}

const rounded = (value) => Math.round(value * 100) / 100;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const results = cases.map((entry, index) => ({
  case: entry.case,
  nsPerOp: rounded(Math.min(...times[index])),
  nsPerOpMedian: rounded(median(times[index])),
  bytesPerOp: globalThis.gc === undefined ? undefined : rounded(median(bytes[index])),
}));

if (options.json) console.log(JSON.stringify({ symbols: SYMBOLS, node: process.version, results }));
else console.table(results);

// One grid step of the correlations of 500 symbols, in a worker thread and, for the parts, in this one. After `npm run build`:
//   node packages/risk/bench/correlation.bench.js [--json] [--steps N] [--symbols N] [--methods a,b]
// The first table is `durationMs` as the worker reports it (risk.correlation.step.duration); beside it what a step costs
// the thread that trades: closing the grid point and handing the prices over.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RiskInstrumentation } from '@nanometer/risk';
import { createNoopMeter } from '@opentelemetry/api';
import { linearContracts } from '../../quant/bench/contracts.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    steps: { type: 'string', default: '400' },
    symbols: { type: 'string', default: '500' },
    methods: { type: 'string', default: 'ewma,windowed,ledoit_wolf,hayashi_yoshida' },
  },
});
const STEPS = Number(options.steps);
const SYMBOLS = Number(options.symbols);
const WARM_UP_STEPS = 100;

const contracts = linearContracts(SYMBOLS, ['binance-usdm']);

let seed = 1;
function uniform() {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** Counts what the worker reports without an SDK in between. */
function meterOf(durations) {
  const meter = createNoopMeter();
  const createHistogram = meter.createHistogram.bind(meter);
  meter.createHistogram = (name, ...rest) =>
    name === 'risk.correlation.step.duration'
      ? { record: (seconds) => durations.push(seconds * 1000) }
      : createHistogram.call(meter, name, ...rest);
  return meter;
}

const at = (values, q) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];
const rounded = (value) => Math.round(value * 1000) / 1000;

async function measure(method) {
  const durations = [];
  const handOvers = [];
  let lastMs = 0;
  const risk = new RiskInstrumentation({
    meter: meterOf(durations),
    initialCapital: 1e6,
    contracts,
    correlation: { method, gridStepMs: 1000, windowSteps: 100, symbolLimit: SYMBOLS, tickQueueLimit: 65_536 },
  });
  const prices = new Float64Array(SYMBOLS).fill(100);
  for (let step = 0; step < STEPS + WARM_UP_STEPS; step++) {
    const market = 0.001 * (uniform() - 0.5);
    const timeMs = step * 1000 + 1;
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      prices[symbol] *= 1 + market + 0.001 * (uniform() - 0.5);
      const mark = { exchange: 'binance-usdm', symbol: contracts[symbol].symbol, price: prices[symbol], timeMs };
      // The first mark of a step closes the step before.
      const startMs = performance.now();
      risk.onMark(mark);
      if (symbol === 0) handOvers.push((performance.now() - startMs) * 1000);
    }
    if (step === 0) continue;
    lastMs = step * 1000;
    while (risk.correlation()?.timeMs !== lastMs) await nextTurn();
  }
  const { average, largestEigenvalueShare } = risk.correlation();
  await risk.close();
  const warm = durations.slice(WARM_UP_STEPS);
  return {
    method,
    symbols: SYMBOLS,
    steps: warm.length,
    p50Ms: rounded(at(warm, 0.5)),
    p99Ms: rounded(at(warm, 0.99)),
    minMs: rounded(at(warm, 0)),
    handOverMicrosP50: rounded(at(handOvers.slice(WARM_UP_STEPS), 0.5)),
    average: rounded(average),
    largestEigenvalueShare: rounded(largestEigenvalueShare),
  };
}

const results = [];
for (const method of options.methods.split(',')) results.push(await measure(method));
if (options.json) console.log(JSON.stringify({ node: process.version, results }));
else console.table(results);

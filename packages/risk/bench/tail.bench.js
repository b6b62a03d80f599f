// From a position change to exposure, drawdown, value at risk and expected shortfall, as the product's own histogram has it.
// After `npm run build`:
//   node packages/risk/bench/tail.bench.js [--json] [--fills N] [--methods a,b]
// 500 symbols, 1,000 scenarios, two confidences. Every fill is measured by `risk.update.duration`; after each the getters
// are read and held against the fill, so that nothing can be put off.
import { parseArgs } from 'node:util';
import { AggregationType, InstrumentType, MeterProvider, quantile } from '@nanometer/metrics';
import { RiskInstrumentation } from '@nanometer/risk';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { linearContracts } from '../../quant/bench/contracts.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    fills: { type: 'string', default: '200000' },
    methods: { type: 'string', default: 'filtered_historical' },
  },
});
const SYMBOLS = 500;
const SCENARIOS = 1000;
const WARM_UP_FILLS = 20_000;

const contracts = linearContracts(SYMBOLS);

/** A linear congruential generator: the same market at every run. */
let seed = 1;
function uniform() {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}
const normal = () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
const meterProvider = new MeterProvider({
  readers: [reader],
  views: [
    {
      instrumentName: 'risk.update.duration',
      instrumentType: InstrumentType.HISTOGRAM,
      aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
    },
  ],
});

function deskOf(durationSampling) {
  const risk = new RiskInstrumentation({
    meterProvider: durationSampling === 0 ? new MeterProvider({ readers: [] }) : meterProvider,
    initialCapital: 1e9,
    contracts,
    scenarioCount: SCENARIOS,
    riskMethods: options.methods.split(','),
    limits: { grossExposure: 1e12, drawdown: 1e9, valueAtRisk: 1e9, expectedShortfall: 1e9 },
    durationSampling,
  });
  risk.onRate({ currency: 'USDT', rate: 1, timeMs: 0 });
  const market = Float64Array.from({ length: SCENARIOS }, () => 0.01 * normal());
  for (const { exchange, symbol } of contracts) {
    const beta = 0.5 + uniform();
    risk.defineReturns({ exchange, symbol, returns: market.map((move) => beta * move + 0.01 * normal()) });
  }
  return risk;
}

let nextId = 0;
function run(risk, fills) {
  let wrong = 0;
  for (let at = 0; at < fills; at++) {
    const { exchange, symbol } = contracts[Math.floor(uniform() * SYMBOLS)];
    const fill = {
      fillId: String(nextId++),
      orderId: undefined,
      strategy: 'maker',
      exchange,
      symbol,
      side: uniform() < 0.5 ? 'buy' : 'sell',
      quantity: 1 + Math.floor(uniform() * 20),
      price: 100,
      fee: 0.01,
      liquidity: 'maker',
      arrivalMid: 100,
      timeMs: nextId,
    };
    const before = risk.exposure().total.net;
    const result = risk.onFill(fill);
    const signed = (fill.side === 'buy' ? 1 : -1) * fill.quantity * fill.price;
    const tail = risk.tailRisk(0.99);
    const isNew = Math.abs(risk.exposure().total.net - before - signed) < 1e-3 && tail.valueAtRisk > 0;
    if (result !== 'applied' || !isNew || risk.drawdown().equity !== risk.equity()) wrong++;
  }
  return wrong;
}

const risk = deskOf(1);
// The code is warm before what counts: its own histogram then begins anew with a second instrumentation's fills.
run(deskOf(0), WARM_UP_FILLS);
const wrong = run(risk, Number(options.fills));
await reader.forceFlush();
const metric = exporter
  .getMetrics()
  .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
  .find(({ descriptor }) => descriptor.name === 'risk.update.duration');
const { value } = metric.dataPoints[0];
const micros = (q) => Math.round(quantile(value, q) * 1e8) / 100;
const result = {
  symbols: SYMBOLS,
  scenarios: SCENARIOS,
  methods: options.methods,
  fills: value.count,
  wrong,
  p50Micros: micros(0.5),
  p99Micros: micros(0.99),
  p999Micros: micros(0.999),
  maxMicros: Math.round(value.max * 1e8) / 100,
  node: process.version,
};
if (options.json) console.log(JSON.stringify(result));
else console.table(result);
if (wrong > 0) process.exitCode = 1;

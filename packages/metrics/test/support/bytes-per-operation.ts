// Prints bytes per operation of each recording path as JSON; run by bytes-per-operation.test.ts.
import { AggregationTemporality, MeterProvider } from '@nanometer/metrics';
// @ts-expect-error: the benchmarks are plain JavaScript.
import { measureBytes } from '../../bench/record/measure.js';
import { TestReader } from './test-reader.ts';

const readers = [new TestReader(), new TestReader({ temporality: AggregationTemporality.DELTA })];
const meter = new MeterProvider({ readers, exponentialAdvice: true }).getMeter('m');
const attributes = { venue: 'binance', symbol: 'BTCUSDT', side: 'buy' };
const values = Float64Array.from({ length: 1024 }, (_, i) => 0.001 * 1.01 ** (i % 700));

const counter = meter.createCounter('counter');
const upDown = meter.createUpDownCounter('updown');
const gauge = meter.createGauge('gauge');
const explicit = meter.createHistogram('explicit');
const exponential = meter.createHistogram('exponential', { advice: { exponentialMaxSize: 160 } });
const bound = {
  counter: counter.bind(attributes),
  upDown: upDown.bind(attributes),
  gauge: gauge.bind(attributes),
  explicit: explicit.bind(attributes),
  exponential: exponential.bind(attributes),
};

let large = 2n ** 70n;

const cases: Record<string, (n: number) => void> = {
  'a bigint sum': (n) => {
    for (let i = 0; i < n; i++) large += 1n;
  },
  'bound counter': (n) => {
    for (let i = 0; i < n; i++) bound.counter.add(values[i & 1023]!);
  },
  'bound up-down counter': (n) => {
    for (let i = 0; i < n; i++) bound.upDown.add(-values[i & 1023]!);
  },
  'bound gauge': (n) => {
    for (let i = 0; i < n; i++) bound.gauge.record(values[i & 1023]!);
  },
  'bound explicit histogram': (n) => {
    for (let i = 0; i < n; i++) bound.explicit.record(values[i & 1023]!);
  },
  'bound exponential histogram': (n) => {
    for (let i = 0; i < n; i++) bound.exponential.record(values[i & 1023]!);
  },
  'unbound counter without attributes': (n) => {
    for (let i = 0; i < n; i++) counter.add(1);
  },
  'unbound counter with a constant object': (n) => {
    for (let i = 0; i < n; i++) counter.add(1, attributes);
  },
  'unbound up-down counter with a constant object': (n) => {
    for (let i = 0; i < n; i++) upDown.add(-1, attributes);
  },
  'unbound gauge with a constant object': (n) => {
    for (let i = 0; i < n; i++) gauge.record(i, attributes);
  },
  'unbound histogram with a constant object': (n) => {
    for (let i = 0; i < n; i++) exponential.record(i, attributes);
  },
};

const bytes: Record<string, number> = {};
for (const [name, run] of Object.entries(cases)) {
  bytes[name] = Number(((await measureBytes(run)) as number).toFixed(3));
}
process.stdout.write(JSON.stringify(bytes));

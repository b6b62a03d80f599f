// Prints bytes per operation of each recording path as JSON; run by bytes-per-operation.test.ts.
import { AggregationTemporality, MeterProvider } from '@nanometer/metrics';
import { context as contextApi, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
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

// trace_based is the default, so all of the above goes without exemplars because no context manager is registered; these
// go without them because of the filter, and because the context that is passed or active holds no sampled span.
const off = new MeterProvider({ readers: [new TestReader()], threads: false, exemplarFilter: 'always_off' }).getMeter(
  'm',
);
const offCounter = off.createCounter('counter');
const boundOff = { counter: offCounter.bind(attributes), explicit: off.createHistogram('explicit').bind(attributes) };
const traceId = 'a'.repeat(32);
const unsampled = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE });

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
  'bound counter, always_off': (n) => {
    for (let i = 0; i < n; i++) boundOff.counter.add(values[i & 1023]!, unsampled);
  },
  'bound explicit histogram, always_off': (n) => {
    for (let i = 0; i < n; i++) boundOff.explicit.record(values[i & 1023]!, unsampled);
  },
  'unbound counter with a constant object, always_off': (n) => {
    for (let i = 0; i < n; i++) offCounter.add(1, attributes);
  },
  'bound counter with the context of an unsampled span': (n) => {
    for (let i = 0; i < n; i++) bound.counter.add(values[i & 1023]!, unsampled);
  },
  'unbound counter with the context of an unsampled span': (n) => {
    for (let i = 0; i < n; i++) counter.add(1, attributes, unsampled);
  },
};

/** These run last: nothing is as it was once a context manager is registered. */
const watchedCases: Record<string, (n: number) => void> = {
  'bound counter under a context manager without a span': cases['bound counter']!,
  'bound exponential histogram under a context manager without a span': cases['bound exponential histogram']!,
  'unbound counter under a context manager without a span': cases['unbound counter with a constant object']!,
  'bound counter in an unsampled span': (n) => {
    contextApi.with(unsampled, cases['bound counter']!, undefined, n);
  },
  'unbound counter in an unsampled span': (n) => {
    contextApi.with(unsampled, cases['unbound counter with a constant object']!, undefined, n);
  },
};

const bytes: Record<string, number> = {};
async function weigh(group: Record<string, (n: number) => void>): Promise<void> {
  for (const [name, run] of Object.entries(group)) {
    // What does allocate would be tried again until the attempts are spent.
    const attempts = name === 'a bigint sum' ? 1 : undefined;
    bytes[name] = Number(((await measureBytes(run, attempts)) as number).toFixed(3));
  }
}
await weigh(cases);
contextApi.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
await weigh(watchedCases);
process.stdout.write(JSON.stringify(bytes));

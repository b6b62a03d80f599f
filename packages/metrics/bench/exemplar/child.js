// One situation in a process of its own: prints `{ case: { nsMin, nsMedian, bytesPerOp } }`. Needs --expose-gc.
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider } from '../../dist/index.js';
import { LIBRARIES } from '../record/cases.js';
import { measure } from '../record/measure.js';
import { THREE } from '../record/workload.js';
import { SITUATIONS } from './situations.js';

function idleReader() {
  return {
    setMetricProducer() {},
    selectAggregation: () => ({ type: 0 }),
    selectAggregationTemporality: () => 1,
    selectCardinalityLimit: () => 2000,
    collect: async () => undefined,
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

async function casesOf(situation) {
  const { filter, active } = SITUATIONS[situation];
  if (filter === undefined) {
    const { 'bound counter.add': increment } = await LIBRARIES[situation].bound();
    return { 'bound counter.add': increment };
  }
  if (active !== undefined) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const meter = new MeterProvider({ readers: [idleReader()], exemplarFilter: filter }).getMeter('bench');
  const counter = meter.createCounter('counter');
  const bound = counter.bind(THREE);
  const latency = meter.createHistogram('histogram').bind(THREE);
  const cases = {
    'bound counter.add': (n) => {
      for (let i = 0; i < n; i++) bound.add(1);
    },
    'bound histogram.record': (n) => {
      for (let i = 0; i < n; i++) latency.record(i & 1023);
    },
    'counter.add 3 attributes, constant object': (n) => {
      for (let i = 0; i < n; i++) counter.add(1, THREE);
    },
  };
  if (active === undefined) return cases;
  return Object.fromEntries(
    Object.entries(cases).map(([name, run]) => [name, (n) => context.with(active, run, undefined, n)]),
  );
}

const rows = {};
// The first case of a process would be charged for the compilation of the bench itself.
await measure((n) => n);
for (const [name, run] of Object.entries(await casesOf(process.argv[2]))) rows[name] = await measure(run);
process.stdout.write(JSON.stringify(rows));

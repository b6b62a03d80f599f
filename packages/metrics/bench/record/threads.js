// Throughput of one and of two worker threads that record into the same series: prints rounds, and whether the sum that
// a reader sees is exact. Run as a process of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AggregationTemporality, AggregationType, MeterProvider } from '../../dist/index.js';

const THREADS = 2;
const OPERATIONS = 10_000_000;
const ROUNDS = 8;

const reader = {
  setMetricProducer(producer) {
    this.producer = producer;
  },
  selectAggregation: () => ({ type: AggregationType.DEFAULT }),
  selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  selectCardinalityLimit: () => 100,
  collect: async () => undefined,
  forceFlush: async () => {},
  shutdown: async () => {},
};
const provider = new MeterProvider({ readers: [reader] });

// Turn, threads that wait for it, threads that take part (0: the end), threads at the barrier.
const control = new Int32Array(new SharedArrayBuffer(16));
const spans = new BigInt64Array(new SharedArrayBuffer(16 * THREADS));
const counts = new Float64Array(new SharedArrayBuffer(8 * THREADS));
const workers = Array.from({ length: THREADS }, (_, index) => {
  const workerData = { control, spans, counts, index, operations: OPERATIONS };
  return new Worker(new URL('thread-worker.js', import.meta.url), { workerData });
});

async function allWait() {
  while (Atomics.load(control, 1) < THREADS) await sleep(1);
}

/** Nanoseconds per operation of all threads together, from the first start to the last end. */
async function turn(threads) {
  await allWait();
  control[1] = 0;
  control[2] = threads;
  control[3] = 0;
  Atomics.add(control, 0, 1);
  Atomics.notify(control, 0);
  await allWait();
  const used = Array.from(spans.subarray(0, 2 * threads));
  const starts = used.filter((_, i) => i % 2 === 0);
  const ends = used.filter((_, i) => i % 2 === 1);
  const nanos = ends.reduce((a, b) => (a > b ? a : b)) - starts.reduce((a, b) => (a < b ? a : b));
  return Number(nanos) / (threads * OPERATIONS);
}

const rounds = [];
for (let round = 0; round < ROUNDS; round++) rounds.push([await turn(1), await turn(2)]);
control[2] = 0;
Atomics.add(control, 0, 1);
Atomics.notify(control, 0);
await Promise.all(workers.map(async (worker) => new Promise((resolve) => worker.once('exit', resolve))));

const { resourceMetrics } = await reader.producer.collect();
const [point] = resourceMetrics.scopeMetrics[0].metrics[0].dataPoints;
const recorded = counts.reduce((sum, count) => sum + count, 0);
await provider.shutdown();
process.stdout.write(JSON.stringify({ rounds, recorded, reported: point.value }));

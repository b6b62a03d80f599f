// One recording thread of threads.js: records when it is told to, and says how long that took.
import { workerData } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';
import '../../dist/worker.js';

const { control, spans, counts, index, operations } = workerData;
const counter = metrics.getMeter('bench').createCounter('threads').bind({ venue: 'binance' });

function record(n) {
  for (let i = 0; i < n; i++) counter.add(1);
}

for (let call = 0; call < 1200; call++) record(1000);
counts[index] += 1_200_000;

for (let turn = 0; ; turn++) {
  Atomics.add(control, 1, 1);
  while (Atomics.load(control, 0) === turn) Atomics.wait(control, 0, turn);
  const threads = control[2];
  if (threads === 0) break;
  if (index >= threads) continue;
  // All threads of the turn begin together: whoever comes first spins.
  Atomics.add(control, 3, 1);
  while (Atomics.load(control, 3) < threads);
  const start = process.hrtime.bigint();
  record(operations);
  spans[2 * index] = start;
  spans[2 * index + 1] = process.hrtime.bigint();
  counts[index] += operations;
}

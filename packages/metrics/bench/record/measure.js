import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';

const WARM_UP_CALLS = 300;
const WARM_UP_OPERATIONS = 1000;
/** Compilers run beside the program and take over between calls; give them the time. */
const COMPILER_MILLIS = 30;
const BYTES_OPERATIONS = 20_000;
const BYTES_ROUNDS = 7;
/** Many short rounds: on a shared machine some of them run undisturbed. */
const TIME_ROUNDS = 40;
const TARGET_ROUND_NANOS = 3e6;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function nanosOf(run, operations) {
  const startMillis = performance.now();
  run(operations);
  return (performance.now() - startMillis) * 1e6;
}

async function warmUp(run) {
  // Many calls rather than one long one, so that the function itself is compiled and not only its loop.
  for (let pass = 0; pass < 4; pass++) {
    for (let call = 0; call < WARM_UP_CALLS; call++) run(WARM_UP_OPERATIONS);
    await sleep(COMPILER_MILLIS);
  }
}

/**
 * Times `run(n)`, which does n operations, and weighs what it allocates. Bytes are the growth of the heap over 20,000
 * operations after a collection, with a young generation so large that nothing is collected meanwhile.
 */
export async function measure(run) {
  await warmUp(run);
  const probe = Math.max(nanosOf(run, 20_000), 1);
  const operations = Math.min(5_000_000, Math.max(5000, Math.round((20_000 * TARGET_ROUND_NANOS) / probe)));
  const nanos = [];
  for (let round = 0; round < TIME_ROUNDS; round++) nanos.push(nanosOf(run, operations) / operations);
  return { nsMin: Math.min(...nanos), nsMedian: median(nanos), bytesPerOp: bytesPerOperation(run) };
}

function bytesPerOperation(run) {
  const bytes = [];
  for (let round = 0; round < BYTES_ROUNDS; round++) {
    globalThis.gc();
    const before = getHeapStatistics().used_heap_size;
    run(BYTES_OPERATIONS);
    bytes.push((getHeapStatistics().used_heap_size - before) / BYTES_OPERATIONS);
  }
  return median(bytes);
}

/** Bytes per operation once the compilers are done, however long that takes on a busy machine; for the gate in the tests. */
export async function measureBytes(run, attempts = 10) {
  let least = Infinity;
  for (let attempt = 0; attempt < attempts && least > 0.1; attempt++) {
    await warmUp(run);
    least = Math.min(least, bytesPerOperation(run));
  }
  return least;
}

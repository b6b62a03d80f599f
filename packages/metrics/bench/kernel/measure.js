import { setTimeout as sleep } from 'node:timers/promises';

const WARM_UP_MILLIS = 60;
const WARM_UP_OPERATIONS = 64;
/** Compilers run beside the program and take over between calls; give them the time. */
const COMPILER_MILLIS = 20;
const TIME_ROUNDS = 40;
const TARGET_ROUND_MILLIS = 3;

function millisOf(run, operations) {
  const start = performance.now();
  run(operations);
  return performance.now() - start;
}

/** Least nanoseconds per operation of `run(n)`. Warmed up by time: operations take from 10 ns to 50 us. */
export async function leastNanos(run) {
  let probe = 0;
  for (let pass = 0; pass < 3; pass++) {
    let operations = 0;
    const start = performance.now();
    for (; performance.now() - start < WARM_UP_MILLIS; operations += WARM_UP_OPERATIONS) run(WARM_UP_OPERATIONS);
    probe = WARM_UP_MILLIS / operations;
    await sleep(COMPILER_MILLIS);
  }
  const operations = Math.max(64, Math.round(TARGET_ROUND_MILLIS / probe));
  let least = Infinity;
  for (let round = 0; round < TIME_ROUNDS; round++) least = Math.min(least, millisOf(run, operations) / operations);
  return least * 1e6;
}

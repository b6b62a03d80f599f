const WARM_UP_MS = 1500;
const SAMPLING_MS = 3000;
const LEAST_RUNS = 5;
const MOST_RUNS = 100;

/**
 * Runs `work` again and again, each time after `prepare`, and gives per run
 * - `time ms`: from call to result,
 * - `CPU ms`: of the whole process, threads included, user and system,
 * - `longest block ms`: the longest time in which the event loop could do nothing else. Measured in runs of their own, by
 *   a chain of immediates beside the work, which costs CPU itself.
 *
 * Slow work gets fewer runs, so that no library takes longer than some seconds.
 */
export async function measureRuns(work, { prepare = () => {} } = {}) {
  const time = [];
  const cpu = [];
  const block = [];
  const run = async () => {
    prepare();
    const before = process.cpuUsage();
    const start = performance.now();
    await work();
    time.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    prepare();
    block.push(await longestBlock(work));
  };
  await repeat(run, WARM_UP_MS);
  for (const samples of [time, cpu, block]) samples.length = 0;
  await repeat(run, SAMPLING_MS);
  return { 'time ms': time, 'CPU ms': cpu, 'longest block ms': block };
}

async function repeat(run, limitMs) {
  const end = performance.now() + limitMs;
  for (let runs = 0; runs < LEAST_RUNS || (runs < MOST_RUNS && performance.now() < end); runs++) await run();
}

/** The longest gap between two turns of the event loop while `work` is under way. */
export async function longestBlock(work) {
  let longest = 0;
  let last = performance.now();
  let immediate;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    immediate = setImmediate(turn);
  };
  immediate = setImmediate(turn);
  await work();
  clearImmediate(immediate);
  return Math.max(longest, performance.now() - last);
}

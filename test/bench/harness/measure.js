const WARM_UP = 20;
const SAMPLES = 40;

/**
 * Runs `work` again and again, each time after `prepare`, and gives per run
 * - `time ms`: from call to result,
 * - `CPU ms`: of the whole process, threads included, user and system,
 * - `longest block ms`: the longest time in which the event loop could do nothing else. Measured in runs of their own, by
 *   a chain of immediates beside the work, which costs CPU itself.
 */
export async function measureRuns(work, { prepare = () => {}, samples = SAMPLES, warmUp = WARM_UP } = {}) {
  const time = [];
  const cpu = [];
  const block = [];
  for (let run = -warmUp; run < samples; run++) {
    prepare();
    const before = process.cpuUsage();
    const start = performance.now();
    await work();
    const took = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    prepare();
    const longest = await longestBlock(work);
    if (run < 0) continue;
    time.push(took);
    cpu.push((user + system) / 1000);
    block.push(longest);
  }
  return { 'time ms': time, 'CPU ms': cpu, 'longest block ms': block };
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

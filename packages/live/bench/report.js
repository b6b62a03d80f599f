import { cpus, loadavg } from 'node:os';

/**
 * Runs each case `rounds` times, interleaved, and prints the fastest and the median round: as a table, or with
 * `--json` as one document.
 */
export async function report(title, cases, rounds = 7) {
  const times = cases.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { run }] of cases.entries()) {
      globalThis.gc?.();
      const nsPerUpdate = await run();
      // The first round warms up.
      if (round > 0) times[index].push(nsPerUpdate);
    }
  }
  const results = cases.map(({ name, extra }, index) => {
    const sorted = times[index].sort((a, b) => a - b);
    return {
      case: name,
      nsPerUpdateMin: round2(sorted[0]),
      nsPerUpdateMedian: round2(sorted[sorted.length >> 1]),
      ...extra?.(),
    };
  });
  const rig = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load1: round2(loadavg()[0]) };
  if (process.argv.includes('--json')) console.log(JSON.stringify({ benchmark: title, rig, results }, undefined, 2));
  else {
    console.log(`${title} (${rig.node}, ${rig.cores} cores, load ${rig.load1})`);
    console.table(results);
  }
}

function round2(value) {
  return Math.round(value * 100) / 100;
}

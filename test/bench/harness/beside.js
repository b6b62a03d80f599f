import { openScraped } from './scraped.js';
import { BESIDE } from './reference.js';

const WARM_UP_RUNS = 12;

/**
 * The yardstick beside a measurement: prom-client's scrape of the case of reference.js, run in turns with what is measured and
 * in the same process, so that the same neighbours, the same cache and the same clock rate fall on both.
 */
export async function openBeside() {
  const { recordAll, render } = await openScraped('prom-client');
  const cpuMs = [];
  const runOnce = async () => {
    recordAll();
    const before = process.cpuUsage();
    await render();
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1000);
  };
  const run = async (runs = 1) => {
    for (let done = 0; done < runs; done++) await runOnce();
  };
  await run(WARM_UP_RUNS);
  cpuMs.length = 0;
  return {
    run,
    /** What was measured with the yardstick's samples beside it. */
    with: (measured) => ({ ...measured, [BESIDE]: cpuMs }),
  };
}

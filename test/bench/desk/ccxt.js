import { openBeside } from '../harness/beside.js';
import { packageBench } from '../harness/package-bench.js';

/** Of the yardstick, before the package's bench and after it. */
const BESIDE_RUNS = 4;

async function added() {
  const beside = await openBeside();
  await beside.run(BESIDE_RUNS);
  const [ccxt] = packageBench('exchange/bench/ccxt.bench.js', { args: ['--only', 'ccxt'] }).results;
  await beside.run(BESIDE_RUNS);
  return beside.with({ 'added µs': [ccxt.microsAdded], 'ccxt itself µs': [ccxt.microsWithout] });
}

export const cases = [
  {
    name: 'a message through the real ccxt',
    libraries: { instrumentCcxt: added },
    targets: [{ library: 'instrumentCcxt', measure: 'added µs', atMost: 5, scaledBy: 'scrape' }],
  },
];

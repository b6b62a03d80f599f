import { openBeside } from '../harness/beside.js';
import { packageBench } from '../harness/package-bench.js';

/** Of the yardstick, before the package's bench and after it. */
const BESIDE_RUNS = 4;

async function positionChange() {
  const beside = await openBeside();
  await beside.run(BESIDE_RUNS);
  const { p50Micros, p999Micros, wrong } = packageBench('risk/bench/tail.bench.js');
  if (wrong > 0) throw new Error(`${wrong} getters were stale after their fill`);
  await beside.run(BESIDE_RUNS);
  return beside.with({ 'p50 µs': [p50Micros], 'p99.9 µs': [p999Micros] });
}

async function correlationStep() {
  const beside = await openBeside();
  await beside.run(BESIDE_RUNS);
  const { results } = packageBench('risk/bench/correlation.bench.js', {
    args: ['--steps', '200', '--methods', 'ewma'],
  });
  await beside.run(BESIDE_RUNS);
  const [{ p50Ms, minMs }] = results;
  return beside.with({ 'p50 ms': [p50Ms], 'minimum ms': [minMs] });
}

export const cases = [
  {
    // By the product's own histogram, risk.update.duration, every fill measured.
    name: 'position change: exposure, drawdown, VaR and CVaR current (500 symbols, 1,000 scenarios)',
    libraries: { '@nanometer/risk': positionChange },
    targets: [
      { library: '@nanometer/risk', measure: 'p50 µs', atMost: 6, scaledBy: 'scrape' },
      { library: '@nanometer/risk', measure: 'p99.9 µs', atMost: 200, scaledBy: 'scrape' },
    ],
  },
  {
    name: 'correlation of 500 symbols, EWMA, one grid step in the worker',
    libraries: { '@nanometer/risk': correlationStep },
    targets: [{ library: '@nanometer/risk', measure: 'p50 ms', atMost: 1, scaledBy: 'scrape' }],
  },
];

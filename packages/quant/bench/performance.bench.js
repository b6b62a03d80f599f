// Cost of a strategy's periods: `node --expose-gc packages/quant/bench/performance.bench.js` after `npm run build`.
// Closing a period, reading every figure since the start, and adding the rolling window up anew, which happens once per
// period however often it is read. Minimum over rounds; the second column is bytes on the heap.
import { StrategyPerformance } from '@nanometer/quant';

const ROUNDS = 7;
const TERMS = { periodsPerYear: 525_600, maxLag: 5 };

function filled(window) {
  const performance = new StrategyPerformance({ ...TERMS, window }, 1e6);
  let pnl = 0;
  for (let at = 0; at < window + 1000; at++) {
    pnl += Math.sin(at * at) * 100;
    performance.close(pnl, Math.sin(at) / 1000);
  }
  return performance;
}

function figures({ ratios, benchmark, sharpeCorrected, sharpeError, conditionalDrawdown, tailRatio }) {
  return (
    ratios.sharpe +
    ratios.sortino +
    ratios.omega +
    ratios.probabilisticSharpe() +
    benchmark.beta +
    sharpeCorrected +
    sharpeError +
    conditionalDrawdown +
    tailRatio
  );
}

function measure(name, count, make) {
  let best = Infinity;
  let bytes = Infinity;
  let checksum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const step = make();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const begin = performance.now();
    for (let at = 0; at < count; at++) checksum += step(at);
    best = Math.min(best, ((performance.now() - begin) * 1e3) / count);
    bytes = Math.min(bytes, (process.memoryUsage().heapUsed - before) / count);
  }
  console.log(`${name}: ${best.toFixed(2)} µs, ${bytes.toFixed(0)} B (checksum ${checksum.toExponential(2)})`);
}

for (const window of [60, 1440]) {
  let pnl = 0;
  measure(`close a period, window ${window}`, 20_000, () => {
    const strategy = filled(window);
    return (at) => strategy.close((pnl += Math.sin(at * at) * 100), 0.001);
  });
  measure(`rolling window of ${window}, added up`, 200, () => {
    const strategy = filled(window);
    return (at) => {
      strategy.close(Math.sin(at * at) * 100, 0.001);
      return figures(strategy.rolling);
    };
  });
}
measure('figures since the start, read', 2000, () => {
  const strategy = filled(1440);
  return () => figures(strategy.total);
});

// Time from a position change to value at risk and expected shortfall: `node --expose-gc packages/quant/bench/scenario.bench.js`
// after `npm run build`. Every change is of another instrument and size; the answer is read each time.
import { ScenarioBook } from '@nanometer/quant';

const INSTRUMENTS = 500;
const CHANGES = 20_000;

for (const scenarios of [250, 1000]) {
  const book = new ScenarioBook(scenarios);
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let at = 0; at < INSTRUMENTS; at++) {
    book.add(Float64Array.from({ length: scenarios }, () => (random() + random() + random() - 1.5) / 20));
    book.setExposure(at, (random() - 0.5) * 1e5);
  }
  const micros = new Float64Array(CHANGES);
  let sum = 0;
  let best = Infinity;
  let bytes = 0;
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < CHANGES; at++) {
      const begin = performance.now();
      book.setExposure((at * 7) % INSTRUMENTS, (random() - 0.5) * 1e5);
      sum += book.tail(0.05).expectedShortfall;
      micros[at] = (performance.now() - begin) * 1e3;
    }
    bytes = (process.memoryUsage().heapUsed - before) / CHANGES;
    micros.sort();
    best = Math.min(best, micros[CHANGES / 2]);
  }
  const at = (p) => micros[Math.floor(p * (CHANGES - 1))].toFixed(2);
  console.log(
    `${scenarios} scenarios, ${INSTRUMENTS} instruments: best p50 ${best.toFixed(2)} µs, last round p50 ${at(0.5)}, p99 ${at(0.99)}, p99.9 ${at(0.999)} µs, ${bytes.toFixed(1)} B per change (checksum ${sum.toExponential(3)})`,
  );
}

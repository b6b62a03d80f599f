// node packages/dashboard/bench/format.bench.js
//
// What a number of the page costs: `formatNumber` beside Intl.NumberFormat with a formatter kept per number of decimals, on
// numbers of which no two are the same. The two take turns; smallest of the rounds.
import { formatNumber } from '../src/page/format.ts';

const ROUNDS = 9;
const COUNT = 50_000;
const values = Float64Array.from({ length: COUNT }, (_, index) => (index - COUNT / 2) * 1234.5678901 * (index % 7));
const intl = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const ways = {
  formatNumber: (value) => formatNumber(value, 2),
  'Intl.NumberFormat': (value) => intl.format(value),
};
const bestNs = Object.fromEntries(Object.keys(ways).map((name) => [name, Infinity]));
let length = 0;
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, format] of Object.entries(ways)) {
    const startMs = performance.now();
    for (let index = 0; index < COUNT; index++) length += format(values[index]).length;
    bestNs[name] = Math.min(bestNs[name], ((performance.now() - startMs) * 1e6) / COUNT);
  }
}
for (const [name, ns] of Object.entries(bestNs)) console.log(`${name}: ${ns.toFixed(0)} ns per number`);
console.log(`ratio ${(bestNs['Intl.NumberFormat'] / bestNs.formatNumber).toFixed(1)} (${length} characters)`);

// node --conditions=@nanometer/source packages/dashboard/bench/first-message.bench.js
//
// What a desk's first message costs the page before its first frame: the pairs of so many instruments become cells of one
// measure. "Once" sorts them when they are asked for, as the store does; "each" has them sorted anew as each one comes.
import { Measure } from '../src/page/store/measure.ts';
import { Series } from '../src/page/store/series.ts';
import { Sources } from '../src/page/store/sources.ts';

const METRIC = { name: 'bench.pair' };
const source = new Sources().get({ 'service.name': 'desk' });

function firstMessageMs(symbols, isEach) {
  const measure = new Measure({ terms: [{ metric: METRIC }], by: ['first', 'second'], reduce: 'max' });
  const startMs = performance.now();
  for (let first = 0; first < symbols; first++) {
    for (let second = 0; second < first; second++) {
      const attributes = { first: `symbol-${first}`, second: `symbol-${second}` };
      measure.attach(new Series({ name: METRIC.name, field: 'value', attributes, resource: {} }, source));
      if (isEach) measure.cells();
    }
  }
  measure.cells();
  return performance.now() - startMs;
}

for (const symbols of [16, 32]) {
  const bestMs = { once: Infinity, each: Infinity };
  for (let round = 0; round < 3; round++) {
    for (const way of Object.keys(bestMs)) bestMs[way] = Math.min(bestMs[way], firstMessageMs(symbols, way === 'each'));
  }
  const pairs = (symbols * (symbols - 1)) / 2;
  const ratio = (bestMs.each / bestMs.once).toFixed(0);
  console.log(`${pairs} pairs: once ${bestMs.once.toFixed(1)} ms, each ${bestMs.each.toFixed(0)} ms, ratio ${ratio}`);
}

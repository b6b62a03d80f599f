import { packageBench } from '../harness/package-bench.js';

function added() {
  const [ccxt] = packageBench('exchange/bench/ccxt.bench.js').results;
  return { 'added µs': [ccxt.microsAdded], 'ccxt itself µs': [ccxt.microsWithout] };
}

export const cases = [
  {
    name: 'a message through the real ccxt',
    libraries: { instrumentCcxt: added },
    targets: [{ library: 'instrumentCcxt', measure: 'added µs', atMost: 5 }],
  },
];

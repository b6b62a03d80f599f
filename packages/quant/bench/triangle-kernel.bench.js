// The passes over the triangles of 500 instruments that a step of correlations takes, SIMD kernel against its scalar twin,
// interleaved. After `npm run build`: node packages/quant/bench/triangle-kernel.bench.js [--json]
// Minimum and median of 60 rounds each; the twins' results are held against one another at the end.
import { TriangleMemory } from '../dist/correlation/triangle-memory.js';

const SIZE = 500;
const PASSES = 10;
const ROUNDS = 60;
const memories = { simd: new TriangleMemory(SIZE), scalar: new TriangleMemory(SIZE, false) };
if (!memories.simd.isSimd) throw new Error('this engine has no SIMD');

let state = 1;
const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
const returns = Float64Array.from({ length: SIZE }, () => (random() - 0.5) / 100);
const vector = Float64Array.from({ length: SIZE }, () => random());
for (const memory of Object.values(memories)) {
  memory.returns.set(returns);
  memory.vector.set(vector);
  memory.known.fill(1);
  memory.inverses.fill(1e4);
}

const passes = {
  fade: (memory) => memory.fade(0.94),
  normalise: (memory) => memory.normalise(),
  multiply: (memory) => memory.multiply(),
  total: (memory) => memory.total(),
};
const results = [];
for (const [pass, run] of Object.entries(passes)) {
  const micros = { simd: [], scalar: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, memory] of Object.entries(memories)) {
      const begin = performance.now();
      for (let at = 0; at < PASSES; at++) run(memory);
      micros[name].push(((performance.now() - begin) * 1e3) / PASSES);
    }
  }
  const of = (list, share) => list.toSorted((a, b) => a - b)[Math.floor(share * (list.length - 1))];
  const [simd, scalar] = [micros.simd, micros.scalar];
  results.push({
    pass,
    simdMinMicros: of(simd, 0),
    scalarMinMicros: of(scalar, 0),
    ratioOfMinima: of(simd, 0) / of(scalar, 0),
    ratioOfMedians: of(simd, 0.5) / of(scalar, 0.5),
  });
}
for (const list of ['covariances', 'correlations', 'image']) {
  const other = memories.scalar[list];
  if (!memories.simd[list].every((each, at) => Object.is(each, other[at])))
    throw new Error(`the twins' ${list} differ`);
}
if (process.argv.includes('--json')) console.log(JSON.stringify({ node: process.version, results }));
else console.table(results);

// The pass over losses and returns that a changed exposure costs, SIMD kernel against its scalar twin, interleaved. After
// `npm run build`: node packages/quant/bench/scenario-kernel.bench.js [--json]
// Minimum and median of 40 rounds each; the twins' losses are held against one another at the end.
import { BOUND, FACTOR, ScenarioMemory } from '../dist/risk/scenario-memory.js';

const ROWS = 500;
const PASSES = 5_000;
const ROUNDS = 40;
const results = [];

for (const scenarios of [250, 1000]) {
  const memories = { simd: new ScenarioMemory(scenarios), scalar: new ScenarioMemory(scenarios, false) };
  if (!memories.simd.isSimd) throw new Error('this engine has no SIMD');
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let row = 0; row < ROWS; row++) {
    const returns = Float64Array.from({ length: scenarios }, () => (random() + random() + random() - 1.5) / 20);
    for (const memory of Object.values(memories)) {
      memory.reserve(row);
      memory.returns.set(returns, row * memory.stride);
    }
  }
  const factors = Float64Array.from({ length: PASSES }, () => (random() - 0.5) * 1e5);
  // About one in twenty comes to lie above, as in the tail of a value at risk.
  const add = (memory, row, factor) => {
    memory.input[FACTOR] = factor;
    memory.add(row);
  };
  for (const memory of Object.values(memories)) for (let row = 0; row < ROWS; row++) add(memory, row, factors[row]);
  const bound = Float64Array.from(memories.scalar.losses).sort()[Math.floor(scenarios * 0.94)];
  const passes = {
    add: (memory) => {
      for (let at = 0; at < PASSES; at++) add(memory, (at * 7) % ROWS, at % 2 === 0 ? factors[at] : -factors[at - 1]);
    },
    addAndGather: (memory) => {
      let count = 0;
      memory.input[BOUND] = bound;
      for (let at = 0; at < PASSES; at++) {
        memory.input[FACTOR] = 0.01 * (at % 2 === 0 ? factors[at] : -factors[at - 1]);
        count += memory.addAndGather((at * 7) % ROWS);
      }
      return count;
    },
  };
  for (const [pass, run] of Object.entries(passes)) {
    const micros = { simd: [], scalar: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, memory] of Object.entries(memories)) {
        const begin = performance.now();
        run(memory);
        micros[name].push(((performance.now() - begin) * 1e3) / PASSES);
      }
    }
    const of = (list, share) => list.toSorted((a, b) => a - b)[Math.floor(share * (list.length - 1))];
    const [simd, scalar] = [micros.simd, micros.scalar];
    results.push({
      scenarios,
      pass,
      simdMinMicros: of(simd, 0),
      scalarMinMicros: of(scalar, 0),
      ratioOfMinima: of(simd, 0) / of(scalar, 0),
      ratioOfMedians: of(simd, 0.5) / of(scalar, 0.5),
    });
  }
  if (!memories.simd.losses.every((loss, at) => Object.is(loss, memories.scalar.losses[at]))) {
    throw new Error('the twins differ');
  }
}
if (process.argv.includes('--json')) console.log(JSON.stringify({ node: process.version, results }));
else console.table(results);

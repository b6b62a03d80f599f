// Budget: without exemplars (always_off, or trace_based and no context manager) bound add <= 1.2 x an array increment,
// 0 B/op.
//
// node bench/exemplar.bench.js [ROUNDS]
//
// Every situation runs in its own process, rounds interleave them; minima of the rounds, nanoseconds (bytes) per operation.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SITUATIONS } from './exemplar/situations.js';

const CHILD = fileURLToPath(new URL('exemplar/child.js', import.meta.url));
const FLAGS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
const rounds = Number(process.argv[2] ?? 3);

const best = new Map();
for (let round = 0; round < rounds; round++) {
  for (const situation of Object.keys(SITUATIONS)) {
    const rows = JSON.parse(execFileSync(process.execPath, [...FLAGS, CHILD, situation], { encoding: 'utf8' }));
    for (const [name, { nsMin, bytesPerOp }] of Object.entries(rows)) {
      const key = JSON.stringify([situation, name]);
      const before = best.get(key) ?? { ns: Infinity, bytes: Infinity };
      best.set(key, { ns: Math.min(before.ns, nsMin), bytes: Math.min(before.bytes, bytesPerOp) });
    }
  }
}

const names = [...new Set([...best.keys()].map((key) => JSON.parse(key)[1]))];
console.log(`| | ${names.join(' | ')} |\n| --- |${' --: |'.repeat(names.length)}`);
for (const situation of Object.keys(SITUATIONS)) {
  const cells = names.map((name) => {
    const cell = best.get(JSON.stringify([situation, name]));
    return cell === undefined ? '' : `${cell.ns.toFixed(1)} (${Math.max(0, cell.bytes).toFixed(0)})`;
  });
  console.log(`| ${situation} | ${cells.join(' | ')} |`);
}

// Budgets: p99 of a histogram >= 20 x, merge >= 8 x faster than hdr-histogram-js (wasm) and @datadog/sketches-js;
// SIMD >= 8 x (p99) and >= 4 x (merge) the plain loop.
//
// npm run bench:kernel [-- --json] [-- --rounds N]
//
// Every library runs in its own process; rounds interleave them. A row gives the minimum and the median of the rounds'
// minima. 160 buckets at scale 3 err by at most 4.3 %, as a sketch of 0.0433 accuracy does; 1 digit is hdr's nearest.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { environment, load } from './collect/environment.js';
import { LIBRARIES } from './kernel/cases.js';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
});
const CHILD = fileURLToPath(new URL('kernel/child.js', import.meta.url));
const FLAGS = ['--min-semi-space-size=64', '--max-semi-space-size=64'];
const loadBefore = load();

const minima = new Map();
for (let round = 0; round < Number(options.rounds); round++) {
  for (const library of Object.keys(LIBRARIES)) {
    const output = execFileSync(process.execPath, [...FLAGS, CHILD, library], { encoding: 'utf8' });
    for (const [name, nanos] of Object.entries(JSON.parse(output))) {
      const key = JSON.stringify([name, library]);
      minima.set(key, [...(minima.get(key) ?? []), nanos]);
    }
  }
}

const rows = [...minima].map(([key, nanos]) => {
  const [name, library] = JSON.parse(key);
  const sorted = nanos.sort((a, b) => a - b);
  return {
    case: name,
    library,
    nsPerOp: Number(sorted[0].toFixed(2)),
    nsPerOpMedian: Number(sorted[sorted.length >> 1].toFixed(2)),
  };
});
rows.sort((a, b) => a.case.localeCompare(b.case, 'en', { numeric: true }) || a.nsPerOp - b.nsPerOp);

function nanosOf(name, library) {
  return rows.find((row) => row.case === name && row.library === library).nsPerOp;
}

function ratio(against, ours) {
  return Number((nanosOf(...against) / nanosOf(...ours)).toFixed(2));
}

const SIMD = 'simd in memory';
const HDR = 'hdr-histogram-js (wasm)';
const SKETCHES = '@datadog/sketches-js';
const p99 = ['p99 value, 160 buckets', 'quantile in memory'];
const merge = ['merge, 160 buckets', SIMD];
const known = (buckets) => `bucket of p99, ${buckets} buckets, count known`;
const ratios = {
  'p99: hdr 1 digit / ours 160 buckets': ratio(['p99 value, 1 digits', HDR], p99),
  'p99: hdr 3 digits (its default) / ours 160 buckets': ratio(['p99 value, 3 digits', HDR], p99),
  'p99: sketches 0.0433 / ours 160 buckets': ratio(['p99 value, 0.0433 accuracy', SKETCHES], p99),
  'p99: sketches 0.01 (its default) / ours 160 buckets': ratio(['p99 value, 0.01 accuracy', SKETCHES], p99),
  'merge: hdr 1 digit / ours 160 buckets': ratio(['merge, 1 digits', HDR], merge),
  'merge: hdr 3 digits (its default) / ours 160 buckets': ratio(['merge, 3 digits', HDR], merge),
  'merge: sketches 0.0433 / ours 160 buckets': ratio(['merge, 0.0433 accuracy', SKETCHES], merge),
  'merge: sketches 0.01 (its default) / ours 160 buckets': ratio(['merge, 0.01 accuracy', SKETCHES], merge),
};
for (const buckets of [160, 1280, 4096]) {
  for (const twin of ['plain loop', 'scalar twin']) {
    ratios[`rank search, ${buckets} buckets: ${twin} / SIMD`] = ratio([known(buckets), twin], [known(buckets), SIMD]);
    const name = `merge, ${buckets} buckets`;
    ratios[`${name}: ${twin} / SIMD`] = ratio([name, twin], [name, SIMD]);
  }
}

const document = {
  command: 'npm run bench:kernel -- --json',
  ...environment(['hdr-histogram-js', '@datadog/sketches-js']),
  load: { before: loadBefore, after: load() },
  rows,
  ratios,
};

if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else {
  console.log(`${document.machine}, node ${document.node}, load ${loadBefore.toFixed(2)}\n`);
  for (const { case: name, library, nsPerOp, nsPerOpMedian } of rows) {
    console.log(
      name.padEnd(44) + library.padEnd(26) + nsPerOp.toFixed(1).padStart(10) + nsPerOpMedian.toFixed(1).padStart(10),
    );
  }
  console.log();
  for (const [name, times] of Object.entries(ratios))
    console.log(name.padEnd(62) + `${times.toFixed(1)} x`.padStart(10));
}

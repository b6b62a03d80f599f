// Budget: a collection holds the event loop for no longer than 2 ms, however many series there are, and takes at most 5 %
// longer for that.
//
// npm run bench:slices [-- --json] [-- --rounds N] [-- --only CASE]
//
// Every case runs in its own process, with and without slices in turn. A row gives the minimum and the median over all
// collections: of the longest stretch without a turn of the event loop, garbage collection included, and of the whole.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { environment, load } from './collect/environment.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    collections: { type: 'string', default: '12' },
    only: { type: 'string', default: '' },
  },
});

const CHILD = fileURLToPath(new URL('collect-slices/child.js', import.meta.url));
const CASES = [50_000, 200_000].flatMap((series) =>
  ['CUMULATIVE', 'DELTA'].map((temporality) => ({
    name: `${series} series, ${temporality.toLowerCase()}`,
    series,
    temporality,
  })),
);
const SLICES = ['at once', '1'];
const loadBefore = load();

const samples = new Map();
for (let round = 0; round < Number(options.rounds); round++) {
  for (const { name, series, temporality } of CASES) {
    if (!name.includes(options.only)) continue;
    for (const slice of SLICES) {
      const args = ['--expose-gc', CHILD, String(series), temporality, slice, options.collections];
      const { took, block } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
      const key = JSON.stringify([name, slice === 'at once' ? slice : `slices of ${slice} ms`]);
      const known = samples.get(key) ?? { took: [], block: [] };
      samples.set(key, { took: [...known.took, ...took], block: [...known.block, ...block] });
    }
  }
}

const rows = [...samples].flatMap(([key, { took, block }]) => {
  const [name, library] = JSON.parse(key);
  return [
    { case: `longest block, ${name}`, library, unit: 'ms', ...summary(block) },
    { case: `collection, ${name}`, library, unit: 'ms', ...summary(took) },
  ];
});

const document = {
  command: 'npm run bench:slices -- --json',
  ...environment(['@opentelemetry/sdk-metrics']),
  load: { before: loadBefore, after: load() },
  rows,
};
if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else console.table(rows);

function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: rounded(sorted[0]), median: rounded(sorted[sorted.length >> 1]) };
}

function rounded(value) {
  return Number(value.toPrecision(4));
}

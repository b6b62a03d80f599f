// Budgets: collecting 10,000 series and the first record of an attribute set take no longer than in sdk-metrics;
// <= 200 B per counter series, <= 2 KB per exponential histogram, heap and shared memory together.
//
// npm run bench:collect [-- --json] [-- --rounds N] [-- --only CASE]
//
// Every case of every library runs in its own process; rounds interleave the libraries, so that load on the machine
// falls on all of them. A row gives the minimum of all samples and the median of the rounds' medians.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CASES } from './collect/cases.js';
import { environment, load } from './collect/environment.js';
import { LIBRARIES } from './collect/libraries.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '4' },
    only: { type: 'string', default: '' },
  },
});

const CHILD = fileURLToPath(new URL('collect/child.js', import.meta.url));
const loadBefore = load();

const rounds = new Map();
for (let round = 0; round < Number(options.rounds); round++) {
  for (const name of Object.keys(CASES)) {
    if (!name.includes(options.only)) continue;
    for (const library of LIBRARIES) {
      const output = execFileSync(process.execPath, ['--expose-gc', CHILD, library, name], { encoding: 'utf8' });
      const key = JSON.stringify([name, library]);
      rounds.set(key, [...(rounds.get(key) ?? []), JSON.parse(output)]);
    }
  }
}

const rows = [...rounds].map(([key, samples]) => {
  const [name, library] = JSON.parse(key);
  return {
    case: name,
    library,
    unit: CASES[name][0],
    min: rounded(Math.min(...samples.flat())),
    median: rounded(median(samples.map(median))),
  };
});

const document = {
  command: 'npm run bench:collect -- --json',
  ...environment(['@opentelemetry/sdk-metrics']),
  load: { before: loadBefore, after: load() },
  rows,
};

if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else printTable();

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function rounded(value) {
  return Number(value.toPrecision(4));
}

function printTable() {
  const { machine, node } = document;
  console.log(`${machine}, node ${node}, load ${loadBefore.toFixed(2)} to ${document.load.after.toFixed(2)}\n`);
  console.log(`${'case'.padEnd(64)}${'library'.padEnd(14)}${'min'.padStart(10)}${'median'.padStart(10)}`);
  for (const row of rows) {
    console.log(
      `${row.case.padEnd(64)}${row.library.padEnd(14)}${String(row.min).padStart(10)}${String(row.median).padStart(10)} ${row.unit}`,
    );
  }
}

// npm run bench:export [-- --json] [-- --rounds N] [-- --only TEXT]
//
// Every library of every case runs in its own process; rounds interleave the libraries, so that load on the machine falls
// on all of them. A case is a file in export/: see harness/case.js for what it holds.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCases } from './harness/case.js';
import { environment, load } from './harness/environment.js';
import { REFERENCE, yardsticksOf } from './harness/reference.js';
import { printReport } from './harness/report.js';
import { rowsOf } from './harness/rows.js';
import { judge } from './harness/verdict.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});

const CHILD = fileURLToPath(new URL('harness/child.js', import.meta.url));
const cases = (await readCases()).filter(({ name, file }) => `${file} ${name}`.includes(options.only));
const loadBefore = load();

const runs = [];
for (let round = 0; round < Number(options.rounds); round++) {
  for (const { file, name, libraries } of cases) {
    for (const library of Object.keys(libraries)) {
      const args = ['--expose-gc', CHILD, file, name, library];
      const output = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
      runs.push({ name, library, measured: JSON.parse(output) });
    }
  }
}

const rows = rowsOf(runs);
const yardsticks = yardsticksOf(cases, rows);
const document = {
  command: 'npm run bench:export -- --json',
  ...environment([...new Set(cases.flatMap(({ peers }) => peers))]),
  load: { before: loadBefore, after: load() },
  rows,
  reference: { machine: REFERENCE.machine, source: REFERENCE.source, yardsticks },
  targets: cases.flatMap(({ name, targets }) => targets.map((target) => judge(name, target, rows, yardsticks))),
  elsewhere: [{ what: 'the whole pipeline at 50,000 points/s', command: 'npm run test:load' }],
};

if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else printReport(document);

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCases } from './case.js';
import { environment, load } from './environment.js';
import { REFERENCE, yardsticksOf } from './reference.js';
import { printReport } from './report.js';
import { rowsOf } from './rows.js';
import { judge } from './verdict.js';

const CHILD = fileURLToPath(new URL('child.js', import.meta.url));

/**
 * Runs every case of a suite and prints what was measured beside its targets, as tables or as one JSON document.
 *
 * Every library of every case runs in its own process; rounds interleave the libraries, so that load on the machine falls
 * on all of them. See case.js for what a case holds. `flags` are for each of these processes.
 */
export async function runSuite(suite, { elsewhere = [], flags = [] } = {}) {
  const { values: options } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
    },
  });
  const cases = (await readCases(suite)).filter(({ name, file }) => `${file} ${name}`.includes(options.only));
  const loadBefore = load();
  const runs = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { file, name, libraries } of cases) {
      for (const library of Object.keys(libraries)) {
        const args = ['--expose-gc', ...flags, CHILD, suite, file, name, library];
        const output = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
        runs.push({ name, library, measured: JSON.parse(output) });
      }
    }
  }
  const rows = rowsOf(runs);
  const yardsticks = yardsticksOf(cases, rows);
  const document = {
    command: `npm run bench:${suite} -- --json`,
    ...environment([...new Set(cases.flatMap(({ peers }) => peers))]),
    load: { before: loadBefore, after: load() },
    rows,
    reference: { machine: REFERENCE.machine, source: REFERENCE.source, yardsticks },
    targets: cases.flatMap(({ name, targets }) => targets.map((target) => judge(name, target, rows, yardsticks))),
    elsewhere,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else printReport(document);
}

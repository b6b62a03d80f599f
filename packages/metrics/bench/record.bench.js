// Budgets: two worker threads >= 1.9 x the throughput of one where two cores are free, sums exact; bound add <= 1.2 x an array increment, 0 B/op; unbound add with 3 attributes <= 1/12 of sdk-metrics,
// <= 0.5 B/op beyond the caller's literal; exponential record <= 0.7 x hdr-histogram-js (wasm).
//
// npm run bench:record [-- --json | --markdown] [-- --rounds N] [-- --only LIBRARY]
//
// Every family of every library runs in its own process; rounds interleave the libraries, so that load on the machine
// falls on all of them. A row gives the minimum and the median of the rounds' minima.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LIBRARIES } from './record/cases.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});

const CHILD = fileURLToPath(new URL('record/child.js', import.meta.url));
const THREADS = fileURLToPath(new URL('record/threads.js', import.meta.url));
const FLAGS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
const loadBefore = loadavg()[0];

const results = new Map();
for (let round = 0; round < Number(options.rounds); round++) {
  for (const [library, families] of Object.entries(LIBRARIES)) {
    if (options.only !== undefined && options.only !== library) continue;
    for (const family of Object.keys(families)) {
      const output = execFileSync(process.execPath, [...FLAGS, CHILD, library, family], { encoding: 'utf8' });
      for (const [name, row] of Object.entries(JSON.parse(output))) {
        const key = JSON.stringify([name, library]);
        results.set(key, [...(results.get(key) ?? []), row]);
      }
    }
  }
}

/** Only where the threads have cores to themselves does the ratio say anything about this code. */
const threads = options.only === undefined || options.only === 'nanometer' ? measureThreads() : undefined;

const rows = [...results].map(([key, rounds]) => {
  const [name, library] = JSON.parse(key);
  const minima = rounds.map(({ nsMin }) => nsMin).sort((a, b) => a - b);
  return {
    case: name,
    library,
    nsPerOp: Number(minima[0].toFixed(2)),
    nsPerOpMedian: Number(minima[minima.length >> 1].toFixed(2)),
    bytesPerOp: Number(Math.max(0, Math.min(...rounds.map(({ bytesPerOp }) => bytesPerOp))).toFixed(2)),
  };
});
if (threads !== undefined) rows.push(...threads.rows);
rows.sort((a, b) => a.case.localeCompare(b.case) || a.nsPerOp - b.nsPerOp);

const document = {
  command: 'npm run bench:record -- --json',
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  node: process.version,
  load: { before: loadBefore, after: loadavg()[0] },
  versions: Object.fromEntries(
    ['@opentelemetry/sdk-metrics', 'prom-client', 'hdr-histogram-js', '@datadog/sketches-js'].map((name) => [
      name,
      versionOf(name),
    ]),
  ),
  ...(threads === undefined ? {} : { threads: threads.summary }),
  rows,
};

if (options.markdown) printMarkdown();
else if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else printTable();

function measureThreads() {
  const output = execFileSync(process.execPath, [THREADS], { encoding: 'utf8', timeout: 120_000 });
  const { rounds, recorded, reported } = JSON.parse(output);
  const row = (name, column) => {
    const nanos = rounds.map((round) => round[column]).sort((a, b) => a - b);
    const [least, median] = [nanos[0], nanos[nanos.length >> 1]].map((value) => Number(value.toFixed(2)));
    return { case: name, library: 'nanometer', nsPerOp: least, nsPerOpMedian: median };
  };
  const rows = [row('bound counter.add, 1 worker thread', 0), row('bound counter.add, 2 worker threads together', 1)];
  const speedUp = Number((rows[0].nsPerOp / rows[1].nsPerOp).toFixed(2));
  return { rows, summary: { speedUp, recorded, reported, isExact: recorded === reported } };
}

function versionOf(name) {
  // Not every package exports its package.json, so look beside its entry point.
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (manifest.name === name) return manifest.version;
    } catch {
      // No manifest here: it is further up.
    }
    if (folder === dirname(folder)) return 'unknown';
    folder = dirname(folder);
  }
}

/** One line per case, one column per library: ns (bytes) per operation. */
function printMarkdown() {
  const libraries = [...new Set(rows.map((row) => row.library))].sort((a, b) => order(a) - order(b));
  const names = [...new Set(rows.map((row) => row.case))];
  const cell = (name, library) => {
    const row = rows.find((candidate) => candidate.case === name && candidate.library === library);
    return row === undefined
      ? ''
      : row.nsPerOp.toFixed(1) + (row.bytesPerOp === undefined ? '' : ` (${row.bytesPerOp.toFixed(0)})`);
  };
  console.log(`| case | ${libraries.join(' | ')} |`);
  console.log(`| --- | ${libraries.map(() => '--:').join(' | ')} |`);
  for (const name of names) console.log(`| ${name} | ${libraries.map((library) => cell(name, library)).join(' | ')} |`);
}

function order(library) {
  return Object.keys(LIBRARIES).indexOf(library);
}

function printTable() {
  const { machine, node, load } = document;
  console.log(`${machine}, node ${node}, load ${load.before.toFixed(2)} to ${load.after.toFixed(2)}\n`);
  console.log(
    `${'case'.padEnd(52)}${'library'.padEnd(26)}${'ns/op'.padStart(10)}${'median'.padStart(10)}${'B/op'.padStart(10)}`,
  );
  for (const row of rows) {
    console.log(
      row.case.padEnd(52) +
        row.library.padEnd(26) +
        row.nsPerOp.toFixed(1).padStart(10) +
        row.nsPerOpMedian.toFixed(1).padStart(10) +
        (row.bytesPerOp?.toFixed(2) ?? '').padStart(10),
    );
  }
  if (threads === undefined) return;
  const { speedUp, recorded, reported, isExact } = threads.summary;
  console.log(
    `\ntwo worker threads: ${speedUp} x the throughput of one (needs two free cores); ` +
      `${recorded} recorded, ${reported} reported, ${isExact ? 'exact' : 'NOT exact'}`,
  );
}

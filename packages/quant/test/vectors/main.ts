import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sharedData } from '@nanometer/testing';
import { resultOf, type VectorResult } from './result.ts';
import { readVectors, repeatedIds } from './vector.ts';

const HELP = `Compares @nanometer/quant with published answers.

  npm run vectors                     the answers in ../shared/data/vectors.json, and our own: published.json with its
                                      sources, independent.json recomputed by brute force
  npm run vectors -- --file FILE      another file of the same form; market data is looked for beside it,
                                      then in ../shared/data
  npm run -s vectors -- --json        one JSON document

A vector: "metric", "inputs", "params", "expected", and optionally "id", "kind", "tolerance" (1e-9; a number, absolute
below 1 and relative above, or { "relative", "absolute" }), "wrong" (values that ours must not be) and "must_refuse".
An expected null stands for no value. Keys that only ours has are left out of account.

Exit code: 0 all within their tolerance, 1 a miss, 2 wrong usage.
`;

const COLUMNS = ['vector', 'expected', 'ours', 'relative error', ''] as const;

/** A value in a cell of the table: a number, or how many there are. */
function cell(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  if (value === undefined) return 'no value';
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value);
  return text.length <= 36 ? text : `${countOf(value)} values`;
}

function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, each) => sum + countOf(each), 0);
}

function table(results: readonly VectorResult[]): string {
  const rows = results.map((result) => [
    result.id,
    cell(result.expected),
    cell(result.ours),
    result.error === undefined ? '' : result.error.toExponential(1),
    result.pass ? 'pass' : 'MISS',
  ]);
  const widths = COLUMNS.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, at) => text.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  const problems = results.flatMap(({ id, problems }) =>
    problems.map((problem) => `  ${id}${/^[/:]/.test(problem) ? '' : ': '}${problem}`),
  );
  return [line(COLUMNS), ...rows.map(line), ...problems].join('\n');
}

/** The shared answers where they are, and those of this folder. */
function ownFiles(): readonly string[] {
  const shared = sharedData('vectors.json');
  if (shared === undefined)
    process.stderr.write('vectors: ../shared/data/vectors.json is not there; only our own run\n');
  const own = ['published.json', 'independent.json'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  return shared === undefined ? own : [shared, ...own];
}

function run(): number {
  const { values } = parseArgs({
    options: { file: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const files = values.file === undefined ? ownFiles() : [values.file];
  const absent = files.find((file) => !existsSync(file));
  if (absent !== undefined || files.length === 0) {
    process.stderr.write(`vectors: ${absent ?? '../shared/data/vectors.json'} is not there; name a file with --file\n`);
    return 2;
  }
  const results = files.flatMap((file) => {
    const vectors = readVectors(file);
    for (const repeated of repeatedIds(vectors)) process.stderr.write(`vectors: ${file}: ${repeated}\n`);
    return vectors.map((vector) => resultOf(vector, file));
  });
  const missed = results.filter(({ pass }) => !pass).length;
  if (values.json === true)
    process.stdout.write(`${JSON.stringify({ file: files[0], files, missed, results }, null, 2)}\n`);
  else process.stdout.write(`${table(results)}\n\n${results.length - missed} of ${results.length} pass\n`);
  return missed === 0 ? 0 : 1;
}

try {
  process.exitCode = run();
} catch (error) {
  process.stderr.write(`vectors: ${(error as Error).message}\n\n${HELP}`);
  process.exitCode = 2;
}

// Writes docs/benchmarks.md from what the benchmarks print with --json:
//
// node tools/benchmarks-page.ts [--force] RECORD.json COLLECT.json KERNEL.json ...
//
// Exit codes: 0 written, 1 refused because the machine was busy, 2 usage, 78 a file that no benchmark wrote.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { CHECKOUT } from './workspace.ts';

interface Row {
  readonly case: string;
  readonly library: string;
  readonly unit: string;
  readonly min: number;
  readonly median: number;
  readonly bytesPerOp?: number;
}

interface Run {
  readonly command: string;
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly load: { readonly before: number; readonly after: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  /** What bench:kernel is about: times that one thing is faster than another. */
  readonly ratios?: Readonly<Record<string, number>>;
  readonly threads?: ThreadsSummary;
  /** What bench:export was asked to reach. */
  readonly targets?: readonly Target[];
  /** By which its absolute figures are scaled to the machine on which the targets were set. */
  readonly reference?: { readonly machine: string; readonly yardsticks: readonly Yardstick[] };
  /** Targets that another command measures. */
  readonly elsewhere?: readonly { readonly what: string; readonly command: string }[];
}

/** A peer's figure on the machine on which the targets were set, and in this run. */
interface Yardstick {
  readonly yardstick: string;
  readonly library: string;
  readonly measure: string;
  readonly there: number;
  readonly here: number;
  readonly slower: number;
}

interface Target {
  readonly case: string;
  readonly measure: string;
  readonly library: string;
  readonly target: string;
  readonly measured: number;
  readonly met: boolean;
  /** The figure on the machine on which the targets were set; absent when no yardstick of this run tells it. */
  readonly scaled?: number;
  readonly scaledMet?: boolean;
  readonly scaledBy?: string;
}

/** Two worker threads of bench:record. */
interface ThreadsSummary {
  readonly speedUp: number;
  readonly recorded: number;
  readonly reported: number;
  readonly isExact: boolean;
}

const BASELINE = 'sdk-metrics';
const PAGE = join(CHECKOUT, 'docs', 'benchmarks.md');

/** sdk-metrics has no bound instruments; what a program pays there instead is the call with three attributes. */
const UNBOUND: ReadonlyMap<string, string> = new Map([
  ['bound counter.add', 'counter.add 3 attributes, constant object'],
  ['bound histogram.record, 15 boundaries', 'histogram.record 3 attributes, 15 boundaries'],
  ['bound histogram.record, exponential', 'histogram.record 3 attributes, exponential'],
]);

/** The benchmark is one busy process of its own by the time it ends. */
const OWN_LOAD = 1;

const { force, files } = argumentsOf();
const runs = files.map((file) => readRun(file));
const busy = runs.flatMap((run, i) => complaints(run).map((complaint) => `${files[i]!}: ${complaint}`));
if (busy.length > 0 && !force) {
  fail(1, `${busy.join('\n')}\nNothing written. Run it again on a quiet machine, or pass --force to publish anyway.`);
}
const config = await resolveConfig(PAGE);
writeFileSync(PAGE, await format(page(runs), { ...config, parser: 'markdown' }));
console.log(`wrote docs/benchmarks.md from ${files.join(', ')}`);

function argumentsOf(): { force: boolean; files: string[] } {
  try {
    const options = { force: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 0) return { force: values.force, files: positionals };
  } catch (error) {
    fail(2, (error as Error).message);
  }
  return fail(2, 'which files? node tools/benchmarks-page.ts [--force] RECORD.json COLLECT.json KERNEL.json');
}

function fail(code: number, message: string): never {
  console.error(`benchmarks-page: ${message}`);
  process.exit(code);
}

function readRun(file: string): Run {
  let run: Partial<Run>;
  try {
    run = JSON.parse(readFileSync(file, 'utf8')) as Partial<Run>;
  } catch (error) {
    return fail(78, `${file}: ${(error as Error).message}`);
  }
  for (const field of ['command', 'date', 'machine', 'node', 'load', 'versions', 'rows'] as const) {
    if (run[field] === undefined) fail(78, `${file} has no "${field}"; expected the output of a benchmark with --json`);
  }
  const complete = run as Run;
  return { ...complete, rows: complete.rows.map((row, i) => normalized(row, `${file}: row ${i}`)) };
}

/** What a benchmark may print of a row: bench:record `nsPerOp`, bench:collect `min`, bench:export `best` of a `measure`. */
interface PrintedRow extends Partial<Row> {
  readonly nsPerOp?: number;
  readonly nsPerOpMedian?: number;
  readonly best?: number;
  readonly measure?: string;
}

function normalized(row: PrintedRow, where: string): Row {
  const { unit = 'ns', min = row.nsPerOp ?? row.best, median = row.nsPerOpMedian } = row;
  if (typeof row.case !== 'string' || typeof row.library !== 'string') fail(78, `${where} names no case and library`);
  if (!(Number.isFinite(min) && Number.isFinite(median))) {
    fail(78, `${where} (${row.case}, ${row.library}) has neither nsPerOp and nsPerOpMedian nor min or best and median`);
  }
  const name = row.measure === undefined ? row.case : `${row.case}: ${row.measure}`;
  return { case: name, library: row.library, unit, min: min!, median: median!, ...bytesOf(row) };
}

function bytesOf({ bytesPerOp }: Partial<Row>): { bytesPerOp?: number } {
  return bytesPerOp === undefined ? {} : { bytesPerOp };
}

function complaints({ machine, load }: Run): string[] {
  const cores = Number.parseInt(machine, 10);
  const found: string[] = [];
  if (load.before > cores) found.push(`load ${load.before.toFixed(2)} on ${cores} cores before the run began`);
  if (load.after > cores + OWN_LOAD) {
    found.push(`load ${load.after.toFixed(2)} on ${cores} cores at the end, the benchmark's own process included`);
  }
  return found;
}

function page(runs: readonly Run[]): string {
  return `<!-- Generated by \`node tools/benchmarks-page.ts\`. Do not edit. -->

# Benchmarks

Numbers of one run; run it yourself:

\`\`\`sh
${runs.map(({ command }, i) => `${command.replace('npm run', 'npm run -s')} > ${nameOf(command, i)}.json`).join('\n')}
node tools/benchmarks-page.ts ${runs.map(({ command }, i) => `${nameOf(command, i)}.json`).join(' ')}
\`\`\`

Each library runs in processes of its own, interleaved with the others, so that load falls on all of them. \`best\` is
the smallest sample of all rounds, \`median\` the median over rounds. The last column divides best by best: below 1 is
faster or smaller than \`@opentelemetry/sdk-metrics\`. That SDK has no bound instruments; bound rows are compared with
its call with three constant attributes. Absolute numbers belong to the machine, ratios travel better.

${busy.length === 0 ? '' : `**The machine was busy: ${busy.map((line) => line.replace(/^.*?: /, '')).join('; ')}.**\n\n`}${runs.map((run) => section(run)).join('\n\n')}
`;
}

function nameOf(command: string, position: number): string {
  return /bench:([\w-]+)/.exec(command)?.[1] ?? `run-${position}`;
}

function section(run: Run): string {
  const weighs = run.rows.some(({ bytesPerOp }) => bytesPerOp !== undefined);
  const compares = run.rows.some(({ library }) => library === BASELINE);
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  const heads = [
    'case',
    'library',
    'best',
    'median',
    ...(weighs ? ['B/op'] : []),
    ...(compares ? [`÷ ${BASELINE}`] : []),
  ];
  let previous = '';
  const lines = run.rows.map((row) => {
    const shown = row.case === previous ? '' : row.case;
    previous = row.case;
    const bytes = weighs ? [row.bytesPerOp?.toFixed(1) ?? ''] : [];
    const compared = compares ? [ratio(row, run)] : [];
    return [shown, row.library, quantity(row.min, row.unit), quantity(row.median, row.unit), ...bytes, ...compared];
  });
  const table = [heads, ['---', '---', ...heads.slice(2).map(() => '---:')], ...lines];
  return `## ${run.command.replace(' -- --json', '')}

${run.date}, ${run.machine}, Node ${run.node.replace('v', '')}, load ${run.load.before.toFixed(2)} before and
${run.load.after.toFixed(2)} after (the benchmark itself included); ${versions.join(', ')}.

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}${threadsOf(run)}${ratiosOf(run)}${targetsOf(run)}`;
}

function threadsOf({ threads }: Run): string {
  if (threads === undefined) return '';
  const { speedUp, recorded, reported, isExact } = threads;
  return `

Two worker threads that record into one series have ${speedUp} × the throughput of one; that needs two cores that nobody else
uses. Of ${recorded.toLocaleString('en-US')} measurements a reader sees ${reported.toLocaleString('en-US')}: ${isExact ? 'exact' : '**not exact**'}.`;
}

function ratiosOf({ ratios }: Run): string {
  if (ratios === undefined) return '';
  const lines = Object.entries(ratios).map(([name, times]) => `| ${name} | ${significant(times, 3)} |`);
  return `\n\n| times faster | × |\n| --- | ---: |\n${lines.join('\n')}`;
}

function targetsOf({ targets, reference, elsewhere = [] }: Run): string {
  if (targets === undefined) return '';
  const lines = targets.map((each) => {
    const { scaled, scaledMet, scaledBy } = each;
    const scaledCells = scaled === undefined ? ['', ''] : [significant(scaled, 3), verdict(scaledMet)];
    const what = `${each.case}: ${each.measure}, ${each.library}`;
    const raw = [significant(each.measured, 3), verdict(each.met)];
    return `| ${[what, each.target, ...raw, ...scaledCells, scaledBy ?? ''].join(' | ')} |`;
  });
  const others = elsewhere.map(({ what, command }) => `\n\n${what}: \`${command}\`.`).join('');
  return `\n\n${yardsticksOf(reference)}| aim | | raw | | scaled | | by |\n| --- | --- | ---: | --- | ---: | --- | --- |\n${lines.join('\n')}${others}`;
}

function yardsticksOf(reference: Run['reference']): string {
  if (reference === undefined) return '';
  const lines = reference.yardsticks.map(
    ({ yardstick, library, measure, there, here, slower }) =>
      `- ${yardstick}: \`${library}\`, ${measure}: ${significant(here, 3)} here, ${there} there, ${significant(slower, 3)} ×`,
  );
  return `Beside each figure stands what it would be on ${reference.machine}, scaled by what the same peer needed there and in
this run:

${lines.join('\n')}

Ratios, and what a clock decides, are not scaled.

`;
}

function verdict(met: boolean | undefined): string {
  return met === true ? 'met' : '**missed**';
}

function ratio(row: Row, run: Run): string {
  const same = (name: string | undefined): Row | undefined =>
    run.rows.find((other) => other.case === name && other.library === BASELINE);
  const baseline = same(row.case) ?? same(UNBOUND.get(row.case));
  if (baseline === undefined) return '';
  return row === baseline ? '1' : significant(row.min / baseline.min, 2);
}

function quantity(value: number, unit: string): string {
  return `${significant(value, 3)} ${unit}`;
}

function significant(value: number, digits: number): string {
  const rounded = Number(value.toPrecision(digits));
  return rounded >= 1000 ? Math.round(value).toLocaleString('en-US') : String(rounded);
}

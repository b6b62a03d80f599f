import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obtainPrograms } from '../stack/programs/programs.ts';
import type { RunningProcess } from '../stack/process.ts';
import { type FaultOptions, faultOptions } from './options.ts';
import { type FaultReport, summary } from './report.ts';
import { runFaults } from './run-faults.ts';

const EXIT = { passed: 0, failed: 1, usage: 64, broken: 70, interrupted: 130 } as const;
const MS_PER_HOUR = 3_600_000;

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
let running: { stop(): Promise<void> }[] = [];

async function stopAll(): Promise<void> {
  const stopping = running;
  running = [];
  for (const each of stopping.toReversed()) {
    if ('signal' in each) (each as RunningProcess).signal('SIGCONT');
    await each.stop();
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(EXIT.interrupted)));
}

/** One run in a folder of its own; with the last lines of every program when it breaks. */
async function once(options: FaultOptions, seed: number): Promise<FaultReport> {
  const folder = mkdtempSync(join(tmpdir(), 'nanometer-faults-'));
  const processes = new Map<string, RunningProcess>();
  try {
    return await runFaults({
      seed,
      faults: options.faults,
      programs: await obtainPrograms(progress),
      folder,
      print: progress,
      onStart: (each) => {
        running.push(each);
        if ('tail' in each) processes.set((each as RunningProcess).name, each as RunningProcess);
      },
    });
  } catch (error) {
    for (const { name, tail } of processes.values()) progress(`--- last lines of ${name} ---\n${tail}`);
    throw error;
  } finally {
    await stopAll();
    if (options.keep) progress(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  let options: FaultOptions;
  try {
    options = faultOptions(process.argv.slice(2));
  } catch (error) {
    progress(`faults: ${(error as Error).message}`);
    return EXIT.usage;
  }
  const reports: FaultReport[] = [];
  const deadline = performance.now() + options.hours * MS_PER_HOUR;
  for (let seed = options.seed; ; seed = (seed + 1) % 2 ** 31) {
    progress(`faults: seed ${seed}, ${options.faults} faults`);
    const report = await once(options, seed);
    reports.push(report);
    progress(summary(report));
    if (!report.passed || performance.now() > deadline) break;
  }
  const failed = reports.filter(({ passed }) => !passed);
  if (options.json)
    print(JSON.stringify(options.hours > 0 ? { passed: failed.length === 0, runs: reports } : reports[0]));
  return failed.length === 0 ? EXIT.passed : EXIT.failed;
}

try {
  process.exitCode = await main();
} catch (error) {
  progress(`faults: the run broke: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = EXIT.broken;
}

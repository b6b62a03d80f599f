import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checks } from './checks.ts';
import { runBreach } from './breach/run-breach.ts';
import { runOutage } from './outage.ts';
import type { RunningProcess } from './process.ts';
import { obtainPrograms } from './programs/programs.ts';
import { runStack } from './run-stack.ts';
import { runScrapes } from './scrape/run-scrapes.ts';
import { runStatsdDialects } from './statsd/run-statsd-dialects.ts';

const started = performance.now();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`stack: ${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'nanometer-stack-'));
const running: { stop(): Promise<void> }[] = [];
const checks = new Checks(print);

async function stopRunning(): Promise<void> {
  // In the reverse order, so that senders go before what they send to.
  for (const each of running.splice(0).toReversed()) await each.stop();
}

async function stopAll(): Promise<void> {
  await stopRunning();
  rmSync(folder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void stopAll().finally(() => process.exit(130));
  });
}

const isProcess = (each: object): each is RunningProcess => 'tail' in each;
let logs: { readonly name: string; readonly tail: string }[] = [];
await checks.run('the stack runs', async () => {
  const programs = await obtainPrograms(progress);
  const processes: RunningProcess[] = [];
  try {
    const onStart = (each: { stop(): Promise<void> }): void => {
      running.push(each);
      if (isProcess(each)) processes.push(each);
    };
    await runStack(programs, folder, checks, progress, onStart);
    await stopRunning();
    progress('killing servers');
    await runOutage(programs, folder, checks, onStart);
    await stopRunning();
    progress('StatsD in every dialect');
    await runStatsdDialects(programs, folder, checks, onStart);
    await stopRunning();
    progress('Prometheus scrapes an exporter');
    await runScrapes(programs, folder, checks, onStart);
    await stopRunning();
    progress('a limit is broken');
    await runBreach(programs, folder, checks, onStart);
  } finally {
    await stopAll();
    logs = processes.map(({ name, tail }) => ({ name, tail }));
  }
});
if (checks.failed.length > 0) for (const { name, tail } of logs) print(`--- last lines of ${name} ---\n${tail}`);
print(checks.summary((performance.now() - started) / 1000));
process.exitCode = checks.failed.length === 0 ? 0 : 1;

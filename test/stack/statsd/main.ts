import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checks } from '../checks.ts';
import { obtainPrograms } from '../programs/programs.ts';
import { runStatsdDialects } from './run-statsd-dialects.ts';

// `node test/stack/statsd/main.ts` runs only the part of the stack test that sends StatsD to real servers.
const started = performance.now();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'nanometer-statsd-'));
const running: { stop(): Promise<void> }[] = [];
const checks = new Checks(print);

async function stopAll(): Promise<void> {
  for (const each of running.splice(0).toReversed()) await each.stop();
  rmSync(folder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(130)));
}

await checks.run('the servers run', async () => {
  const programs = await obtainPrograms((line) => process.stderr.write(`stack: ${line}\n`));
  try {
    await runStatsdDialects(programs, folder, checks, (each) => void running.push(each));
  } finally {
    await stopAll();
  }
});
print(checks.summary((performance.now() - started) / 1000));
process.exitCode = checks.failed.length === 0 ? 0 : 1;

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checks } from './checks.ts';
import { obtainPrograms, type Programs } from './programs/programs.ts';

/** Something that must be stopped at the end. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Runs one part of the stack test by itself, in a folder of its own; prints the verdict and sets the exit code. */
export async function runPart(
  name: string,
  part: (programs: Programs, folder: string, checks: Checks, onStart: (stoppable: Stoppable) => void) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const folder = mkdtempSync(join(tmpdir(), `nanometer-${name}-`));
  const running: Stoppable[] = [];
  const checks = new Checks(print);
  const stopAll = async (): Promise<void> => {
    for (const each of running.splice(0).toReversed()) await each.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stopAll().finally(() => process.exit(130)));
  }
  await checks.run('the servers run', async () => {
    const programs = await obtainPrograms((line) => process.stderr.write(`stack: ${line}\n`));
    try {
      await part(programs, folder, checks, (each) => void running.push(each));
    } finally {
      await stopAll();
    }
  });
  print(checks.summary((performance.now() - started) / 1000));
  process.exitCode = checks.failed.length === 0 ? 0 : 1;
}

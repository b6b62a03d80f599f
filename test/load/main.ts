import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { obtainPrograms } from '../stack/programs/programs.ts';
import { runLoad } from './run-load.ts';
import { type LoadResult, pointsPerSecond, shortfalls } from './verdict.ts';

const EXIT = { passed: 0, failed: 1, usage: 64, broken: 70, interrupted: 130 } as const;
const progress = (line: string): void => void process.stderr.write(`load: ${line}\n`);
let running: { stop(): Promise<void> }[] = [];

async function stopAll(): Promise<void> {
  const stopping = running;
  running = [];
  for (const each of stopping.toReversed()) await each.stop();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(EXIT.interrupted)));
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    'points-per-second': { type: 'string', default: '50000' },
    series: { type: 'string', default: '5000' },
    json: { type: 'boolean', default: false },
  },
});

function positive(option: 'seconds' | 'points-per-second' | 'series'): number {
  const value = Number(values[option]);
  if (value > 0 && Number.isInteger(value)) return value;
  progress(`--${option} is "${values[option]}"; a whole number above 0 is needed`);
  return process.exit(EXIT.usage);
}

function told(result: LoadResult, short: readonly string[]): string {
  const used = result.usage.map(
    ({ name, cpuSeconds, rssMibMax, rssMibEarly, rssMibLate }) =>
      `${name.padEnd(11)} ${cpuSeconds.toFixed(0)} s CPU, ${rssMibEarly.toFixed(0)} → ${rssMibLate.toFixed(0)} MiB, at most ${rssMibMax.toFixed(0)}`,
  );
  return [
    `${Math.round(pointsPerSecond(result))} points/s for ${result.desk.seconds.toFixed(0)} s, ${result.desk.skipped} beats missed`,
    `recorded ${result.desk.recorded}, Prometheus ${result.prometheus.sum}, bridge ${result.bridge.sum}; drained in ${result.drainSeconds.toFixed(1)} s`,
    ...used,
    ...short.map((line) => `SHORT ${line}`),
    short.length === 0 ? 'PASS' : 'FAIL',
  ].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'nanometer-load-'));
try {
  const result = await runLoad({
    seconds: positive('seconds'),
    pointsPerSecond: positive('points-per-second'),
    series: positive('series'),
    programs: await obtainPrograms(progress),
    folder,
    progress,
    onStart: (each) => running.push(each),
  });
  const short = shortfalls(result);
  process.stderr.write(`${told(result, short)}\n`);
  if (values.json) {
    const { pointsPerSecondAsked, ...rest } = result;
    const passed = short.length === 0;
    const document = {
      passed,
      shortfalls: short,
      pointsPerSecondAsked,
      pointsPerSecond: pointsPerSecond(result),
      ...rest,
    };
    process.stdout.write(`${JSON.stringify(document)}\n`);
  }
  process.exitCode = short.length === 0 ? EXIT.passed : EXIT.failed;
} catch (error) {
  progress(`the run broke: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = EXIT.broken;
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}

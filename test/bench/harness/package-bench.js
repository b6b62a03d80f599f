import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The JSON of a package's own bench: what a suite states and what the package's README states are one measurement. */
export function packageBench(path, { args = [], flags = [] } = {}) {
  const file = fileURLToPath(new URL(`../../../packages/${path}`, import.meta.url));
  const output = execFileSync(process.execPath, ['--expose-gc', ...flags, file, '--json', ...args], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return JSON.parse(output);
}

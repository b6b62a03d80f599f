import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Result {
  readonly case: string;
  readonly bytesPerOp: number;
}

test('fills and marks of known positions do not allocate', () => {
  const bench = fileURLToPath(new URL('../bench/fill.bench.js', import.meta.url));
  const output = execFileSync(
    process.execPath,
    // A young generation that no round fills: a collection in between would hide what was allocated. Compilation in
    // the foreground: on a busy host the background one ends after the rounds.
    [
      '--expose-gc',
      '--min-semi-space-size=64',
      '--no-concurrent-recompilation',
      '--conditions=@nanometer/source',
      bench,
      '--json',
      '--rounds',
      '5',
    ],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const { results } = JSON.parse(output) as { results: readonly Result[] };
  expect(results.map((result) => result.case)).toHaveLength(4);
  expect(results.filter(({ bytesPerOp }) => !(bytesPerOp < 1))).toEqual([]);
});

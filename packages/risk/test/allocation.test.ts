import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Result {
  readonly case: string;
  readonly bytesPerOp: number;
}

// One number boxed on the heap is 16 bytes: fewer on average means that none is boxed per event.
test('fills and marks of known positions box no number on the heap', () => {
  const bench = fileURLToPath(new URL('../bench/events.bench.js', import.meta.url));
  // Compilation in the foreground: on a busy host the background one ends after the rounds.
  const flags = [
    '--expose-gc',
    '--min-semi-space-size=64',
    '--no-concurrent-recompilation',
    '--conditions=@nanometer/source',
  ];
  const output = execFileSync(
    process.execPath,
    [...flags, bench, '--json', '--rounds', '5', '--library', '@nanometer/metrics'],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const { results } = JSON.parse(output) as { results: readonly Result[] };
  const measured = results.filter((result) => result.case === 'onFill' || result.case === 'onMark');
  expect(measured).toHaveLength(2);
  expect(measured.filter(({ bytesPerOp }) => !(bytesPerOp < 16))).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Result {
  readonly case: string;
  readonly bytesPerOp: number;
}

// A number boxed on the heap is 16 bytes. Which of a fill's five calls with a double the engine inlines, and so does not
// box, is its own choice and changes with the code around it; anything else that allocates would exceed them.
const BYTES_MAX: Readonly<Record<string, number>> = { onFill: 5 * 16, onMark: 8 };

test('fills and marks of known positions allocate nothing but a few boxed numbers', () => {
  const bench = fileURLToPath(new URL('../bench/events.bench.js', import.meta.url));
  // Compilation in the foreground: on a busy host the background one ends after the rounds.
  const flags = [
    '--expose-gc',
    '--min-semi-space-size=64',
    '--no-concurrent-recompilation',
    '--conditions=@nanometer/source',
  ];
  const cases = Object.keys(BYTES_MAX).flatMap((name) => ['--case', name]);
  const output = execFileSync(
    process.execPath,
    [...flags, bench, '--json', '--rounds', '5', '--library', '@nanometer/metrics', ...cases],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const { results } = JSON.parse(output) as { results: readonly Result[] };
  expect(results).toHaveLength(2);
  expect(results.filter((result) => !(result.bytesPerOp <= (BYTES_MAX[result.case] ?? 0)))).toEqual([]);
});

// Per quote: nothing may be left over. Per mark after a quote: one boxed number. Per fill with its quote and its nine markouts: boxed numbers, of which the engine
// decides; the markouts themselves would be hundreds of bytes if they allocated at all.
const EXECUTION_BYTES_MAX: Readonly<Record<string, number>> = {
  'onQuote, nothing due': 1,
  'onQuote and onMark': 16 + 1,
  'onFill and its nine markouts': 20 * 16,
};

test('quotes allocate nothing, and fills with their markouts a few boxed numbers', () => {
  const bench = fileURLToPath(new URL('../bench/execution.bench.js', import.meta.url));
  const flags = [
    '--expose-gc',
    '--min-semi-space-size=64',
    '--no-concurrent-recompilation',
    '--conditions=@nanometer/source',
  ];
  const wasteful = Object.entries(EXECUTION_BYTES_MAX).filter(([name, bytesMax]) => {
    const args = [...flags, bench, '--json', '--rounds', '5', '--case', name];
    const output = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const [result] = (JSON.parse(output) as { results: readonly Result[] }).results;
    return !((result?.bytesPerOp ?? Infinity) <= bytesMax);
  });
  expect(wasteful).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

// One number boxed on the heap is 16 bytes: fewer on average means that none is boxed per message.
test.each(['message', 'message with a sequence'])('a %s boxes no number on the heap', (name) => {
  const bench = fileURLToPath(new URL('../bench/on-message.bench.js', import.meta.url));
  // Compilation in the foreground: on a busy host the background one ends after the rounds.
  const flags = [
    '--expose-gc',
    '--min-semi-space-size=128',
    '--max-semi-space-size=128',
    '--no-concurrent-recompilation',
    '--conditions=@nanometer/source',
  ];
  // A fifth of the benchmark's calls per round: 184,320, which is 3 MB if one number is boxed by each.
  const calls = String(40 * 4608);
  const output = execFileSync(process.execPath, [...flags, bench, '--measure', '@nanometer/metrics', name, calls], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const { bytes } = JSON.parse(output) as { bytes: number[] };
  const median = bytes.sort((a, b) => a - b)[bytes.length >> 1];
  expect(median).toBeLessThan(16);
});

test('a quote allocates nothing', () => {
  const bench = fileURLToPath(new URL('../bench/on-quote.bench.js', import.meta.url));
  const flags = [
    '--expose-gc',
    '--min-semi-space-size=64',
    '--no-concurrent-recompilation',
    '--conditions=@nanometer/source',
  ];
  const output = execFileSync(process.execPath, [...flags, bench, '--json', '--rounds', '7', '--case', 'onQuote'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const { results } = JSON.parse(output) as { results: { case: string; bytesPerOp: number }[] };
  const found = results.find((result) => result.case === 'onQuote');
  // Windows that close now and then make a few objects for all their quotes together.
  expect(found?.bytesPerOp).toBeLessThan(12);
});

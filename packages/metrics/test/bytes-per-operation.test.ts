// Recording must not feed the garbage collector. Runs on sources in a process of its own, because heap sizes mean
// nothing beside jest.
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const GATE_BYTES = 0.5;
const PROGRAM = fileURLToPath(new URL('support/bytes-per-operation.ts', import.meta.url));

const flags = [
  '--expose-gc',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  // When the background compiler ends decides what it inlines: one run in three boxed the argument of a histogram's
  // handle under a context manager (16 bytes). In the foreground it ends before the rounds.
  '--no-concurrent-recompilation',
  '--conditions=@nanometer/source',
];
const measured = JSON.parse(execFileSync(process.execPath, [...flags, PROGRAM], { encoding: 'utf8' })) as Record<
  string,
  number
>;

describe('bytes allocated per recording', () => {
  test('the method sees allocations', () => {
    expect(measured['a bigint sum']).toBeGreaterThan(10);
  });

  test.each(Object.keys(measured).filter((name) => name !== 'a bigint sum'))(`%s stays below ${GATE_BYTES}`, (name) => {
    expect(measured[name]).toBeLessThan(GATE_BYTES);
  });
});

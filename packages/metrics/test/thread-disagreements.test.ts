import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('support/thread-disagreements.ts', import.meta.url));
const args = ['--conditions=@nanometer/source', PROGRAM];
const seen = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Record<
  string,
  [string, unknown[]][]
>;

const named = (when: string, name: string): unknown[] =>
  seen[when]!.filter(([metric]) => metric === name).map(([, points]) => points);

describe('a histogram that a worker thread makes with other advice than the main thread', () => {
  const joined = [[{ boundaries: [10, 100], counts: [3, 1, 1], sum: 238 }]];

  test('has that of the main thread if it was there when the worker started', () => {
    expect(named('cumulative', 'before')).toEqual(joined);
    expect(named('late', 'before')).toEqual(joined);
  });

  test.each(['cumulative', 'delta', 'late'])('is a metric of its own if not, and nothing is lost: %s', (when) => {
    expect(named(when, 'after')).toEqual([
      [{ boundaries: [10, 100], counts: [1, 0, 0], sum: 10 }],
      [{ boundaries: [5, 50], counts: [1, 2, 1], sum: 228 }],
    ]);
  });

  test('keeps its own where the main thread has none', () => {
    expect(named('cumulative', 'only.here')).toEqual([[{ boundaries: [5, 50], counts: [1, 2, 1], sum: 228 }]]);
  });

  test('is not reported twice', () => {
    expect(seen['idle']).toEqual([]);
  });
});

describe('a gauge whose attribute sets a view of the main thread makes one, after the thread is gone', () => {
  test.each(['cumulative', 'delta'])('has the value recorded last: %s', (when) => {
    expect(named(when, 'rising')).toEqual([[3]]);
    expect(named(when, 'returning')).toEqual([[2]]);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { type ExplicitState, mergeExplicit } from '../src/aggregation/histogram/explicit-series.ts';
import { countOf, type ExponentialState, mergeExponential } from '../src/aggregation/histogram/exponential-state.ts';

/** Runs a program of threads in a process of its own; each thread takes a second to start where cores are scarce. */
async function run(name: string): Promise<unknown> {
  const program = fileURLToPath(new URL(`support/${name}.ts`, import.meta.url));
  const args = ['--conditions=@nanometer/source', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: 'utf8' });
  return JSON.parse(stdout);
}

const PATIENCE_MILLIS = 240_000;

type Point = [Attributes, any];
type Summary = Record<string, Point[]>;
const seen = (await run('threads')) as Record<string, Summary> & {
  records: number;
  stats: { dropped: Record<string, number> };
};
const { records } = seen;
const shared = { venue: 'a', size: 1 };

describe('worker threads that import the package', () => {
  test('are summed with the main thread by its readers, while they run', () => {
    expect(seen['alive']!['bound']).toEqual([[shared, 1000 + records]]);
    expect(seen['alive']!['counter']).toEqual([[{ worker: 0 }, records]]);
    expect(seen['alive']!['updown']).toEqual([[shared, records / 2]]);
  });

  test('count among what has changed for a reader of changes, once', () => {
    expect(seen['changedAlive']!['bound']).toEqual([[shared, 1000 + records]]);
    expect(seen['changedAlive']!['counter']).toEqual([[{ worker: 0 }, records]]);
    expect(seen['changedSince']).toEqual({});
    expect(seen['changedAfterAll']!['bound']).toEqual([[shared, 1000 + 3 * records]]);
    expect(seen['changedAfterAll']!['counter']).toEqual([1, 2].map((worker) => [{ worker }, records]));
  });

  test('have their own deltas for every delta reader', () => {
    expect(seen['own']!['bound']).toEqual([[shared, 1000]]);
    expect(seen['firstDelta']!['bound']).toEqual([[shared, records]]);
    expect(seen['lastDelta']!['bound']).toEqual([[shared, 2 * records]]);
    expect(seen['ownAfter']).toEqual({ bound: [[shared, 1]] });
  });

  test('lose nothing when they crash, are terminated, or end', () => {
    expect(seen['afterCrash']!['bound']).toEqual([[shared, 1000 + 2 * records]]);
    expect(seen['afterAll']!['bound']).toEqual([[shared, 1000 + 3 * records]]);
    expect(seen['afterAll']!['counter']).toEqual([0, 1, 2].map((worker) => [{ worker }, records]));
  });

  test('merge histograms exactly, whatever their scales', () => {
    const [[, explicit]] = seen['afterAll']!['explicit'] as [Point];
    const perWorker = Array.from({ length: records }, (_, i) => i % 200);
    const upTo = (bound: number): number => perWorker.filter((v) => v <= bound).length;
    expect(explicit.counts).toEqual([upTo(10), upTo(100) - upTo(10), records - upTo(100)].map((n) => 3 * n));
    expect(explicit).toMatchObject({ count: 3 * records, min: 0, max: 199 });
    const [[, exponential]] = seen['afterAll']!['exponential'] as [Point];
    expect(exponential).toMatchObject({ count: 3 * records, inBuckets: 3 * records, min: 1, max: 3 * 2 ** 19 });
    const [[, negative]] = seen['afterAll']!['negative'] as [Point];
    expect(negative).toMatchObject({ count: 3 * records, min: -6 });
  });

  test('leave a delta without minimum and maximum, which one thread cannot know of another', () => {
    const [[, explicit]] = seen['lastDelta']!['explicit'] as [Point];
    expect(explicit).toMatchObject({ count: 2 * records });
    expect(explicit.min).toBeUndefined();
  });

  test('follow the views of the main thread, attribute filters and limits included', () => {
    expect(seen['afterAll']!['filtered']).toEqual([[{ keep: 'x' }, 3 * records]]);
  });

  test('set gauges: the thread seen to record last wins, also when it is gone', () => {
    expect(['alive', 'afterCrash', 'afterAll'].map((when) => seen[when]!['gauge']![0]![1] as number)).toEqual([
      100, 101, 102,
    ]);
  });

  test('have their drops counted', () => {
    expect(seen.stats.dropped).toMatchObject({ non_finite: 3, negative: 3 });
  });
});

describe('worker threads that start before any reader', () => {
  const program = run('thread-endings') as Promise<Record<string, any>>;
  const shared = { venue: 'a' };
  const sumOf = (points: readonly Point[]): number => points.reduce((total, [, value]) => total + (value as number), 0);

  test(
    'record for the readers that come, all of them the same series',
    async () => {
      const { startedBeforeReaders, sharedByThree, SHARED_RECORDS } = await program;
      expect(startedBeforeReaders).toEqual([[shared, SHARED_RECORDS]]);
      expect(sharedByThree).toEqual([[shared, 4 * SHARED_RECORDS]]);
    },
    PATIENCE_MILLIS,
  );

  test('overflow without losing a measurement, within the limit of the main thread', async () => {
    const { ids, IDS, LIMIT } = await program;
    expect(sumOf(ids)).toBe(5 + IDS);
    expect(ids).toHaveLength(LIMIT + 1);
    expect(ids.slice(0, 5).map(([set]: Point) => set)).toEqual([0, 1, 2, 3, 4].map((id) => ({ id: `main ${id}` })));
    expect(ids.at(-1)![0]).toEqual({ 'otel.metric.overflow': true });
  });

  test('are seen by a reader that came later with a limit of its own', async () => {
    const { wide, wideNarrowed, IDS } = await program;
    expect(wide).toHaveLength(IDS);
    expect(wideNarrowed.map(([, value]: Point) => value as number)).toEqual([1, 1, IDS - 2]);
    expect(wideNarrowed.at(-1)[0]).toEqual({ 'otel.metric.overflow': true });
  });

  test('lose nothing when they crash between two records', async () => {
    const { crash, crashHistogram, CRASH_AFTER } = await program;
    expect(crash).toEqual([[shared, CRASH_AFTER]]);
    expect(crashHistogram).toMatchObject([[shared, { count: CRASH_AFTER }]]);
  });

  test('lose nothing when they are terminated in the middle of a record', async () => {
    const { endless, endlessHistogram, progress, looks, ENDLESS_RECORDS } = await program;
    expect(progress).toBeGreaterThanOrEqual(ENDLESS_RECORDS);
    // The record that was being made may be there or not.
    for (const seen of [endless, endlessHistogram]) {
      expect(seen).toBeGreaterThanOrEqual(progress);
      expect(seen).toBeLessThanOrEqual(progress + 1);
    }
    expect(looks).toEqual([...looks].sort((a, b) => a - b));
    expect(looks[0]).toBeGreaterThanOrEqual(ENDLESS_RECORDS / 4);
  });

  test('tell a delta reader everything once, whenever it collects', async () => {
    const { told, sharedAfterAll, ids, wide, crash, endless, endlessHistogram, CRASH_AFTER } = await program;
    expect(told).toEqual({
      shared: sumOf(sharedAfterAll),
      ids: sumOf(ids),
      wide: sumOf(wide),
      crash: sumOf(crash),
      'crash.histogram': CRASH_AFTER,
      endless,
      'endless.histogram': endlessHistogram,
    });
  });
});

test(
  'any program of several threads gives what one thread alone would, quantiles and deltas included',
  async () => {
    expect(await run('thread-programs')).toEqual({ programs: 15, endings: 5 });
  },
  PATIENCE_MILLIS,
);

describe('merging histograms', () => {
  const run = fc.record({
    offset: fc.integer({ min: -50, max: 50 }),
    counts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 }),
  });
  const empty = fc.constant({ offset: 0, counts: [] as number[] });
  const state: fc.Arbitrary<ExponentialState> = fc.record({
    scale: fc.integer({ min: -4, max: 12 }),
    sum: fc.integer(),
    min: fc.integer(),
    max: fc.integer(),
    zeroCount: fc.nat(3),
    positive: fc.oneof(run, empty),
    negative: fc.oneof(run, empty),
  });
  const merge = (a: ExponentialState, b: ExponentialState): ExponentialState => mergeExponential(a, b, 16);

  test('of explicit buckets is commutative and associative', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 });
    const explicit: fc.Arbitrary<ExplicitState> = fc.record({
      sum: fc.integer(),
      min: fc.integer(),
      max: fc.integer(),
      counts,
    });
    fc.assert(
      fc.property(explicit, explicit, explicit, (a, b, c) => {
        expect(mergeExplicit(a, b)).toEqual(mergeExplicit(b, a));
        expect(mergeExplicit(mergeExplicit(a, b), c)).toEqual(mergeExplicit(a, mergeExplicit(b, c)));
      }),
    );
  });

  test('is commutative and associative, and loses no count', () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        expect(merge(a, b)).toEqual(merge(b, a));
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
        expect(countOf(merge(a, b))).toBe(countOf(a) + countOf(b));
      }),
    );
  });
});

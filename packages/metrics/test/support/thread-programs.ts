// Random programs of several threads, against the same records made in one thread without any. In a process of its own,
// because environment data, the channel and the `worker` event belong to the real process. Prints how many
// programs there were, and how many threads ended in them.
import { deepStrictEqual } from 'node:assert/strict';
import { isMainThread } from 'node:worker_threads';
import {
  AggregationTemporality,
  AggregationType,
  createAllowListAttributesProcessor,
  MeterProvider,
  type MeterProviderOptions,
  quantile,
} from '@nanometer/metrics';
import * as fc from 'fast-check';
import { KINDS, RecordingThread, recordBatch, SETS, type ThreadRecord, serveBatches } from './thread-pool.ts';
import { TestReader } from './test-reader.ts';

const THREADS = 3;
const PROGRAMS = 15;
/** Threads that are terminated, over all programs: another one takes a second to start. */
const MOST_ENDINGS = 5;

// Several views per instrument: all attributes and one of them, two kinds of buckets, a limit that overflows.
const onlySide = [createAllowListAttributesProcessor(['side'])];
const exponential = {
  type: AggregationType.EXPONENTIAL_HISTOGRAM,
  options: { maxSize: 20, recordMinMax: true },
} as const;
const options: MeterProviderOptions = {
  views: [
    { instrumentName: 'counter', description: 'all' },
    { instrumentName: 'counter', name: 'counter.by_side', attributesProcessors: onlySide },
    { instrumentName: 'explicit', description: 'buckets' },
    {
      instrumentName: 'explicit',
      name: 'explicit.exponential',
      aggregation: exponential,
      attributesProcessors: onlySide,
    },
    { instrumentName: 'exponential', aggregation: exponential },
  ],
};

/** What threads do at the same time, and what happens once all have. */
interface Phase {
  /** By thread; the first is the main thread. */
  readonly batches: readonly (readonly ThreadRecord[])[];
  /** The main thread collects while the others record. */
  readonly collectsMeanwhile: boolean;
  /** The worker that is terminated afterwards, another one taking its place. */
  readonly ends: number | undefined;
}

const record: fc.Arbitrary<ThreadRecord> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    set: fc.nat(SETS.length - 1),
    // Quarters: sums of them are exact in any order.
    quarters: fc.integer({ min: 0, max: 4000 }),
    bound: fc.boolean(),
  })
  .map(({ kind, set, quarters, bound }) => ({ kind, set, value: quarters / 4, bound }));
const phase: fc.Arbitrary<Phase> = fc.record({
  batches: fc.array(fc.array(record, { maxLength: 40 }), { minLength: THREADS + 1, maxLength: THREADS + 1 }),
  collectsMeanwhile: fc.boolean(),
  ends: fc.option(fc.nat(THREADS - 1), { freq: 2, nil: undefined }),
});

type Points = Map<string, any>;

/** The points of one scope, by metric and attributes. */
async function pointsOf(reader: TestReader, scope: string): Promise<Points> {
  const { resourceMetrics } = await reader.collect();
  const found = resourceMetrics.scopeMetrics.find((s) => s.scope.name === scope);
  const points: Points = new Map();
  for (const { descriptor, dataPoints } of found?.metrics ?? []) {
    for (const { attributes, value } of dataPoints) {
      const entries = Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b));
      points.set(`${descriptor.name} ${JSON.stringify(entries)}`, value);
    }
  }
  return points;
}

/** What a receiver of deltas adds up: sums, and counts of measurements of histograms. */
function received(total: Points, delta: Points): Points {
  for (const [key, value] of delta)
    total.set(key, (total.get(key) ?? 0) + (typeof value === 'number' ? value : value.count));
  return total;
}

function totals(points: Points): Points {
  return received(new Map(), points);
}

function quantiles(points: Points): unknown[] {
  return [...points].flatMap(([key, value]) =>
    typeof value === 'number' ? [] : [[key, [0, 0.5, 0.99, 1].map((q) => quantile(value, q))]],
  );
}

function sorted(points: Points): unknown[] {
  return [...points].sort(([a], [b]) => a.localeCompare(b));
}

async function run(): Promise<void> {
  const cumulative = new TestReader();
  const deltas = [0, 1].map(() => new TestReader({ temporality: AggregationTemporality.DELTA }));
  const provider = new MeterProvider({ ...options, readers: [cumulative, ...deltas] });
  const module = new URL(import.meta.url);
  const threads = Array.from({ length: THREADS }, () => new RecordingThread(module));
  let programs = 0;
  let endings = 0;

  const runProgram = async (phases: readonly Phase[]): Promise<void> => {
    const scope = `program ${programs++}`;
    const expected = new TestReader();
    const alone = new MeterProvider({ ...options, readers: [expected], threads: false }).getMeter(scope);
    const told = deltas.map((): Points => new Map());
    for (const { batches, collectsMeanwhile, ends } of phases) {
      const pending = threads.map(async (thread, i) => thread.record({ scope, records: batches[i + 1]! }));
      recordBatch(provider.getMeter(scope), batches[0]!);
      if (collectsMeanwhile) received(told[0]!, await pointsOf(deltas[0]!, scope));
      await Promise.all(pending);
      for (const records of batches) recordBatch(alone, records);
      if (ends !== undefined && endings < MOST_ENDINGS) {
        endings++;
        await threads[ends]!.terminate();
        threads[ends] = new RecordingThread(module);
      }
      const reference = await pointsOf(expected, scope);
      const merged = await pointsOf(cumulative, scope);
      deepStrictEqual(sorted(merged), sorted(reference));
      deepStrictEqual(sorted(new Map(quantiles(merged) as never)), sorted(new Map(quantiles(reference) as never)));
      received(told[0]!, await pointsOf(deltas[0]!, scope));
      deepStrictEqual(sorted(told[0]!), sorted(totals(reference)));
    }
    received(told[1]!, await pointsOf(deltas[1]!, scope));
    deepStrictEqual(sorted(told[1]!), sorted(totals(await pointsOf(expected, scope))));
  };

  await fc.assert(fc.asyncProperty(fc.array(phase, { minLength: 1, maxLength: 4 }), runProgram), { numRuns: PROGRAMS });
  for (const thread of threads) await thread.terminate();
  await provider.shutdown();
  process.stdout.write(JSON.stringify({ programs, endings }));
}

await (isMainThread ? run() : serveBatches());

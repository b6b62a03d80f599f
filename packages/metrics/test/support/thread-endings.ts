// Worker threads that start before any reader, record the same series, overflow, and then end, crash or are terminated in
// the middle of it; prints what the readers saw as JSON. In a process of its own, as threads.ts.
import { metrics } from '@opentelemetry/api';
import { AggregationTemporality, MeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { TestReader } from './test-reader.ts';

const SHARED = { venue: 'a' };
const SHARED_RECORDS = 1000;
const CRASH_AFTER = 500;
const IDS = 20;
/** Records of the endless worker before it is terminated, at least. */
const ENDLESS_RECORDS = 50_000;
const LIMIT = 8;

type Task = 'shared' | 'ids' | 'wide' | 'crash' | 'endless' | 'end';

function perform(task: Task, progress: Int32Array): void {
  const meter = metrics.getMeter('m');
  const counter = meter.createCounter(task);
  const histogram = meter.createHistogram(`${task}.histogram`);
  if (task === 'shared') for (let i = 0; i < SHARED_RECORDS; i++) counter.add(1, SHARED);
  if (task === 'ids' || task === 'wide') for (let id = 0; id < IDS; id++) counter.add(1, { id: `worker ${id}` });
  if (task === 'end') parentPort!.close();
  if (task !== 'crash' && task !== 'endless') return;
  for (let i = 1; ; i++) {
    counter.add(1, SHARED);
    histogram.record(i % 100, SHARED);
    Atomics.store(progress, 0, i);
    if (task === 'crash' && i === CRASH_AFTER) throw new Error('crashed on purpose');
  }
}

async function serve(): Promise<void> {
  const progress = new Int32Array(workerData as SharedArrayBuffer);
  await import('@nanometer/metrics/worker');
  parentPort!.on('message', (task: Task) => {
    perform(task, progress);
    if (task !== 'end') reply('done');
  });
  reply('ready');
}

function reply(message: string): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort!.postMessage(message);
}

class Thread {
  readonly progress: Int32Array = new Int32Array(new SharedArrayBuffer(4));
  readonly worker: Worker;
  readonly exited: Promise<void>;

  constructor() {
    this.worker = new Worker(new URL(import.meta.url), { workerData: this.progress.buffer, stderr: true });
    this.exited = new Promise((resolve) => {
      this.worker.once('exit', () => resolve());
    });
    this.worker.on('error', () => {});
  }

  async perform(task: Task): Promise<void> {
    const done = once(this.worker, 'message');
    this.tell(task);
    await done;
  }

  tell(task: Task): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.worker.postMessage(task);
  }
}

function sumOf(values: readonly [unknown, any][]): number {
  return values.reduce((total, [, value]) => total + (typeof value === 'number' ? value : (value.count as number)), 0);
}

async function run(): Promise<void> {
  const provider = new MeterProvider({ views: [{ instrumentName: 'ids', aggregationCardinalityLimit: LIMIT }] });
  const threads = [new Thread(), new Thread(), new Thread()] as const;
  await Promise.all(threads.map(async ({ worker }) => once(worker, 'message')));
  await threads[0].perform('shared');

  const cumulative = new TestReader();
  const delta = new TestReader({ temporality: AggregationTemporality.DELTA });
  const narrow = new TestReader({ limit: 2 });
  provider.addReader(cumulative);
  provider.addReader(narrow);
  provider.addReader(delta);
  const told: Record<string, number> = {};
  const collectDelta = async (): Promise<void> => {
    for (const { descriptor, dataPoints } of await delta.metrics()) {
      const sum = sumOf(dataPoints.map((point) => [point.attributes, point.value]));
      told[descriptor.name] = (told[descriptor.name] ?? 0) + sum;
    }
  };
  const seen: Record<string, unknown> = { startedBeforeReaders: await cumulative.values('shared') };

  // All three at once, the delta reader looking on.
  const all = threads.map(async (thread) => thread.perform('shared'));
  await collectDelta();
  await Promise.all(all);
  seen['sharedByThree'] = await cumulative.values('shared');

  const ids = provider.getMeter('m').createCounter('ids');
  for (let id = 0; id < 5; id++) ids.add(1, { id: `main ${id}` });
  await threads[1].perform('ids');
  seen['ids'] = await cumulative.values('ids');
  await collectDelta();
  await threads[2].perform('wide');
  seen['wide'] = await cumulative.values('wide');
  seen['wideNarrowed'] = await narrow.values('wide');

  threads[0].tell('end');
  await threads[0].exited;
  await collectDelta();
  threads[1].tell('crash');
  await threads[1].exited;
  seen['crash'] = await cumulative.values('crash');
  await collectDelta();
  seen['crashHistogram'] = await cumulative.values('crash.histogram');

  threads[2].tell('endless');
  const looks: number[] = [];
  for (const share of [0.25, 0.5, 0.75, 1]) {
    const records = ENDLESS_RECORDS * share;
    await until(`${records} records are made`, () => Atomics.load(threads[2].progress, 0) >= records);
    looks.push(sumOf(await cumulative.values('endless')));
    await collectDelta();
  }
  await threads[2].worker.terminate();
  await threads[2].exited;
  seen['looks'] = looks;
  seen['progress'] = Atomics.load(threads[2].progress, 0);
  seen['endless'] = sumOf(await cumulative.values('endless'));
  seen['endlessHistogram'] = sumOf(await cumulative.values('endless.histogram'));
  await collectDelta();
  provider.getMeter('m').createCounter('shared').add(1, SHARED);
  await collectDelta();
  seen['sharedAfterAll'] = await cumulative.values('shared');
  seen['told'] = told;
  await provider.shutdown();
  const figures = { SHARED_RECORDS, CRASH_AFTER, IDS, ENDLESS_RECORDS, LIMIT };
  process.stdout.write(JSON.stringify({ ...figures, ...seen }));
}

await (isMainThread ? run() : serve());

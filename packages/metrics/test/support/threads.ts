// Worker threads against the readers of the main thread; prints what it saw as JSON for threads.test.ts. In a process of
// its own, because environment data, the channel and the `worker` event belong to the real process.
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  type ChangeProducer,
  createAllowListAttributesProcessor,
  MeterProvider,
} from '@nanometer/metrics';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { TestReader } from './test-reader.ts';

const RECORDS = 20_000;
const BOUNDARIES = { advice: { explicitBucketBoundaries: [10, 100] } };

interface Order {
  id: number;
  ending: 'exit' | 'hang' | 'crash';
}

/** What each worker records; the same program for all, so that the totals are known. */
function recordEverything(id: number): void {
  const meter = metrics.getMeter('shared', '1');
  const attributes = { venue: 'a', size: 1 };
  const bound = meter.createCounter('bound') as ReturnType<ReturnType<MeterProvider['getMeter']>['createCounter']>;
  const handle = bound.bind(attributes);
  const counter = meter.createCounter('counter');
  const upDown = meter.createUpDownCounter('updown');
  const explicit = meter.createHistogram('explicit', BOUNDARIES);
  const exponential = meter.createHistogram('exponential');
  const negative = meter.createUpDownCounter('negative');
  const filtered = meter.createCounter('filtered');
  for (let i = 0; i < RECORDS; i++) {
    handle.add(1);
    counter.add(1, { worker: id });
    upDown.add(i % 2 === 0 ? 2 : -1, attributes);
    explicit.record(i % 200);
    exponential.record(2 ** (i % 20) * (id + 1));
    negative.add(-(i % 7));
    filtered.add(1, { keep: 'x', order: i });
  }
  meter.createGauge('gauge').record(100 + id);
  counter.add(NaN);
  counter.add(-1);
}

async function runWorker(): Promise<void> {
  await import('@nanometer/metrics/worker');
  const { id, ending } = workerData as Order;
  recordEverything(id);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort!.postMessage('recorded');
  if (ending === 'hang') setInterval(() => {}, 1000);
  if (ending === 'crash') throw new Error('crashed on purpose');
}

async function start(order: Order): Promise<{ worker: Worker; exited: Promise<void> }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: order, stderr: true });
  worker.on('error', () => {});
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => resolve());
  });
  // Not `once` of node:events, which rejects when the crash is reported before the message.
  await new Promise((resolve) => {
    worker.once('message', resolve);
  });
  return { worker, exited };
}

async function summary(reader: TestReader): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const metric of await reader.metrics()) {
    result[metric.descriptor.name] = metric.dataPoints.map(({ attributes, value }) => {
      if (typeof value === 'number') return [attributes, value];
      const { count, sum, min, max, scale, buckets, positive, negative } = value as any;
      const add = (total: number, n: number): number => total + n;
      const inBuckets = positive && [...positive.bucketCounts, ...negative.bucketCounts].reduce(add, 0);
      return [attributes, { count, sum, min, max, scale, counts: buckets?.counts, inBuckets }];
    });
  }
  return result;
}

/** The sums that changed since the reader last asked. */
function changes(reader: TestReader): Record<string, unknown> {
  const result: Record<string, unknown[]> = {};
  (reader.producer as ChangeProducer).visitChanges(
    ({ isSum }) => isSum,
    ({ descriptor }, attributes, _start, value) => (result[descriptor.name] ??= []).push([attributes, value]),
  );
  return result;
}

async function runMain(): Promise<void> {
  const cumulative = new TestReader();
  const delta = new TestReader({ temporality: AggregationTemporality.DELTA });
  const provider = new MeterProvider({
    readers: [cumulative, delta],
    views: [
      { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
      { instrumentName: 'negative', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
      {
        instrumentName: 'filtered',
        attributesProcessors: [createAllowListAttributesProcessor(['keep'])],
        aggregationCardinalityLimit: 5,
      },
    ],
  });
  const own = provider.getMeter('shared', '1').createCounter('bound').bind({ venue: 'a', size: 1 });
  own.add(1000);

  const seen: Record<string, unknown> = { own: await summary(delta) };
  const first = await start({ id: 0, ending: 'hang' });
  seen['alive'] = await summary(cumulative);
  seen['changedAlive'] = changes(cumulative);
  seen['changedSince'] = changes(cumulative);
  seen['firstDelta'] = await summary(delta);
  const second = await start({ id: 1, ending: 'crash' });
  await second.exited;
  seen['afterCrash'] = await summary(cumulative);
  await first.worker.terminate();
  await first.exited;
  const third = await start({ id: 2, ending: 'exit' });
  await third.exited;
  seen['afterAll'] = await summary(cumulative);
  seen['changedAfterAll'] = changes(cumulative);
  seen['lastDelta'] = await summary(delta);
  seen['stats'] = provider.stats();
  own.add(1);
  seen['ownAfter'] = await summary(delta);
  await provider.shutdown();
  process.stdout.write(JSON.stringify({ records: RECORDS, ...seen }));
}

await (isMainThread ? runMain() : runWorker());

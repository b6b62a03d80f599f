// Worker threads that see things otherwise than the main thread; prints what its readers saw as JSON for
// thread-disagreements.test.ts. In a process of its own, as support/threads.ts is.
import { type Attributes, metrics } from '@opentelemetry/api';
import { MeterProvider } from '@nanometer/metrics';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { deltaReader, TestReader } from './test-reader.ts';

const boundaries = (...explicitBucketBoundaries: number[]): object => ({ advice: { explicitBucketBoundaries } });

async function runWorker(): Promise<void> {
  await import('@nanometer/metrics/worker');
  const meter = metrics.getMeter('shared');
  const port = parentPort!;
  await new Promise((resolve) => {
    port.once('message', resolve);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    port.postMessage('started');
  });
  for (const name of ['before', 'after', 'only.here']) {
    const histogram = meter.createHistogram(name, boundaries(5, 50));
    for (const value of [1, 7, 20, 200]) histogram.record(value);
  }
  const rising = meter.createGauge('rising');
  const returning = meter.createGauge('returning');
  for (const id of [1, 2, 3]) rising.record(id, { id });
  for (const id of [1, 2, 3, 2]) returning.record(id, { id });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  port.postMessage('recorded');
}

/** Name and points of each metric. */
async function summary(reader: TestReader): Promise<[string, unknown[]][]> {
  return (await reader.metrics()).map(({ descriptor, dataPoints }) => [
    descriptor.name,
    dataPoints.map(({ value }) => {
      if (typeof value === 'number') return value;
      const { buckets, sum } = value as { buckets: object; sum: number };
      return { ...buckets, sum };
    }),
  ]);
}

async function runMain(): Promise<void> {
  const reader = new TestReader();
  const delta = deltaReader();
  const late = new TestReader();
  // A processor that is code cannot travel: it applies where the threads' series are joined.
  const withoutId = ({ id: _id, ...rest }: Attributes): Attributes => rest;
  const provider = new MeterProvider({
    readers: [reader, delta],
    views: ['rising', 'returning'].map((instrumentName) => ({
      instrumentName,
      attributesProcessors: [{ process: withoutId }],
    })),
  });
  const meter = provider.getMeter('shared');
  meter.createHistogram('before', boundaries(10, 100)).record(10);
  const worker = new Worker(new URL(import.meta.url));
  await new Promise((resolve) => {
    worker.once('message', resolve);
  });
  meter.createHistogram('after', boundaries(10, 100)).record(10);
  const exited = new Promise((resolve) => {
    worker.once('exit', resolve);
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage('go');
  await exited;
  provider.addReader(late);
  const seen = {
    cumulative: await summary(reader),
    delta: await summary(delta),
    late: await summary(late),
    idle: await summary(delta),
  };
  process.stdout.write(JSON.stringify(seen));
  await provider.shutdown();
}

await (isMainThread ? runMain() : runWorker());

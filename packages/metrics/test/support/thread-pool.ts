// Worker threads that record what they are told, and the records themselves; used by programs of several threads.
import { type Attributes, metrics, type Meter } from '@opentelemetry/api';
import { bindCounter, bindHistogram } from '@nanometer/metrics';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

export const SETS: readonly Attributes[] = [
  {},
  { venue: 'a' },
  { venue: 'b', side: 'buy' },
  { side: 'buy', venue: 'b' },
  { venue: 'b', side: 'sell' },
  { venue: 1 },
];

export const KINDS = ['counter', 'updown', 'explicit', 'exponential'] as const;

export interface ThreadRecord {
  readonly kind: (typeof KINDS)[number];
  readonly set: number;
  readonly value: number;
  readonly bound: boolean;
}

export interface Batch {
  readonly scope: string;
  readonly records: readonly ThreadRecord[];
}

/** Records a batch with the instruments of its scope. */
export function recordBatch(meter: Meter, records: readonly ThreadRecord[]): void {
  const counter = meter.createCounter('counter');
  const upDown = meter.createUpDownCounter('updown');
  const advice = { explicitBucketBoundaries: [0, 1, 10, 100] };
  const histograms = {
    explicit: meter.createHistogram('explicit', { advice }),
    exponential: meter.createHistogram('exponential'),
  };
  for (const { kind, set, value, bound } of records) {
    const attributes = SETS[set]!;
    if (kind === 'updown') upDown.add(value, attributes);
    else if (kind === 'counter')
      (bound ? bindCounter(counter, attributes) : { add: (v: number) => counter.add(v, attributes) }).add(value);
    else if (bound) bindHistogram(histograms[kind], attributes).record(value);
    else histograms[kind].record(value, attributes);
  }
}

/** A worker thread that records one batch at a time. */
export class RecordingThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;

  /** `module` is one that calls `serveBatches` when it is not the main thread. */
  constructor(module: URL) {
    this.#worker = new Worker(module);
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => resolve());
    });
  }

  /** Resolves when the thread has recorded everything. */
  async record(batch: Batch): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('error', reject);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(batch);
    await done;
    this.#worker.removeAllListeners('error');
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
    await this.#exited;
  }
}

/** The other end of {@link RecordingThread}. */
export async function serveBatches(): Promise<void> {
  if (isMainThread) throw new Error('only worker threads serve batches');
  await import('@nanometer/metrics/worker');
  parentPort!.on('message', ({ scope, records }: Batch) => {
    recordBatch(metrics.getMeter(scope), records);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort!.postMessage('recorded');
  });
}

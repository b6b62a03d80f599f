import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  bindCounter,
  bindGauge,
  bindHistogram,
} from '@nanometer/metrics';
import type { Mark, Portfolio, Position } from '@nanometer/quant';
import {
  ATTR_RISK_CORRELATION_FIRST,
  ATTR_RISK_CORRELATION_METHOD,
  ATTR_RISK_CORRELATION_SECOND,
} from '@nanometer/semconv';
import type { BatchObservableResult } from '@opentelemetry/api';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Drops } from '../drops.ts';
import type { Instruments } from '../instruments.ts';
import type { CorrelationOrder, CorrelationResult } from './correlation-messages.ts';
import type { CorrelationMatrixEvent, CorrelationSettings } from './correlation-options.ts';
import { TickFeed } from './tick-feed.ts';

const MILLISECONDS = 1000;

/** Correlations as the latest step found them. */
export interface CorrelationState {
  /** Grid point, Unix milliseconds. */
  readonly timeMs: number;
  /** Mean correlation of all pairs; undefined below two instruments that have one. */
  readonly average: number | undefined;
  readonly largestEigenvalueShare: number | undefined;
  /** The pairs with the most exposure, by names as exchange/symbol. */
  readonly pairs: readonly { readonly first: string; readonly second: string; readonly correlation: number }[];
}

/** Feeds marks to the worker that computes correlations, and writes what it sends back. The thread is never waited for. */
export class CorrelationMonitor {
  readonly #settings: CorrelationSettings;
  readonly #portfolio: Portfolio;
  readonly #feed: TickFeed;
  readonly #worker: Worker;
  readonly #drops: Drops;
  readonly #onMatrix: ((event: CorrelationMatrixEvent) => void) | undefined;
  readonly #instruments: Instruments;
  readonly #average: BoundGauge;
  readonly #eigenvalueShare: BoundGauge;
  readonly #steps: BoundCounter;
  readonly #stepDuration: BoundHistogram;
  /** Net exposure by instrument, shared with the worker. */
  readonly #exposures: Float64Array;
  /** Exposure as it is in those, by position handle. */
  readonly #positionExposures: number[] = [];
  readonly #output = new Float64Array(1);
  #state: CorrelationState | undefined = undefined;
  #isOver = false;

  constructor(
    settings: CorrelationSettings,
    portfolio: Portfolio,
    instruments: Instruments,
    drops: Drops,
    onMatrix: ((event: CorrelationMatrixEvent) => void) | undefined,
  ) {
    const method = { [ATTR_RISK_CORRELATION_METHOD]: settings.method };
    const dropped = bindCounter(instruments.correlationStepDropped, method);
    const shared = new SharedArrayBuffer(settings.symbolLimit * Float64Array.BYTES_PER_ELEMENT);
    this.#settings = settings;
    this.#portfolio = portfolio;
    this.#instruments = instruments;
    this.#drops = drops;
    this.#onMatrix = onMatrix;
    this.#average = bindGauge(instruments.correlationAverage, method);
    this.#eigenvalueShare = bindGauge(instruments.correlationEigenvalueShare, method);
    this.#steps = bindCounter(instruments.correlationStepCount, method);
    this.#stepDuration = bindHistogram(instruments.correlationStepDuration, method);
    this.#exposures = new Float64Array(shared);
    this.#feed = new TickFeed(settings, () => dropped.add(1));
    this.#worker = startWorker({
      settings,
      ring: this.#feed.ring.memory,
      exposures: shared,
      wantsMatrix: onMatrix !== undefined,
    });
    this.#worker.on('message', (result: CorrelationResult) => this.#take(result));
    // Without the worker steps are dropped and counted: the desk goes on.
    this.#worker.on('error', () => this.#drops.count('correlation_failed'));
    this.#worker.on('exit', () => (this.#isOver = true));
    this.#worker.unref();
  }

  /** What the latest step found; undefined before the first. */
  get state(): CorrelationState | undefined {
    return this.#state;
  }

  mark(mark: Mark): void {
    if (!this.#feed.mark(mark)) this.#drops.count('symbol_limit');
  }

  /** Takes the present exposure of a position, which decides which pairs are exported. */
  update(position: Position): void {
    const { handle, exchange, symbol } = position;
    const index = this.#feed.indexOf(exchange, symbol);
    if (index === undefined) return;
    const output = this.#output;
    if (!this.#portfolio.exposure.exposureInto(handle, output)) output[0] = 0;
    this.#exposures[index]! += output[0]! - (this.#positionExposures[handle] ?? 0);
    this.#positionExposures[handle] = output[0]!;
  }

  observe(result: BatchObservableResult): void {
    for (const { first, second, correlation } of this.#state?.pairs ?? []) {
      result.observe(this.#instruments.correlationPair, correlation, {
        [ATTR_RISK_CORRELATION_FIRST]: first,
        [ATTR_RISK_CORRELATION_SECOND]: second,
        [ATTR_RISK_CORRELATION_METHOD]: this.#settings.method,
      });
    }
  }

  /** Ends the worker and resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    // It does not hold the process while it works, but whoever waits for its end is to see it.
    this.#worker.ref();
    const gone = once(this.#worker, 'exit');
    this.#feed.ring.close();
    await gone;
  }

  #take(result: CorrelationResult): void {
    this.#feed.ring.received();
    const { timeMs, average, largestEigenvalueShare, pairs, steps, durationMs } = result;
    const { names } = this.#feed;
    this.#state = {
      timeMs,
      average,
      largestEigenvalueShare,
      pairs: pairs.map(([a, b, correlation]) => ({ first: names[a]!, second: names[b]!, correlation })),
    };
    this.#steps.add(steps);
    this.#stepDuration.record(durationMs / MILLISECONDS);
    if (average !== undefined) this.#average.record(average);
    if (largestEigenvalueShare !== undefined) this.#eigenvalueShare.record(largestEigenvalueShare);
    if (result.matrix !== undefined) this.#tell(timeMs, names.slice(0, result.count), result.matrix);
  }

  #tell(timeMs: number, symbols: readonly string[], matrix: Float32Array | Float64Array): void {
    try {
      this.#onMatrix?.({ timeMs, symbols, matrix, method: this.#settings.method });
    } catch {
      // What a callback throws has nobody to go to: it is counted.
      this.#drops.count('callback_failed');
    }
  }
}

function startWorker(order: CorrelationOrder): Worker {
  // Beside this file, with its ending: the sources run under type stripping, the build as JavaScript.
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './correlation-worker.ts' : './correlation-worker.js', import.meta.url);
  return new Worker(program, {
    name: 'nanometer-correlation',
    workerData: order,
    ...(isSource ? { execArgv: ['--conditions=@nanometer/source'] } : {}),
  });
}

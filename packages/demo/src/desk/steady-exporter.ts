import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** A result as exporters give it; code 0 is success. */
type ExportResult = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

const SUCCESS: ExportResult['code'] = 0;
const FAILED: ExportResult['code'] = 1;
/** A gRPC channel waits up to two minutes between attempts; a new one tries at once. */
const RECONNECT_MS = 1000;

/** What an exporter has done. */
export interface ExportCounts {
  succeeded: number;
  failed: number;
  /** Left out because the one before was still under way; cumulative data goes with the next. */
  skipped: number;
}

/** Told when the receiver goes away and when it is back; once per outage. */
export interface OutageListener {
  onLost(error: Error): void;
  onBack(failed: number): void;
}

/**
 * Exports cumulative metrics one at a time, so that a late retry never delivers old values after new ones. What fails is
 * counted, told once per outage, and made up by the next success: the values are cumulative and stay in memory.
 */
export class SteadyExporter implements PushMetricExporter {
  readonly counts: ExportCounts = { succeeded: 0, failed: 0, skipped: 0 };
  readonly #create: () => PushMetricExporter;
  readonly #listener: OutageListener;
  readonly #now: () => number;
  #inner: PushMetricExporter;
  #createdMs: number;
  #inFlight: Promise<void> | undefined;
  #lastError: Error | undefined;
  #outage = 0;

  constructor(create: () => PushMetricExporter, listener: OutageListener, now: () => number = () => performance.now()) {
    this.#create = create;
    this.#listener = listener;
    this.#now = now;
    this.#inner = create();
    this.#createdMs = now();
  }

  /** Why the last export failed; `undefined` after a success. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    if (this.#inFlight) {
      this.counts.skipped++;
      done({ code: SUCCESS });
      return;
    }
    this.#inFlight = this.#exportNow(metrics, done);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#inFlight) await this.#inFlight;
  }

  async forceFlush(): Promise<void> {
    await this.idle();
  }

  async shutdown(): Promise<void> {
    await this.idle();
    await this.#inner.shutdown();
  }

  async #exportNow(metrics: ResourceMetrics, done: (result: ExportResult) => void): Promise<void> {
    const result = await new Promise<ExportResult>((resolve) => {
      try {
        this.#inner.export(metrics, resolve);
      } catch (error) {
        resolve({ code: FAILED, error: error as Error });
      }
    });
    this.#inFlight = undefined;
    this.#settle(result);
    done(result);
  }

  #settle(result: ExportResult): void {
    if (result.code === SUCCESS) {
      this.counts.succeeded++;
      this.#lastError = undefined;
      if (this.#outage > 0) this.#listener.onBack(this.#outage);
      this.#outage = 0;
      return;
    }
    this.counts.failed++;
    this.#lastError = result.error ?? new Error('the export failed without a reason');
    if (this.#outage++ === 0) this.#listener.onLost(this.#lastError);
    if (this.#now() - this.#createdMs < RECONNECT_MS) return;
    this.#createdMs = this.#now();
    // The old exporter has nothing under way; how its shutdown ends changes nothing.
    this.#inner.shutdown().catch(() => undefined);
    this.#inner = this.#create();
  }
}

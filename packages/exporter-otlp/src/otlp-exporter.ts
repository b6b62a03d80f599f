import { diag, type MeterProvider } from '@opentelemetry/api';
import type {
  AggregationOption,
  AggregationTemporality,
  InstrumentType,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { OtlpExporterOptions } from './config/options.ts';
import { type ResolvedOptions, resolveOptions } from './config/resolve-options.ts';
import { type EncodedRequest, RequestEncoder } from './encode/encode-request.ts';
import { OtlpError } from './errors.ts';
import { ExporterMachine } from './exporter-machine.ts';
import { aggregationOf, temporalityOf } from './preferences.ts';
import { SelfMetrics } from './self-metrics.ts';
import type { OtlpStats } from './stats.ts';

/** A result as exporters give it; code 0 is success, 1 failure. */
type ExportResult = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

/** How long an operation may take. */
export interface TimeoutOptions {
  readonly timeoutMillis?: number;
}

/**
 * Exports metrics over OTLP through a log: `export` succeeds when the metrics are in the log, as durably as its fsync
 * policy says, and a sender delivers them from there, in order, until the receiver has acknowledged them.
 */
export class OtlpExporter implements PushMetricExporter {
  readonly #options: ResolvedOptions;
  readonly #machine: ExporterMachine;
  readonly #selfMetrics: SelfMetrics;
  readonly #encoder: RequestEncoder;
  /** Exports of which the encoding pauses. */
  readonly #encoding = new Set<Promise<unknown>>();

  /** @throws OtlpError `INVALID_OPTION` or `INVALID_ENVIRONMENT` */
  constructor(options: OtlpExporterOptions = {}) {
    this.#options = resolveOptions(options);
    this.#encoder = new RequestEncoder(this.#options.templateLimitBytes);
    this.#selfMetrics = new SelfMetrics(this.#options.endpoint, () => this.stats());
    this.#machine = new ExporterMachine(this.#options, this.#selfMetrics);
    // An error is told by `export`, `forceFlush` and `ready`.
    this.#machine.open().catch(() => undefined);
  }

  /** Resolves when the log is open and an earlier process's records are being sent. @throws OtlpError */
  async ready(): Promise<void> {
    await this.#machine.open();
  }

  /** Where requests go. */
  get url(): string {
    return this.#options.endpoint.url.href;
  }

  selectAggregationTemporality(type: InstrumentType): AggregationTemporality {
    return temporalityOf(this.#options.temporalityPreference, type);
  }

  selectAggregation(type: InstrumentType): AggregationOption {
    return aggregationOf(this.#options.histogramAggregation, type);
  }

  /** Ends when the metrics are in the log; fails, and counts the points as dropped, when the log did not take them. */
  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    void this.#exportNow(metrics, done);
  }

  /** The request of collected metrics, or why there is none; its points are counted as received. */
  encode(metrics: ResourceMetrics): EncodedRequest | OtlpError {
    try {
      return this.#received(this.#encoder.encode(metrics));
    } catch (error) {
      return this.#machine.unencodable(metrics, error);
    }
  }

  /**
   * As `encode`, in slices of a millisecond between which the event loop turns, where one is not enough; the metrics must
   * stay as they are meanwhile.
   */
  async encodeInSlices(metrics: ResourceMetrics): Promise<EncodedRequest | OtlpError> {
    try {
      const encoded = this.#encoder.encodeInSlices(metrics);
      if (!(encoded instanceof Promise)) return this.#received(encoded);
      return this.#received(await encoded);
    } catch (error) {
      return this.#machine.unencodable(metrics, error);
    }
  }

  /**
   * Puts a request into the log. With `keep`, a failure leaves its points held for another attempt instead of counting
   * them as dropped. @throws OtlpError `QUEUE_FULL`, `WRITE_FAILED`, `LOG_LOCKED`, `LOG_UNUSABLE` or `CLOSED`
   */
  async store(encoded: EncodedRequest, keep = false): Promise<void> {
    await this.#machine.store(encoded, keep);
  }

  /**
   * Resolves when everything exported before is acknowledged. Rejects with an `UndeliveredError` when the time is up
   * or points were dropped since the flush before.
   */
  async forceFlush(options: TimeoutOptions = {}): Promise<void> {
    if (this.#encoding.size > 0) await Promise.all(this.#encoding);
    await this.#machine.flush(options.timeoutMillis ?? this.#options.flushTimeoutMillis);
  }

  /**
   * Delivers what it can in the time, then closes; what is left stays in the log, and is lost without one. Rejects with an
   * `UndeliveredError` when something is left. Further calls give the first one's answer.
   */
  async shutdown(options: TimeoutOptions = {}): Promise<void> {
    if (this.#encoding.size > 0) await Promise.all(this.#encoding);
    await this.#machine.shutdown(options.timeoutMillis ?? this.#options.shutdownTimeoutMillis);
  }

  stats(): OtlpStats {
    return this.#machine.stats();
  }

  /** Measures the exporter with instruments of this provider; the last one set is used. */
  setSelfObsMeterProvider(meterProvider: MeterProvider): void {
    try {
      this.#selfMetrics.observe(meterProvider);
    } catch (error) {
      diag.error('otlp: the meter provider for the exporter’s own metrics does not work', error);
    }
  }

  #received(encoded: EncodedRequest): EncodedRequest {
    this.#machine.receive(encoded.pointCount);
    return encoded;
  }

  async #exportNow(metrics: ResourceMetrics, done: (result: ExportResult) => void): Promise<void> {
    let result: ExportResult = { code: 0 };
    try {
      const encoding = this.encodeInSlices(metrics);
      this.#encoding.add(encoding);
      // It never rejects. What waits for it goes on after this does, and finds the request being stored.
      const encoded = await encoding;
      this.#encoding.delete(encoding);
      if (encoded instanceof OtlpError) throw encoded;
      await this.#machine.store(encoded);
    } catch (error) {
      result = { code: 1, error: error as Error };
    }
    try {
      done(result);
    } catch (error) {
      diag.error('otlp: the callback of an export threw', error);
    }
  }
}

import { diag, type MeterProvider } from '@opentelemetry/api';
import type {
  AggregationOption,
  AggregationTemporality,
  CollectionResult,
  IMetricReader,
  InstrumentType,
  MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { OtlpExporterOptions } from './config/options.ts';
import { Deadline } from './deadline.ts';
import type { EncodedRequest } from './encode/encode-request.ts';
import { checkedNumber, OtlpError } from './errors.ts';
import { OtlpExporter, type TimeoutOptions } from './otlp-exporter.ts';
import type { OtlpStats } from './stats.ts';

/** Settings of an {@link OtlpReader}. */
export interface OtlpReaderOptions extends OtlpExporterOptions {
  /** Milliseconds between two collections. Default 60,000, or OTEL_METRIC_EXPORT_INTERVAL. */
  readonly exportIntervalMillis?: number;
  /** Milliseconds callbacks of observable instruments may take. Default 30,000, or OTEL_METRIC_EXPORT_TIMEOUT. */
  readonly collectTimeoutMillis?: number;
  /** Most series of one instrument. Default 2,000. */
  readonly cardinalityLimit?: number;
  /**
   * A due collection is left out while so many points, or more, are held: a receiver that falls behind gets fewer and later
   * points, and what it shows is fresh. Default none: every interval is kept, as a receiver that comes back wants it.
   */
  readonly collectBelowHeldPoints?: number;
}

const LONGEST_MS = 2 ** 31 - 1;

/**
 * Collects on an interval and exports through an {@link OtlpExporter} of its own. While the log takes nothing, it does not
 * collect: totals and increments stay in the SDK, and nothing is lost or held twice.
 */
export class OtlpReader implements IMetricReader {
  readonly exporter: OtlpExporter;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #cardinalityLimit: number;
  readonly #collectBelowHeldPoints: number;
  #producer: MetricProducer | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Collected, and not taken by the log. */
  #unwritten: EncodedRequest | undefined;
  #cycle: Promise<void> = Promise.resolve();
  #cycles = 0;
  #collectionsLeftOut = 0;
  #shutdown: Promise<void> | undefined;

  /** @throws OtlpError `INVALID_OPTION` or `INVALID_ENVIRONMENT` */
  constructor(options: OtlpReaderOptions = {}) {
    const { exportIntervalMillis, collectTimeoutMillis, cardinalityLimit = 2000, ...others } = options;
    const { collectBelowHeldPoints, ...rest } = others;
    this.#intervalMs = checkedNumber(
      'exportIntervalMillis',
      exportIntervalMillis ?? fromEnvironment('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000,
      1,
      LONGEST_MS,
    );
    this.#timeoutMs = checkedNumber(
      'collectTimeoutMillis',
      collectTimeoutMillis ?? fromEnvironment('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000,
      1,
      LONGEST_MS,
    );
    this.#cardinalityLimit = checkedNumber('cardinalityLimit', cardinalityLimit, 1, 2 ** 31);
    this.#collectBelowHeldPoints =
      collectBelowHeldPoints === undefined
        ? Infinity
        : checkedNumber('collectBelowHeldPoints', collectBelowHeldPoints, 1, Number.MAX_SAFE_INTEGER);
    this.exporter = new OtlpExporter(rest);
  }

  /** Called once by the provider the reader is given to. */
  setMetricProducer(producer: MetricProducer): void {
    if (this.#producer !== undefined) throw new OtlpError('INVALID_OPTION', 'a reader belongs to one MeterProvider');
    this.#producer = producer;
    this.#timer = setInterval(() => this.#tick(), this.#intervalMs);
    this.#timer.unref();
  }

  selectAggregation(type: InstrumentType): AggregationOption {
    return this.exporter.selectAggregation(type);
  }

  selectAggregationTemporality(type: InstrumentType): AggregationTemporality {
    return this.exporter.selectAggregationTemporality(type);
  }

  selectCardinalityLimit(): number {
    return this.#cardinalityLimit;
  }

  async collect(options: TimeoutOptions = {}): Promise<CollectionResult> {
    if (this.#producer === undefined) throw new OtlpError('INVALID_OPTION', 'the reader was given to no MeterProvider');
    return this.#producer.collect({ timeoutMillis: options.timeoutMillis ?? this.#timeoutMs });
  }

  /** Collects, and resolves when the receiver has acknowledged all of it. @throws UndeliveredError */
  async forceFlush(options: TimeoutOptions = {}): Promise<void> {
    if (this.#shutdown === undefined) await this.#collectNow(options.timeoutMillis);
    await this.exporter.forceFlush(options);
  }

  /** Collects a last time, delivers what it can in the time, and closes. @throws UndeliveredError */
  async shutdown(options: TimeoutOptions = {}): Promise<void> {
    this.#shutdown ??= this.#shutdownNow(options);
    return this.#shutdown;
  }

  stats(): OtlpStats {
    return this.exporter.stats();
  }

  /** Collections that were due and left out, by `collectBelowHeldPoints` or because the one before was under way. */
  get collectionsLeftOut(): number {
    return this.#collectionsLeftOut;
  }

  setSelfObsMeterProvider(meterProvider: MeterProvider): void {
    this.exporter.setSelfObsMeterProvider(meterProvider);
  }

  /** The name by which providers look for it: `sdkMetricsEnabled` of `@nanometer/metrics` calls it. */
  _setSelfObsMeterProvider(meterProvider: MeterProvider): void {
    this.setSelfObsMeterProvider(meterProvider);
  }

  #tick(): void {
    // What is not collected now is collected with the next: it is a total, or an increment that goes on growing.
    if (this.#cycles > 0 || this.stats().held >= this.#collectBelowHeldPoints) {
      this.#collectionsLeftOut++;
      return;
    }
    this.#enqueue().catch((error: unknown) => diag.debug('otlp: the log took nothing; it is tried again', error));
  }

  async #shutdownNow(options: TimeoutOptions): Promise<void> {
    clearInterval(this.#timer);
    await this.#collectNow(options.timeoutMillis);
    await this.exporter.shutdown(options);
  }

  /** One cycle that begins after this call, waited for no longer than the time; its error is the flush's to tell. */
  async #collectNow(timeoutMs: number | undefined): Promise<void> {
    if (this.#producer === undefined) return;
    const cycle = this.#enqueue().catch(() => undefined);
    if (timeoutMs === undefined) return cycle;
    const deadline = new Deadline(timeoutMs);
    await Promise.race([cycle, deadline.passed]);
    deadline.clear();
  }

  /** Cycles run one after the other. */
  async #enqueue(): Promise<void> {
    this.#cycles++;
    const previous = this.#cycle;
    const cycle = previous.then(async () => this.#runCycle()).finally(() => this.#cycles--);
    this.#cycle = cycle.catch(() => undefined);
    return cycle;
  }

  async #runCycle(): Promise<void> {
    if (this.#unwritten !== undefined) await this.#write(this.#unwritten);
    const { resourceMetrics, errors } = await this.collect();
    if (errors.length > 0) diag.error('otlp: callbacks of observable instruments failed', ...errors);
    const { resource, scopeMetrics } = resourceMetrics;
    if (scopeMetrics.length === 0) return;
    if (resource.asyncAttributesPending) await resource.waitForAsyncAttributes?.();
    const encoded = await this.exporter.encodeInSlices(resourceMetrics);
    if (encoded instanceof OtlpError) throw encoded;
    await this.#write(encoded);
  }

  async #write(encoded: EncodedRequest): Promise<void> {
    this.#unwritten = encoded;
    await this.exporter.store(encoded, true);
    this.#unwritten = undefined;
  }
}

function fromEnvironment(variable: string): number | undefined {
  const text = process.env[variable]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new OtlpError(
    'INVALID_ENVIRONMENT',
    `${variable} is ${JSON.stringify(text)}; a number of milliseconds is needed`,
  );
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag, type MeterProvider } from '@opentelemetry/api';
import type {
  AggregationOption,
  AggregationTemporality,
  CollectionResult,
  IMetricReader,
  MetricCollectOptions,
  MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { DROP_CAUSES, DropCounts } from './drop-counts.ts';
import type { RenderedExposition } from './exposition.ts';
import { ExpositionQueue } from './exposition-queue.ts';
import { collectAll, ExpositionSource } from './exposition-source.ts';
import { negotiate } from './format/accept.ts';
import type { Protocol } from './format/format.ts';
import { MetricsServer } from './http/metrics-server.ts';
import { ScrapeHandler } from './http/scrape-handler.ts';
import { type PrometheusExporterOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { SelfMetrics } from './self-metrics.ts';
import type { PrometheusExporterStats, ScrapeError } from './stats.ts';

// The SDK's enums have fixed values; carrying them instead of the enums lets the package load without the SDK.
const CUMULATIVE = 1 as AggregationTemporality;
const DEFAULT_AGGREGATION = { type: 0 } as AggregationOption;

/**
 * A metric reader that Prometheus scrapes. Works with any SDK's MeterProvider; takes the place of the class of the same name
 * in `@opentelemetry/exporter-prometheus`.
 */
export class PrometheusExporter implements IMetricReader {
  /** Tells @nanometer/metrics that exponential histograms are welcome. */
  readonly acceptsExponentialAdvice: boolean;
  readonly #options: ResolvedOptions;
  readonly #drops = new DropCounts();
  readonly #source: ExpositionSource;
  readonly #queue: ExpositionQueue;
  readonly #handler: ScrapeHandler;
  readonly #server: MetricsServer;
  readonly #scrapes: Partial<Record<Protocol, number>> = {};
  readonly #errors: Partial<Record<ScrapeError, number>> = {};
  #sentBytes = 0;
  #producer: MetricProducer | undefined = undefined;
  #selfMetrics: SelfMetrics | undefined = undefined;
  #isShutdown = false;

  /**
   * Starts the server unless told not to; `callback` is called when it listens, or with the reason why it does not.
   * @throws PrometheusExporterError `INVALID_OPTION`, `UNSUPPORTED_OPTION`
   */
  constructor(options: PrometheusExporterOptions = {}, callback: (error?: Error) => void = () => undefined) {
    this.#options = resolveOptions(options);
    this.acceptsExponentialAdvice = this.#options.exponentialAdvice;
    this.#source = new ExpositionSource(this.#options, () => this.collect(), this.#drops);
    this.#queue = new ExpositionQueue(
      (format) => this.#source.make(format),
      (exposition) => this.#source.reuse(exposition),
    );
    this.#handler = new ScrapeHandler(this.#options, (format) => this.#queue.next(format), {
      onScrape: ({ protocol, seconds, bytes, error }) => {
        this.#sentBytes += bytes;
        if (error === undefined) this.#scrapes[protocol] = (this.#scrapes[protocol] ?? 0) + 1;
        else this.#errors[error] = (this.#errors[error] ?? 0) + 1;
        this.#selfMetrics?.recordScrape(protocol, seconds, error);
      },
    });
    this.#server = new MetricsServer({
      ...this.#options,
      handle: (request, response) => this.#handler.handle(request, response),
    });
    if (this.#options.preventServerStart) queueMicrotask(callback);
    else void this.#start(callback);
  }

  /** Called by the provider, once. */
  setMetricProducer(producer: MetricProducer): void {
    if (this.#producer !== undefined) {
      throw new Error('prometheus: this exporter has a MeterProvider already; make one exporter for each');
    }
    this.#producer = producer;
  }

  /** Asked by the provider: the default, which views may replace. */
  selectAggregation(): AggregationOption {
    return DEFAULT_AGGREGATION;
  }

  /** Asked by the provider: Prometheus has cumulative values only. */
  selectAggregationTemporality(): AggregationTemporality {
    return CUMULATIVE;
  }

  /** Asked by the provider. */
  selectCardinalityLimit(): number {
    return this.#options.cardinalityLimit;
  }

  /** Collects from the provider. @throws Error before there is one, or after shutdown */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    if (this.#producer === undefined) throw new Error('prometheus: the exporter is in no MeterProvider yet');
    if (this.#isShutdown) throw new Error('prometheus: the exporter is shut down');
    const started = performance.now();
    const timeoutMillis = options?.timeoutMillis ?? this.#options.scrapeTimeoutMillis;
    try {
      const result = await collectAll([this.#producer, ...this.#options.metricProducers], timeoutMillis);
      this.#selfMetrics?.recordCollection((performance.now() - started) / 1000);
      return result;
    } catch (error) {
      this.#selfMetrics?.recordCollection((performance.now() - started) / 1000, (error as Error).name);
      throw error;
    }
  }

  /** Collects and writes what a scrape with this `Accept` header would get, uncompressed. */
  async render(accept?: string): Promise<RenderedExposition> {
    const { exposition, release } = this.#queue.next(negotiate(accept));
    return { ...(await exposition), release };
  }

  /** Answers a request in a server of one's own, whatever its path. */
  getMetricsRequestHandler(request: IncomingMessage, response: ServerResponse): void {
    this.#handler.handle(request, response);
  }

  /** Listens, once; resolves with the URL of the metrics. @throws PrometheusExporterError `PORT_IN_USE`, `LISTEN_FAILED` */
  startServer(): Promise<string> {
    return this.#server.open();
  }

  /** Ends scrapes under way and closes the server. Idempotent. */
  async stopServer(): Promise<void> {
    this.#handler.close();
    await this.#server.close();
  }

  /** Nothing is kept back: a scrape always collects. */
  async forceFlush(): Promise<void> {
    // Nothing to do.
  }

  /** Closes the server; nothing is collected any more. Idempotent. */
  async shutdown(): Promise<void> {
    this.#isShutdown = true;
    await this.stopServer();
  }

  /** What this exporter has done. */
  stats(): PrometheusExporterStats {
    const dropped = DROP_CAUSES.map((cause) => [cause, this.#drops.of(cause)] as const);
    return {
      scrapes: { ...this.#scrapes },
      errors: { ...this.#errors },
      sentBytes: this.#sentBytes,
      ...this.#source.counts,
      dropped: Object.fromEntries(dropped.filter(([, count]) => count > 0)),
      heldBytes: this.#handler.heldBytes,
      pooledBytes: this.#source.pooledBytes,
    };
  }

  async #start(callback: (error?: Error) => void): Promise<void> {
    let failure: Error | undefined;
    try {
      await this.startServer();
    } catch (error) {
      failure = error as Error;
      diag.error(failure.message);
    }
    callback(failure);
  }

  /** Called by a provider whose own metrics are on: the exporter's join them. */
  _setSelfObsMeterProvider(provider: MeterProvider): void {
    this.#selfMetrics = new SelfMetrics(provider, () => this.stats());
  }
}

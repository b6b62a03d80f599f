import { ExchangeInstrumentation } from '@nanometer/exchange';
import { InfraInstrumentation } from '@nanometer/infra';
import { MeterProvider } from '@nanometer/metrics';
import { MlInstrumentation } from '@nanometer/ml';
import { PipelineInstrumentation } from '@nanometer/pipeline';
import { RiskInstrumentation } from '@nanometer/risk';
import { TradingInstrumentation } from '@nanometer/trading';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { DemoError } from '../errors.ts';
import type { MarketMode } from '../market/market-feed.ts';
import type { DeskOptions } from '../options.ts';
import { VERSION } from '../version.ts';
import { CountingMeterProvider, type UpdateCount } from './counting-meter-provider.ts';
import { MetricsEndpoint } from './metrics-endpoint.ts';
import { SteadyExporter } from './steady-exporter.ts';

/** Longest time one export may take; what it did not deliver goes with the next. */
const EXPORT_TIMEOUT_MS = 2000;
const FLUSH_RETRY_MS = 200;

/** What the desk starts from, in US dollars, and what it may use. */
export const CAPITAL = 100_000;
export const LIMITS = { grossExposure: 150_000, netExposure: 100_000, drawdown: 1_000 } as const;

/** Settings of {@link Telemetry}. */
export interface TelemetrySettings extends DeskOptions {
  readonly mode: MarketMode;
  readonly marketName: string;
  /** Unix milliseconds of the market. */
  readonly marketClock: () => number;
  readonly notice: (text: string) => void;
}

/**
 * All there is to instrumenting the desk: a provider with two readers, and one instrumentation per subject, which the
 * desk's code calls with its events.
 */
export class Telemetry {
  readonly trading: TradingInstrumentation;
  readonly risk: RiskInstrumentation;
  readonly exchange: ExchangeInstrumentation;
  readonly ml: MlInstrumentation;
  readonly pipeline: PipelineInstrumentation;
  readonly exporter: SteadyExporter;
  readonly otlpUrl: string;
  readonly #infra: InfraInstrumentation | undefined;
  readonly #updates: UpdateCount = { value: 0 };
  readonly #provider: MeterProvider;
  readonly #endpoint: MetricsEndpoint;
  readonly #settings: TelemetrySettings;

  constructor(settings: TelemetrySettings) {
    this.#settings = settings;
    const { notice, exportIntervalMs = 250, metricsHost = '127.0.0.1', metricsPort = 9090 } = settings;
    this.otlpUrl = otlpUrlOf(settings.otlpEndpoint ?? '127.0.0.1:4317');
    this.exporter = new SteadyExporter(
      () => new OTLPMetricExporter({ url: this.otlpUrl, timeoutMillis: EXPORT_TIMEOUT_MS }),
      {
        onLost: ({ message }) =>
          notice(`no OTLP receiver at ${this.otlpUrl} (${reasonOf(message)}); the desk runs on and keeps its metrics`),
        onBack: (failed) =>
          notice(`OTLP receiver at ${this.otlpUrl} is back; caught up after ${failed} failed exports`),
      },
    );
    const prometheus = new PrometheusExporter({ preventServerStart: true });
    this.#endpoint = new MetricsEndpoint(prometheus, metricsHost, metricsPort);
    this.#provider = new MeterProvider({
      resource: resourceFromAttributes({
        'service.name': settings.serviceName ?? 'nanometer-desk',
        'service.instance.id': settings.serviceInstanceId ?? 'desk-1',
        'service.version': VERSION,
        'nanometer.market.mode': settings.mode,
        'nanometer.market.name': settings.marketName,
      }),
      readers: [
        prometheus,
        new PeriodicExportingMetricReader({
          exporter: this.exporter,
          exportIntervalMillis: exportIntervalMs,
          exportTimeoutMillis: exportIntervalMs,
        }),
      ],
    });
    const meterProvider = new CountingMeterProvider(this.#provider, this.#updates);
    this.trading = new TradingInstrumentation({ meterProvider });
    this.risk = new RiskInstrumentation({
      meterProvider,
      reportingCurrency: 'USD',
      initialCapital: CAPITAL,
      limits: LIMITS,
    });
    this.exchange = new ExchangeInstrumentation({ meterProvider, clock: settings.marketClock });
    this.ml = new MlInstrumentation({ meterProvider });
    this.pipeline = new PipelineInstrumentation({ meterProvider });
    if (settings.infra !== false) this.#infra = new InfraInstrumentation({ meterProvider });
  }

  /** Recordings so far. */
  get updates(): number {
    return this.#updates.value;
  }

  /** Events the instrumentation refused, and measurements the provider did not record, so far, by package. */
  get drops(): Readonly<Record<string, number>> {
    const metrics = Object.values(this.#provider.stats().dropped).reduce((sum, count) => sum + count, 0);
    const { trading, risk, exchange, ml, pipeline } = this;
    return {
      metrics,
      trading: trading.dropped,
      risk: risk.dropped,
      exchange: exchange.dropped,
      ml: ml.dropped,
      pipeline: pipeline.dropped,
    };
  }

  /** Opens `/metrics` and resolves with its URL. @throws DemoError `port_in_use` */
  async start(): Promise<string> {
    try {
      const url = await this.#endpoint.open();
      this.#infra?.start();
      return url;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Exports what was recorded up to now, trying until it succeeds or the time is up; resolves with the last error. */
  async flush(): Promise<Error | undefined> {
    const deadlineMs = performance.now() + (this.#settings.flushSeconds ?? 10) * 1000;
    for (;;) {
      // An export under way may have been collected before the last recording.
      await this.exporter.idle();
      const before = this.exporter.counts.succeeded;
      await this.#provider.forceFlush().catch(() => undefined);
      await this.exporter.idle();
      if (this.exporter.counts.succeeded > before) return undefined;
      if (performance.now() > deadlineMs) return this.exporter.lastError ?? new Error('nothing was exported');
      await new Promise((resolve) => setTimeout(resolve, FLUSH_RETRY_MS));
    }
  }

  /** Closes readers, exporters and `/metrics`. */
  async close(): Promise<void> {
    this.#infra?.stop();
    this.exchange.close();
    this.trading.close();
    await this.#endpoint.close();
    // Whether the last export succeeded has been told by flush().
    await this.#provider.shutdown().catch(() => undefined);
  }
}

/** gRPC wraps the socket's error in two sentences of its own. */
function reasonOf(message: string): string {
  return /connect E[A-Z]+ \S+?(?=\.?(?:\s|$))/.exec(message)?.[0] ?? message;
}

function otlpUrlOf(endpoint: string): string {
  const url = /^[a-z]+:\/\//i.test(endpoint) ? endpoint : `http://${endpoint}`;
  const valid = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (valid) return url;
  throw new DemoError(
    'invalid_option',
    `collector: expected host:port or an http(s) URL, found ${JSON.stringify(endpoint)}`,
  );
}

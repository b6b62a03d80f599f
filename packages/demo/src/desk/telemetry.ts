import { ExchangeInstrumentation, MarketInstrumentation } from '@nanometer/exchange';
import { InfraInstrumentation } from '@nanometer/infra';
import { PrometheusExporter, type PrometheusExporterError } from '@nanometer/exporter-prometheus';
import { OtlpReader } from '@nanometer/exporter-otlp';
import { LaneReader, LiveError } from '@nanometer/live';
import { MeterProvider } from '@nanometer/metrics';
import { MlInstrumentation } from '@nanometer/ml';
import { PipelineInstrumentation } from '@nanometer/pipeline';
import { type CorrelationMatrixEvent, RiskInstrumentation } from '@nanometer/risk';
import { TradingInstrumentation } from '@nanometer/trading';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { DemoError } from '../errors.ts';
import type { MarketMode } from '../market/market-feed.ts';
import type { DeskOptions } from '../options.ts';
import { VERSION } from '../version.ts';
import { CORRELATION_TOPIC, correlationBody } from './correlation-event.ts';
import { CountingMeterProvider, type UpdateCount } from './counting-meter-provider.ts';
import { type DeskMarkets, marketOptions, riskOptions, tradingOptions } from './instrumentation-options.ts';

/** Longest time one request may take; what it did not deliver is sent again. */
const EXPORT_TIMEOUT_MS = 2000;
/** Waits between two attempts: the desk's receiver is near, and its page is watched. */
const BACKOFF_MS = { initial: 50, most: 1000 } as const;
/** Time for what was recorded after a flush that succeeded. */
const CLOSE_TIMEOUT_MS = 2000;

/** Without a log on disk only the latest totals matter: a receiver on a busy machine gets them when it can. */
const HELD_POINTS = 10_000;
/** Shortest time between two correlation matrices on the live page. */
const CORRELATION_EVERY_MS = 200;

/** Settings of {@link Telemetry}. */
export interface TelemetrySettings extends DeskOptions {
  readonly mode: MarketMode;
  readonly marketName: string;
  readonly markets: DeskMarkets;
  /** Unix milliseconds of the market. */
  readonly marketClock: () => number;
  readonly notice: (text: string) => void;
}

/**
 * All there is to instrumenting the desk: a provider with its readers, and one instrumentation per subject, which the
 * desk's code calls with its events.
 */
export class Telemetry {
  readonly trading: TradingInstrumentation;
  readonly risk: RiskInstrumentation;
  readonly exchange: ExchangeInstrumentation;
  readonly market: MarketInstrumentation;
  readonly ml: MlInstrumentation;
  readonly pipeline: PipelineInstrumentation;
  readonly otlpUrl: string;
  readonly #reader: OtlpReader;
  readonly #lane: LaneReader | undefined;
  readonly #infra: InfraInstrumentation | undefined;
  readonly #updates: UpdateCount = { value: 0 };
  readonly #provider: MeterProvider;
  readonly #prometheus: PrometheusExporter;
  readonly #settings: TelemetrySettings;
  #flushed = false;
  #correlationShownMs = -Infinity;

  constructor(settings: TelemetrySettings) {
    this.#settings = settings;
    const { notice, exportIntervalMs = 250, metricsHost = '127.0.0.1', metricsPort = 9090 } = settings;
    this.otlpUrl = otlpUrlOf(settings.otlpEndpoint ?? '127.0.0.1:4317');
    this.#reader = new OtlpReader({
      protocol: 'grpc',
      url: this.otlpUrl,
      timeoutMillis: EXPORT_TIMEOUT_MS,
      initialBackoffMillis: BACKOFF_MS.initial,
      maxBackoffMillis: BACKOFF_MS.most,
      exportIntervalMillis: exportIntervalMs,
      ...(settings.walDirectory === undefined
        ? { collectBelowHeldPoints: HELD_POINTS }
        : { directory: settings.walDirectory }),
      onOutage: ({ error }) =>
        notice(`no OTLP receiver at ${this.otlpUrl} (${reasonOf(error)}); the desk runs on and keeps its metrics`),
      onRecovery: (failed) =>
        notice(`OTLP receiver at ${this.otlpUrl} is back; caught up after ${failed} failed exports`),
    });
    this.#lane = settings.pushUrl === undefined ? undefined : laneTo(settings.pushUrl);
    this.#prometheus = new PrometheusExporter({ host: metricsHost, port: metricsPort, preventServerStart: true });
    this.#provider = new MeterProvider({
      resource: resourceFromAttributes({
        'service.name': settings.serviceName ?? 'nanometer-desk',
        'service.instance.id': settings.serviceInstanceId ?? 'desk-1',
        'service.version': VERSION,
        'nanometer.market.mode': settings.mode,
        'nanometer.market.name': settings.marketName,
      }),
      readers: [this.#prometheus, this.#reader, ...(this.#lane === undefined ? [] : [this.#lane])],
    });
    this.#reader.setSelfObsMeterProvider(this.#provider);
    const meterProvider = new CountingMeterProvider(this.#provider, this.#updates);
    const { markets, marketClock: clock } = settings;
    const { rateLimits } = markets;
    this.trading = new TradingInstrumentation({ meterProvider, ...tradingOptions(markets) });
    this.risk = new RiskInstrumentation({
      meterProvider,
      ...riskOptions(markets, settings.plantBreachSeconds !== undefined),
      onCorrelationMatrix: (event) => this.#showCorrelation(event),
    });
    this.exchange = new ExchangeInstrumentation({ meterProvider, clock, rateLimits });
    this.market = new MarketInstrumentation({ meterProvider, ...marketOptions(markets) });
    this.ml = new MlInstrumentation({ meterProvider });
    this.pipeline = new PipelineInstrumentation({ meterProvider });
    if (settings.infra !== false) this.#infra = new InfraInstrumentation({ meterProvider });
  }

  /** Recordings so far. */
  get updates(): number {
    return this.#updates.value;
  }

  /** Requests to the OTLP receiver: taken, and failed and repeated. */
  get exports(): { readonly succeeded: number; readonly failed: number } {
    const { requests, retries } = this.#reader.stats();
    return { succeeded: requests, failed: retries };
  }

  /** Events the instrumentation refused, and measurements the provider did not record, so far, by package. */
  get drops(): Readonly<Record<string, number>> {
    const metrics = Object.values(this.#provider.stats().dropped).reduce((sum, count) => sum + count, 0);
    const { trading, risk, exchange, market, ml, pipeline } = this;
    return {
      metrics,
      trading: trading.dropped,
      risk: risk.dropped,
      exchange: exchange.dropped,
      market: market.dropped,
      ml: ml.dropped,
      pipeline: pipeline.dropped,
    };
  }

  /** At most so often: at speed `max` a market second is over in no time, and a page draws no faster. */
  #showCorrelation(event: CorrelationMatrixEvent): void {
    const nowMs = performance.now();
    if (this.#lane === undefined || nowMs - this.#correlationShownMs < CORRELATION_EVERY_MS) return;
    this.#correlationShownMs = nowMs;
    this.#lane.publisher.publishEvent(CORRELATION_TOPIC, correlationBody(event), { retain: true });
  }

  /** Sends what a fill has changed to the bridge, now. */
  showAtOnce(): void {
    this.#lane?.flush();
  }

  /** Opens log and `/metrics` and resolves with its URL. @throws DemoError `port_in_use` or `invalid_option` */
  async start(): Promise<string> {
    try {
      await this.#openLog();
      const url = await this.#openEndpoint();
      this.#infra?.start();
      return url;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Resolves when the receiver has what was recorded up to now, or with the reason why it has not when the time is up. */
  async flush(): Promise<Error | undefined> {
    try {
      await this.#reader.forceFlush({ timeoutMillis: (this.#settings.flushSeconds ?? 10) * 1000 });
      this.#flushed = true;
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** Closes readers, exporters and `/metrics`. */
  async close(): Promise<void> {
    this.#infra?.stop();
    this.exchange.close();
    this.market.close();
    this.trading.close();
    await this.risk.close();
    await this.#prometheus.stopServer();
    await this.#lane?.shutdown();
    // What did not arrive has been told by flush().
    await this.#reader.shutdown({ timeoutMillis: this.#flushed ? CLOSE_TIMEOUT_MS : 0 }).catch(() => undefined);
    await this.#provider.shutdown().catch(() => undefined);
  }

  async #openEndpoint(): Promise<string> {
    try {
      return await this.#prometheus.startServer();
    } catch (cause) {
      const { code, message } = cause as PrometheusExporterError;
      if (code !== 'PORT_IN_USE') throw new DemoError('invalid_option', `desk: ${message}`, { cause });
      const { metricsHost = '127.0.0.1', metricsPort = 9090 } = this.#settings;
      const text = `desk: port ${metricsPort} on ${metricsHost}, for /metrics, is in use; choose another with --metrics-port, or 0 for any`;
      throw new DemoError('port_in_use', text, { cause });
    }
  }

  async #openLog(): Promise<void> {
    try {
      await this.#reader.exporter.ready();
    } catch (error) {
      throw new DemoError('invalid_option', `walDirectory: ${(error as Error).message}`, { cause: error });
    }
  }
}

function laneTo(url: string): LaneReader {
  try {
    return new LaneReader({ url });
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    throw new DemoError('invalid_option', `pushUrl: ${error.message}`, { cause: error });
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

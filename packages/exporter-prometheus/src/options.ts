import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { PrometheusExporterError } from './errors.ts';
import { TRANSLATION_STRATEGIES, type TranslationStrategy } from './names/translation.ts';

/** Options of the exporter; those that the stock exporter has are named as there. */
export interface PrometheusExporterOptions {
  /** Interface to listen on; `OTEL_EXPORTER_PROMETHEUS_HOST`, otherwise 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on, 0 for any that is free; `OTEL_EXPORTER_PROMETHEUS_PORT`, otherwise 9090. */
  readonly port?: number;
  /** Path of the metrics; `/metrics` by default. */
  readonly endpoint?: string;
  /** Put before every metric name, with an underscore between; none by default. */
  readonly prefix?: string;
  /** Listens only when {@link PrometheusExporter.startServer} is called, or never. */
  readonly preventServerStart?: boolean;
  /** Resource attributes, by key, that every series has as labels; none by default. */
  readonly withResourceConstantLabels?: RegExp;
  /** Leaves out the labels `otel_scope_…`. */
  readonly withoutScopeInfo?: boolean;
  /** Leaves out `target_info`. */
  readonly withoutTargetInfo?: boolean;
  /** Further sources of metrics; their resource is not shown. */
  readonly metricProducers?: readonly MetricProducer[];
  /** Not to be had: a scrape has the time at which it is made (specification). */
  readonly appendTimestamp?: false;
  /** How OpenTelemetry's names become Prometheus' names; `UnderscoreEscapingWithSuffixes` by default. */
  readonly translationStrategy?: TranslationStrategy;
  /** Adds `_created` samples to OpenMetrics; off by default, as each is a series more for most servers. */
  readonly withCreated?: boolean;
  /** Lets `advice.exponentialMaxSize` of @nanometer/metrics decide; on by default. */
  readonly exponentialAdvice?: boolean;
  /** Series per metric before the rest is one overflow series, where no view says otherwise; 2000 by default. */
  readonly cardinalityLimit?: number;
  /** Longest time, in milliseconds, that writing holds the event loop at a stretch; 1 by default. */
  readonly sliceMillis?: number;
  /** Longest time a scrape may take; the scraper's own limit counts where it is shorter. 10,000 by default. */
  readonly scrapeTimeoutMillis?: number;
  /** Scrapes under way at once, waiting ones included; one more is answered 503. 32 by default. */
  readonly scrapeLimit?: number;
  /** Bytes of expositions that slow scrapers may hold in memory; beyond it scrapes are answered 503. 256 MiB by default. */
  readonly heldBytesLimit?: number;
  /** Bytes kept between scrapes to write the next ones into; 0 keeps none. 16 MiB by default. */
  readonly pooledBytesLimit?: number;
  /** Formats whose names and labels are kept between scrapes; 4 by default. */
  readonly formatLimit?: number;
  /** Compresses where the scraper accepts it; on by default. */
  readonly compression?: boolean;
}

/** The options with nothing left open. */
export interface ResolvedOptions {
  readonly host: string;
  readonly port: number;
  readonly endpoint: string;
  readonly prefix: string;
  readonly preventServerStart: boolean;
  readonly withResourceConstantLabels: RegExp | undefined;
  readonly withoutScopeInfo: boolean;
  readonly withoutTargetInfo: boolean;
  readonly metricProducers: readonly MetricProducer[];
  readonly translationStrategy: TranslationStrategy;
  readonly withCreated: boolean;
  readonly exponentialAdvice: boolean;
  readonly cardinalityLimit: number;
  readonly sliceMillis: number;
  readonly scrapeTimeoutMillis: number;
  readonly scrapeLimit: number;
  readonly heldBytesLimit: number;
  readonly pooledBytesLimit: number;
  readonly formatLimit: number;
  readonly compression: boolean;
}

const HOST_VARIABLE = 'OTEL_EXPORTER_PROMETHEUS_HOST';
const PORT_VARIABLE = 'OTEL_EXPORTER_PROMETHEUS_PORT';
const DEFAULT_PORT = 9090;
const HIGHEST_PORT = 65_535;

type Environment = Readonly<Record<string, string | undefined>>;

/** Checks the options and fills in what they leave open. @throws PrometheusExporterError */
export function resolveOptions(
  options: PrometheusExporterOptions = {},
  environment: Environment = process.env,
): ResolvedOptions {
  if ((options.appendTimestamp as boolean | undefined) === true) {
    throw new PrometheusExporterError(
      'UNSUPPORTED_OPTION',
      'prometheus: appendTimestamp is not supported: the specification forbids explicit timestamps; leave it out',
      'appendTimestamp',
    );
  }
  const endpoint = options.endpoint ?? '/metrics';
  return {
    host: options.host ?? nonEmpty(environment[HOST_VARIABLE]) ?? '127.0.0.1',
    port: portOf(options, environment),
    endpoint: endpoint.startsWith('/') ? endpoint : `/${endpoint}`,
    prefix: options.prefix ?? '',
    preventServerStart: options.preventServerStart ?? false,
    withResourceConstantLabels: options.withResourceConstantLabels,
    withoutScopeInfo: options.withoutScopeInfo ?? false,
    withoutTargetInfo: options.withoutTargetInfo ?? false,
    metricProducers: options.metricProducers ?? [],
    translationStrategy: strategyOf(options.translationStrategy),
    withCreated: options.withCreated ?? false,
    exponentialAdvice: options.exponentialAdvice ?? true,
    cardinalityLimit: whole('cardinalityLimit', options.cardinalityLimit, 2000),
    sliceMillis: positive('sliceMillis', options.sliceMillis, 1),
    scrapeTimeoutMillis: positive('scrapeTimeoutMillis', options.scrapeTimeoutMillis, 10_000),
    scrapeLimit: whole('scrapeLimit', options.scrapeLimit, 32),
    heldBytesLimit: whole('heldBytesLimit', options.heldBytesLimit, 256 * 1024 * 1024),
    pooledBytesLimit: whole('pooledBytesLimit', options.pooledBytesLimit, 16 * 1024 * 1024, 0),
    formatLimit: whole('formatLimit', options.formatLimit, 4),
    compression: options.compression ?? true,
  };
}

function portOf({ port }: PrometheusExporterOptions, environment: Environment): number {
  const text = nonEmpty(environment[PORT_VARIABLE]);
  const found = port ?? (text === undefined ? DEFAULT_PORT : Number(text));
  if (Number.isInteger(found) && found >= 0 && found <= HIGHEST_PORT) return found;
  const where = port === undefined ? PORT_VARIABLE : 'port';
  throw invalid(where, port ?? text, `a whole number from 0 to ${HIGHEST_PORT}`);
}

function strategyOf(strategy: TranslationStrategy | undefined): TranslationStrategy {
  if (strategy === undefined) return TRANSLATION_STRATEGIES[0];
  if (TRANSLATION_STRATEGIES.includes(strategy)) return strategy;
  throw invalid('translationStrategy', strategy, `one of ${TRANSLATION_STRATEGIES.join(', ')}`);
}

function whole(option: string, value: number | undefined, byDefault: number, least = 1): number {
  if (value === undefined) return byDefault;
  if (Number.isInteger(value) && value >= least) return value;
  throw invalid(option, value, `a whole number from ${least}`);
}

function positive(option: string, value: number | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (Number.isFinite(value) && value > 0) return value;
  throw invalid(option, value, 'a number above 0');
}

function invalid(option: string, found: unknown, expected: string): PrometheusExporterError {
  const text = typeof found === 'string' ? JSON.stringify(found) : String(found);
  return new PrometheusExporterError(
    'INVALID_OPTION',
    `prometheus: ${option} is ${text}; expected ${expected}`,
    option,
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

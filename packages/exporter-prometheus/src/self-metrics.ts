import type { Attributes, Histogram, MeterProvider } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_NANOMETER_DROP_CAUSE,
  ATTR_NANOMETER_SCRAPE_PROTOCOL,
  ATTR_OTEL_COMPONENT_NAME,
  ATTR_OTEL_COMPONENT_TYPE,
  createHistogram,
  createObservableCounter,
  createObservableUpDownCounter,
  METRIC_NANOMETER_PROMETHEUS_POINT_DROPPED,
  METRIC_NANOMETER_PROMETHEUS_POINT_FORWARDED,
  METRIC_NANOMETER_PROMETHEUS_POINT_HELD,
  METRIC_NANOMETER_PROMETHEUS_POINT_RECEIVED,
  METRIC_NANOMETER_PROMETHEUS_RESPONSE_SIZE,
  METRIC_NANOMETER_PROMETHEUS_SCRAPE_DURATION,
  METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION,
} from '@nanometer/semconv';
import type { Protocol } from './format/format.ts';
import type { PrometheusExporterStats, ScrapeError } from './stats.ts';
import { VERSION } from './version.ts';

const COMPONENT_TYPE = 'prometheus_http_text_metric_exporter';
let componentCount = 0;

/** Exports what an exporter does as metrics of its own. */
export class SelfMetrics {
  readonly #scrapeSeconds: Histogram;
  readonly #collectionSeconds: Histogram;
  readonly #component: Attributes = {
    [ATTR_OTEL_COMPONENT_TYPE]: COMPONENT_TYPE,
    [ATTR_OTEL_COMPONENT_NAME]: `${COMPONENT_TYPE}/${componentCount++}`,
  };

  constructor(provider: MeterProvider, stats: () => PrometheusExporterStats) {
    const meter = provider.getMeter('@nanometer/exporter-prometheus', VERSION);
    this.#scrapeSeconds = createHistogram(meter, METRIC_NANOMETER_PROMETHEUS_SCRAPE_DURATION);
    this.#collectionSeconds = createHistogram(meter, METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION);
    createObservableCounter(meter, METRIC_NANOMETER_PROMETHEUS_RESPONSE_SIZE).addCallback((result) => {
      result.observe(stats().sentBytes);
    });
    createObservableCounter(meter, METRIC_NANOMETER_PROMETHEUS_POINT_RECEIVED).addCallback((result) => {
      result.observe(stats().received);
    });
    createObservableCounter(meter, METRIC_NANOMETER_PROMETHEUS_POINT_FORWARDED).addCallback((result) => {
      result.observe(stats().forwarded);
    });
    createObservableCounter(meter, METRIC_NANOMETER_PROMETHEUS_POINT_DROPPED).addCallback((result) => {
      for (const [cause, count] of Object.entries(stats().dropped)) {
        result.observe(count, { [ATTR_NANOMETER_DROP_CAUSE]: cause });
      }
    });
    createObservableUpDownCounter(meter, METRIC_NANOMETER_PROMETHEUS_POINT_HELD).addCallback((result) => {
      const { received, forwarded, dropped } = stats();
      result.observe(received - forwarded - Object.values(dropped).reduce((sum, count) => sum + count, 0));
    });
  }

  recordScrape(protocol: Protocol, seconds: number, error: ScrapeError | undefined): void {
    const attributes: Attributes = { [ATTR_NANOMETER_SCRAPE_PROTOCOL]: protocol };
    this.#scrapeSeconds.record(seconds, error === undefined ? attributes : { ...attributes, [ATTR_ERROR_TYPE]: error });
  }

  recordCollection(seconds: number, error?: string): void {
    const attributes = error === undefined ? this.#component : { ...this.#component, [ATTR_ERROR_TYPE]: error };
    this.#collectionSeconds.record(seconds, attributes);
  }
}

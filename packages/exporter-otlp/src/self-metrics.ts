import type { MeterProvider, ObservableResult } from '@opentelemetry/api';
import { ExporterMetrics } from '@opentelemetry/otlp-exporter-base';
import {
  ATTR_NANOMETER_DROP_CAUSE,
  createHistogram,
  createObservableCounter,
  createObservableGauge,
  createObservableUpDownCounter,
  METRIC_NANOMETER_OTLP_BYTE_HELD,
  METRIC_NANOMETER_OTLP_HELD_AGE,
  METRIC_NANOMETER_OTLP_LOG_SYNC_DURATION,
  METRIC_NANOMETER_OTLP_POINT_DROPPED,
  METRIC_NANOMETER_OTLP_POINT_FORWARDED,
  METRIC_NANOMETER_OTLP_POINT_HELD,
  METRIC_NANOMETER_OTLP_POINT_RECEIVED,
  METRIC_NANOMETER_OTLP_REQUEST_RETRIED,
} from '@nanometer/semconv';
import type { Endpoint } from './config/endpoint.ts';
import type { SendResult } from './send/transport.ts';
import type { OtlpStats } from './stats.ts';
import { VERSION } from './version.ts';

const SCOPE = '@nanometer/exporter-otlp';
const POINTS = { name: 'metric_data_point' as const, countItems: (points: number): number => points };

/** The exporter's own metrics: Nanometer's account of the hop, and the conventions' `otel.sdk.exporter.*`. */
export class SelfMetrics {
  readonly #endpoint: Endpoint;
  readonly #stats: () => OtlpStats;
  #standard: ExporterMetrics<number> | undefined;
  #syncDuration: { record(seconds: number): void } | undefined;
  /** Callbacks of a provider that was replaced observe nothing any more. */
  #current: MeterProvider | undefined;

  constructor(endpoint: Endpoint, stats: () => OtlpStats) {
    this.#endpoint = endpoint;
    this.#stats = stats;
  }

  observe(meterProvider: MeterProvider): void {
    if (meterProvider === this.#current) return;
    this.#current = meterProvider;
    const { protocol, url } = this.#endpoint;
    this.#standard = new ExporterMetrics({
      componentType: protocol === 'grpc' ? 'otlp_grpc_metric_exporter' : 'otlp_http_metric_exporter',
      metricsHelper: POINTS,
      meterProvider,
      url: url.href,
      responseAttributesFromError: () => ({}),
    });
    const meter = meterProvider.getMeter(SCOPE, VERSION);
    this.#syncDuration = createHistogram(meter, METRIC_NANOMETER_OTLP_LOG_SYNC_DURATION);
    const reading =
      (read: (stats: OtlpStats) => number) =>
      (result: ObservableResult): void => {
        if (meterProvider === this.#current) result.observe(read(this.#stats()));
      };
    createObservableCounter(meter, METRIC_NANOMETER_OTLP_POINT_RECEIVED).addCallback(
      reading((stats) => stats.received),
    );
    createObservableCounter(meter, METRIC_NANOMETER_OTLP_POINT_FORWARDED).addCallback(
      reading((stats) => stats.forwarded),
    );
    createObservableUpDownCounter(meter, METRIC_NANOMETER_OTLP_POINT_HELD).addCallback(reading((stats) => stats.held));
    createObservableUpDownCounter(meter, METRIC_NANOMETER_OTLP_BYTE_HELD).addCallback(
      reading((stats) => stats.heldBytes),
    );
    createObservableGauge(meter, METRIC_NANOMETER_OTLP_HELD_AGE).addCallback(
      reading((stats) => stats.oldestHeldSeconds),
    );
    createObservableCounter(meter, METRIC_NANOMETER_OTLP_REQUEST_RETRIED).addCallback(
      reading((stats) => stats.retries),
    );
    createObservableCounter(meter, METRIC_NANOMETER_OTLP_POINT_DROPPED).addCallback((result) => {
      if (meterProvider !== this.#current) return;
      for (const [cause, points] of Object.entries(this.#stats().dropped)) {
        result.observe(points, { [ATTR_NANOMETER_DROP_CAUSE]: cause });
      }
    });
  }

  /** An fsync of the log took so many seconds. */
  synced(seconds: number): void {
    this.#syncDuration?.record(seconds);
  }

  /** A request begins; call what is returned with its final outcome. */
  startRequest(points: number): (failure?: SendResult) => void {
    const finish = this.#standard?.startExport(points);
    return (failure) => {
      if (failure === undefined || failure.kind === 'accepted') return finish?.(undefined);
      // The conventions' error.type is the error's name.
      finish?.(Object.assign(new Error(failure.error), { name: failure.type }));
    };
  }
}

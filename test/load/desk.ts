import { setTimeout as pause } from 'node:timers/promises';
import { OtlpExporter } from '@nanometer/exporter-otlp';
import { MeterProvider } from '@nanometer/metrics';
import { ATTR_TRADING_STRATEGY, ATTR_TRADING_SYMBOL, METRIC_TRADING_FILL_COUNT } from '@nanometer/semconv';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

/** What the desk under load is told, as JSON in its only argument. */
export interface LoadDeskOptions {
  /** OTLP receiver: gRPC `host:port`. */
  readonly url: string;
  readonly logFolder: string;
  readonly series: number;
  readonly exportMillis: number;
  readonly seconds: number;
}

/** What it says at its end. */
export interface LoadDeskReport {
  /** Sum over all series. */
  readonly recorded: number;
  /** Exports that the log took. */
  readonly exports: number;
  /** Ticks on which the export before was still under way. */
  readonly skipped: number;
  readonly seconds: number;
  /** Points dropped, by cause. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly undelivered?: string;
}

const SYMBOLS_PER_STRATEGY = 100;
const SHUTDOWN_LIMIT_MS = 180_000;

/*
 * Every series changes before every export, so that each point carries something new. It exports on a fixed beat, through the
 * write-ahead log, and counts the beats it missed.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as LoadDeskOptions;
const exporter = new OtlpExporter({ protocol: 'grpc', url: options.url, directory: options.logFolder });
await exporter.ready();
const reader = new PeriodicExportingMetricReader({
  exporter,
  exportIntervalMillis: 3_600_000,
});
const provider = new MeterProvider({
  resource: resourceFromAttributes({ 'service.name': 'desk', 'service.instance.id': 'load' }),
  readers: [reader],
  views: [{ instrumentName: '*', aggregationCardinalityLimit: options.series + 1 }],
});
const { name, unit, description } = METRIC_TRADING_FILL_COUNT;
const counter = provider.getMeter('load').createCounter(name, { unit, description });
const attributes = Array.from({ length: options.series }, (_, index) => ({
  [ATTR_TRADING_STRATEGY]: `strategy-${Math.floor(index / SYMBOLS_PER_STRATEGY)}`,
  [ATTR_TRADING_SYMBOL]: `S${index % SYMBOLS_PER_STRATEGY}`,
}));

let [recorded, exports, skipped] = [0, 0, 0];
let exporting: Promise<void> | undefined;

async function exportNow(): Promise<void> {
  const { resourceMetrics } = await reader.collect();
  const error = await new Promise<Error | undefined>((resolve) => {
    exporter.export(resourceMetrics, (result) => resolve(result.error));
  });
  if (error === undefined) exports += 1;
}

function record(): void {
  for (const each of attributes) counter.add(1, each);
  recorded += attributes.length;
}

const started = performance.now();
const beats = Math.floor((options.seconds * 1000) / options.exportMillis);
for (let beat = 1; beat <= beats; beat += 1) {
  if (exporting === undefined) {
    record();
    exporting = exportNow().finally(() => {
      exporting = undefined;
    });
  } else skipped += 1;
  await pause(Math.max(0, started + beat * options.exportMillis - performance.now()));
}
await exporting;
const seconds = (performance.now() - started) / 1000;
// What a beat recorded and the log refused goes with one more export.
await exportNow();
const undelivered = await exporter.shutdown({ timeoutMillis: SHUTDOWN_LIMIT_MS }).then(
  () => undefined,
  (error: Error) => error.message,
);
const report: LoadDeskReport = {
  recorded,
  exports,
  skipped,
  seconds,
  dropped: exporter.stats().dropped,
  ...(undelivered === undefined ? {} : { undelivered }),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);

import { setTimeout as pause } from 'node:timers/promises';
import { MeterProvider } from '@nanometer/metrics';
import { OtlpExporter } from '@nanometer/exporter-otlp';
import {
  ATTR_TRADING_SYMBOL,
  createCounter,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
} from '@nanometer/semconv';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { batchOf, instanceOf, SYMBOLS } from '../workload.ts';
import { LifeFile } from './life-file.ts';
import type { DeskCommand, DeskMessage, DeskOptions } from './messages.ts';

/*
 * One life of the desk: records known updates in batches, exports after each through the write-ahead log, and writes down
 * what it has begun and what the log has taken, so that its killer knows what must arrive.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as DeskOptions;
const life = new LifeFile(options.lifeFile);
const tell = (message: DeskMessage): void => void process.send?.(message);

let clockOffset = options.clockOffsetMillis;
const finish = new AbortController();
process.on('message', (command: DeskCommand) => {
  if (command.type === 'step') clockOffset += command.millis;
  else finish.abort();
});
process.once('SIGTERM', () => finish.abort());

const exporter = new OtlpExporter({
  protocol: 'http/protobuf',
  url: options.url,
  directory: options.logFolder,
  limitBytes: options.logLimitBytes,
  timeoutMillis: 3000,
  initialBackoffMillis: 50,
  maxBackoffMillis: 1000,
  maxRetryAfterMillis: 2000,
});
await exporter.ready();
// The interval is beyond the test: batches are exported when they are recorded.
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const provider = new MeterProvider({
  resource: resourceFromAttributes({ 'service.name': 'desk', 'service.instance.id': instanceOf(options.life) }),
  readers: [reader],
  clock: { now: () => Date.now() + clockOffset },
});
const meter = provider.getMeter('faults');
const fills = createCounter(meter, METRIC_TRADING_FILL_COUNT);
const quantity = createCounter(meter, METRIC_TRADING_FILL_QUANTITY);
const attributes = SYMBOLS.map((symbol) => ({ [ATTR_TRADING_SYMBOL]: symbol }));

let batch = 0;
let durable = 0;
let exporting: Promise<void> | undefined;

async function exportNow(upTo: number): Promise<void> {
  const { resourceMetrics } = await reader.collect();
  const error = await new Promise<Error | undefined>((resolve) => {
    exporter.export(resourceMetrics, ({ error }) => resolve(error));
  });
  // What the log did not take stays in the totals, and goes with the next export.
  if (error !== undefined) return;
  durable = upTo;
  life.durable(upTo);
}

while (!finish.signal.aborted) {
  batch += 1;
  life.begin(batch);
  for (const update of batchOf(options.seed, options.life, batch, options.updatesPerBatch)) {
    fills.add(1, attributes[update.symbol]);
    quantity.add(update.quantity, attributes[update.symbol]);
  }
  exporting ??= exportNow(batch).finally(() => {
    exporting = undefined;
  });
  tell({ type: 'batch', batch, durable });
  await pause(options.batchMillis);
}
await exporting;
// The last batch must not be the one that the log refused.
while (durable < batch) {
  await exportNow(batch);
  if (durable < batch) await pause(options.batchMillis);
}
const undelivered = await exporter.shutdown({ timeoutMillis: 2000 }).then(
  () => undefined,
  (error: Error) => error.message,
);
if (undelivered === undefined) life.delivered();
life.close();
tell({ type: 'finished', batch, stats: exporter.stats(), ...(undelivered === undefined ? {} : { undelivered }) });
process.exit(0);

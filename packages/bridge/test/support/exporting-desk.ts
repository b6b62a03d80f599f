// Exports one increment after the other through a log, and prints the number of each that the exporter has confirmed:
// URL, folder of the log, first and last number. Ends when all have been delivered. Is killed.
import { OtlpExporter } from '@nanometer/exporter-otlp';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

const [url = '', directory = '', first = '0', last = '0'] = process.argv.slice(2);
const resource = resourceFromAttributes({ 'service.name': 'desk' });

function increment(index: number): ResourceMetrics {
  const point = { startTime: [1, index], endTime: [1, index + 1], attributes: {}, value: 1 } as const;
  return {
    resource,
    scopeMetrics: [
      {
        scope: { name: 'desk' },
        metrics: [
          {
            descriptor: { name: 'ticks', description: '', unit: '', valueType: 1 },
            aggregationTemporality: AggregationTemporality.DELTA,
            dataPointType: DataPointType.SUM,
            isMonotonic: true,
            dataPoints: [{ ...point, startTime: [1, index], endTime: [1, index + 1] }],
          },
        ],
      },
    ],
  };
}

const exporter = new OtlpExporter({
  protocol: 'http/protobuf',
  url,
  directory,
  initialBackoffMillis: 5,
  maxBackoffMillis: 50,
});
await exporter.ready();
for (let index = Number(first); index <= Number(last); index++) {
  await new Promise<void>((resolve, reject) => {
    exporter.export(increment(index), ({ error }) => {
      if (error) reject(error);
      else process.stdout.write(`${index}\n`, () => resolve());
    });
  });
}
await exporter.forceFlush({ timeoutMillis: 60_000 });
await exporter.shutdown();

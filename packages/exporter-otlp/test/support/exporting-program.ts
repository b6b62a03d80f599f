// Exports one point after the other and tells its parent each that the exporter confirmed. Is killed.
import { OtlpExporter } from '../../src/index.ts';
import { metricsOf } from './metrics.ts';

const [url = '', directory = '', first = '0'] = process.argv.slice(2);
const exporter = new OtlpExporter({
  protocol: 'http/protobuf',
  url,
  directory,
  segmentBytes: 4096,
  limitBytes: 64 << 20,
  initialBackoffMillis: 5,
  maxBackoffMillis: 20,
});
await exporter.ready();
for (let index = Number(first); ; index++) {
  await new Promise<void>((resolve) => {
    exporter.export(metricsOf(index, 1, `point ${index};`), ({ error }) => {
      if (error === undefined) process.send?.(index);
      resolve();
    });
  });
}

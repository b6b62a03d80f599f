import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freeTcpPorts } from '../ports.ts';
import { RunningProcess } from '../process.ts';
import { waitFor } from '../wait-for.ts';
import { SeriesTotals, type StatsdTarget } from './series.ts';

interface Point {
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string | number;
}

interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly Point[] };
}

interface Export {
  readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[];
}

/** Starts the collector with its statsd receiver; what it makes of the lines comes back as OTLP. */
export async function startStatsdReceiver(
  command: string,
  folder: string,
  listen: { readonly transport: 'udp' | 'unixgram'; readonly endpoint: string },
): Promise<StatsdTarget> {
  const totals = new SeriesTotals();
  const sink = await listenForOtlp(totals);
  const [health = 0] = await freeTcpPorts(1);
  const config = {
    receivers: {
      statsd: {
        ...listen,
        aggregation_interval: '500ms',
        // The default cuts fractions off every increment.
        counter_type: 'float',
        is_monotonic_counter: true,
        ...(listen.transport === 'unixgram' ? { socket_permissions: 0o777 } : {}),
        timer_histogram_mapping: ['timer', 'histogram', 'distribution'].map((type) => ({
          statsd_type: type,
          observer_type: 'histogram',
          histogram: { max_size: 160 },
        })),
      },
    },
    exporters: {
      otlp_http: { endpoint: sink.url, encoding: 'json', compression: 'none' },
    },
    extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
    service: {
      extensions: ['health_check'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { metrics: { receivers: ['statsd'], exporters: ['otlp_http'] } },
    },
  };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.yaml');
  writeFileSync(file, stringify(config));
  const child = new RunningProcess({ name: 'otelcol', command, args: ['--config', file], cwd: folder });
  await waitFor('the collector is ready', async () => {
    child.assertRunning();
    const response = await fetch(`http://127.0.0.1:${health}/`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  });
  return {
    stop: async () => {
      await child.stop();
      await sink.stop();
    },
    read: () => totals.all,
  };
}

async function listenForOtlp(totals: SeriesTotals): Promise<{ url: string; stop(): Promise<void> }> {
  const [port = 0] = await freeTcpPorts(1);
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      addExport(totals, JSON.parse(body) as Export);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

function addExport(totals: SeriesTotals, { resourceMetrics }: Export): void {
  for (const { name, sum, gauge, exponentialHistogram } of resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics),
  )) {
    const tagsOf = ({ attributes = [] }: Point): string[] =>
      attributes.map(({ key, value }) => `${key}=${value.stringValue ?? ''}`);
    const valueOf = ({ asDouble, asInt }: Point): number => asDouble ?? Number(asInt ?? 0);
    for (const point of sum?.dataPoints ?? []) totals.add('counter', name, tagsOf(point), valueOf(point));
    for (const point of gauge?.dataPoints ?? []) totals.add('gauge', name, tagsOf(point), valueOf(point));
    for (const point of exponentialHistogram?.dataPoints ?? []) {
      totals.add('count', name, tagsOf(point), Number(point.count ?? 0));
    }
  }
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StatsdExporterOptions } from '@nanometer/exporter-statsd';
import type { Checks } from '../checks.ts';
import { freeTcpPorts, freeUdpPort } from '../ports.ts';
import type { Programs } from '../programs/programs.ts';
import { waitFor } from '../wait-for.ts';
import { startNpmStatsd } from './npm-statsd.ts';
import type { StatsdTarget } from './series.ts';
import { startStatsdExporter } from './statsd-exporter.ts';
import { startStatsdReceiver } from './statsd-receiver.ts';
import { driveWorkload, type Expectation, workloadDifferences } from './workload.ts';

const ARRIVAL_LIMIT_MS = 180_000;

/** One server, and how it is reached and spoken to. */
interface Pair {
  readonly what: string;
  readonly server: StatsdTarget;
  readonly options: StatsdExporterOptions;
}

/**
 * Sends one workload in every dialect that a real server reads, over every transport they share, and compares what the
 * server holds with the workload's own ledger: counters, gauges, and the counts of sampled histograms.
 */
export async function runStatsdDialects(
  programs: Pick<Programs, 'otelcol' | 'statsdExporter'>,
  folder: string,
  checks: Checks,
  onStart: (stoppable: { stop(): Promise<void> }) => void,
): Promise<void> {
  const home = join(folder, 'statsd-dialects');
  mkdirSync(home, { recursive: true });
  for (const { what, server, options } of await startPairs(programs, home, onStart)) {
    await checks.run(`${what} gives the totals of the ledger`, async () => {
      const hasTags = options.dialect !== 'etsy';
      const prefixes = ['summary', 'samples'] as const;
      const expected: [string, Expectation][] = [];
      for (const histograms of prefixes) {
        const prefix = `${options.dialect}.${options.transport}.${histograms}.`;
        expected.push([prefix, await driveWorkload({ ...options, histograms, onTrouble: fail }, prefix)]);
      }
      let last: readonly string[] = [];
      const isThere = async (): Promise<boolean> => {
        const series = await server.read();
        last = expected.flatMap(([prefix, each]) => workloadDifferences(each, series, prefix, hasTags));
        return last.length === 0;
      };
      await waitFor('the totals are equal', isThere, ARRIVAL_LIMIT_MS).catch((error: Error) => {
        throw last.length > 0 ? new Error(last.slice(0, 5).join('\n')) : error;
      });
      return `${expected.reduce((sum, [, each]) => sum + [...each.values()].flat().length, 0)} series`;
    });
  }
}

function fail(error: Error): never {
  throw error;
}

async function startPairs(
  programs: Pick<Programs, 'otelcol' | 'statsdExporter'>,
  home: string,
  onStart: (stoppable: { stop(): Promise<void> }) => void,
): Promise<Pair[]> {
  const host = '127.0.0.1';
  const started = async (target: Promise<StatsdTarget>): Promise<StatsdTarget> => {
    const running = await target;
    onStart(running);
    return running;
  };
  const [tcpPort = 0, exporterPort = 0] = await freeTcpPorts(2);
  const paths = {
    npm: join(home, 'npm.sock'),
    exporter: join(home, 'exporter.sock'),
    collector: join(home, 'otel.sock'),
  };
  const udpPort = await freeUdpPort();
  const collectorPort = await freeUdpPort();
  const npmUdp = await started(startNpmStatsd(join(home, 'npm-udp'), { server: 'udp', port: udpPort }));
  const npmTcp = await started(startNpmStatsd(join(home, 'npm-tcp'), { server: 'tcp', port: tcpPort }));
  const npmUnix = await started(startNpmStatsd(join(home, 'npm-unix'), { server: 'unix', path: paths.npm }));
  const exporter = await started(
    startStatsdExporter(programs.statsdExporter, join(home, 'statsd_exporter'), exporterPort, paths.exporter),
  );
  const receiverUdp = await started(
    startStatsdReceiver(programs.otelcol, join(home, 'otelcol-udp'), {
      transport: 'udp',
      endpoint: `${host}:${collectorPort}`,
    }),
  );
  const receiverUnix = await started(
    startStatsdReceiver(programs.otelcol, join(home, 'otelcol-unix'), {
      transport: 'unixgram',
      endpoint: paths.collector,
    }),
  );
  const pair = (name: string, server: StatsdTarget, options: StatsdExporterOptions): Pair => ({
    what: `${name} over ${options.transport} in ${options.dialect}`,
    server,
    options,
  });
  return [
    // It knows no `d`: sampled histograms go to it as timers, in the other two dialects.
    pair('statsd', npmUdp, { transport: 'udp', host, port: udpPort, dialect: 'etsy' }),
    pair('statsd', npmUdp, { transport: 'udp', host, port: udpPort, dialect: 'graphite' }),
    pair('statsd', npmTcp, { transport: 'tcp', host, port: tcpPort, dialect: 'etsy' }),
    pair('statsd', npmUnix, { transport: 'unix', path: paths.npm, dialect: 'graphite' }),
    pair('statsd_exporter', exporter, { transport: 'udp', host, port: exporterPort, dialect: 'etsy' }),
    pair('statsd_exporter', exporter, { transport: 'udp', host, port: exporterPort, dialect: 'influx' }),
    pair('statsd_exporter', exporter, { transport: 'udp', host, port: exporterPort, dialect: 'dogstatsd' }),
    pair('statsd_exporter', exporter, {
      transport: 'tcp',
      host,
      port: exporterPort,
      dialect: 'dogstatsd',
      dogstatsd: { protocol: '1.1' },
    }),
    pair('statsd_exporter', exporter, { transport: 'unixgram', path: paths.exporter, dialect: 'dogstatsd' }),
    pair('statsdreceiver', receiverUdp, { transport: 'udp', host, port: collectorPort, dialect: 'etsy' }),
    pair('statsdreceiver', receiverUdp, { transport: 'udp', host, port: collectorPort, dialect: 'dogstatsd' }),
    pair('statsdreceiver', receiverUnix, { transport: 'unixgram', path: paths.collector, dialect: 'dogstatsd' }),
  ];
}

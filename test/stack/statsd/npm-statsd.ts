import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CHECKOUT } from '../paths.ts';
import { freeTcpPorts } from '../ports.ts';
import { RunningProcess } from '../process.ts';
import { statsdArguments, statsdHealth } from '../statsd-server.ts';
import { waitFor } from '../wait-for.ts';
import { SeriesTotals, type StatsdTarget } from './series.ts';

const FLUSH_MS = 300;

interface Flush {
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** Starts npm's statsd on a port, or with a Unix stream socket. */
export async function startNpmStatsd(
  folder: string,
  listen:
    { readonly server: 'udp' | 'tcp'; readonly port: number } | { readonly server: 'unix'; readonly path: string },
): Promise<StatsdTarget> {
  const [adminPort = 0] = await freeTcpPorts(1);
  const require = createRequire(import.meta.url);
  const server = join(require.resolve('statsd/package.json'), '..', 'servers', listen.server === 'udp' ? 'udp' : 'tcp');
  const config = {
    ...(listen.server === 'unix' ? { socket: listen.path } : { port: listen.port, address: '127.0.0.1' }),
    server,
    mgmt_address: '127.0.0.1',
    mgmt_port: adminPort,
    flushInterval: FLUSH_MS,
    automaticConfigReload: false,
    backends: [join(CHECKOUT, 'test', 'stack', 'statsd', 'totals-backend.cjs')],
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.js'), JSON.stringify(config));
  const child = new RunningProcess({
    name: 'statsd',
    command: process.execPath,
    args: statsdArguments(join(folder, 'config.js')),
    cwd: folder,
  });
  await waitFor('statsd is ready', () => {
    child.assertRunning();
    return statsdHealth(adminPort);
  });
  return {
    stop: () => child.stop(),
    read: () => {
      const totals = new SeriesTotals();
      for (const line of child.stdout.split('\n').slice(0, -1)) {
        if (!line.startsWith('{"counters"')) continue;
        const { counters, gauges, counts } = JSON.parse(line) as Flush;
        if ((counters['statsd.bad_lines_seen'] ?? 0) > 0) throw new Error('statsd saw bad lines');
        addAll(totals, 'counter', counters);
        addAll(totals, 'gauge', gauges);
        addAll(totals, 'count', counts);
      }
      return totals.all;
    },
  };
}

function addAll(
  totals: SeriesTotals,
  kind: 'counter' | 'gauge' | 'count',
  values: Readonly<Record<string, number>>,
): void {
  for (const [key, value] of Object.entries(values)) {
    const [name = '', ...tags] = key.split(';');
    totals.add(kind, name, tags, value);
  }
}

import { freeTcpPorts } from '../ports.ts';
import { RunningProcess } from '../process.ts';
import { answers, waitFor } from '../wait-for.ts';
import { SeriesTotals, type ServerSeries, type StatsdTarget } from './series.ts';

/** Starts statsd_exporter; it listens on UDP, TCP and a Unix datagram socket at once. */
export async function startStatsdExporter(
  command: string,
  folder: string,
  port: number,
  path: string,
): Promise<StatsdTarget> {
  const [web = 0] = await freeTcpPorts(1);
  const child = new RunningProcess({
    name: 'statsd_exporter',
    command,
    args: [
      `--web.listen-address=127.0.0.1:${web}`,
      `--statsd.listen-udp=127.0.0.1:${port}`,
      `--statsd.listen-tcp=127.0.0.1:${port}`,
      `--statsd.listen-unixgram=${path}`,
      '--log.level=error',
    ],
    cwd: folder,
  });
  const url = `http://127.0.0.1:${web}/metrics`;
  await waitFor('statsd_exporter is ready', () => {
    child.assertRunning();
    return answers(url);
  });
  return {
    stop: () => child.stop(),
    read: async () => seriesOf(await (await fetch(url, { signal: AbortSignal.timeout(5_000) })).text()),
  };
}

/** Reads what the endpoint shows, without the exporter's own metrics. */
function seriesOf(text: string): readonly ServerSeries[] {
  const totals = new SeriesTotals();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, family = '', type = ''] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (family !== '') types.set(family, type);
    const sample = /^([A-Za-z_][A-Za-z0-9_]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null) continue;
    const [, name = '', labels = '', value = ''] = sample;
    if (/^(?:go|process|promhttp|statsd_exporter)_/.test(name)) continue;
    const tags = labels.match(/[A-Za-z_][A-Za-z0-9_]*="(?:[^"\\]|\\.)*"/g) ?? [];
    const kind = types.get(name);
    const summary = /^(.*)_count$/.exec(name)?.[1];
    if (kind === 'counter') totals.add('counter', name, tags, Number(value));
    else if (kind === 'gauge') totals.add('gauge', name, tags, Number(value));
    else if (summary !== undefined && types.get(summary) === 'summary')
      totals.add('count', summary, tags, Number(value));
  }
  return totals.all;
}

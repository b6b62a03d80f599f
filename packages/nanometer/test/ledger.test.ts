import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createBridge } from '@nanometer/bridge';
import { MeterProvider } from '@nanometer/metrics';
import {
  METRIC_NANOMETER_OTLP_POINT_DROPPED,
  METRIC_NANOMETER_OTLP_POINT_FORWARDED,
  METRIC_NANOMETER_OTLP_POINT_HELD,
  METRIC_NANOMETER_OTLP_POINT_RECEIVED,
  prometheusName,
} from '@nanometer/semconv';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { runCli } from '../src/cli.ts';
import { type Balance, balance, lossOf } from '../src/ledger/balance.ts';
import { parseExposition } from '../src/ledger/exposition.ts';
import type { Reading } from '../src/ledger/hop.ts';
import { familyKey, missingUpdates, updatesOf } from '../src/ledger/updates.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs a command line in this process. */
async function run(...args: string[]): Promise<{ code: number | undefined; out: string; error: string }> {
  const out: string[] = [];
  const terminal = { out: (line: string) => void out.push(line), err: () => {}, status: () => {} };
  try {
    const code = await runCli(args, { terminal, interrupted: new AbortController().signal });
    return { code, out: out.join('\n'), error: '' };
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return { code: exitCode, out: out.join('\n'), error: message };
  }
}

/** A server that answers each path with a text; what a path is not there for gets 404. */
async function serve(pages: Record<string, () => string>): Promise<string> {
  const server: Server = createServer((request, response) => {
    const page = pages[request.url?.split('?')[0] ?? ''];
    response.statusCode = page ? 200 : 404;
    response.end(page?.());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const otlp = (received: number, forwarded: number, held: number, dropped = 0): string => {
  const lines = [
    [METRIC_NANOMETER_OTLP_POINT_RECEIVED, received],
    [METRIC_NANOMETER_OTLP_POINT_FORWARDED, forwarded],
    [METRIC_NANOMETER_OTLP_POINT_HELD, held],
  ] as const;
  const dropName = prometheusName(METRIC_NANOMETER_OTLP_POINT_DROPPED);
  return [
    ...lines.map(([definition, value]) => `${prometheusName(definition)} ${value}`),
    `${dropName}{nanometer_drop_cause="queue_full"} ${dropped}`,
  ].join('\n');
};

const service = (fills: number, account: string): string =>
  [
    'target_info{service_name="desk",service_instance_id="i1"} 1',
    '# TYPE fills_total counter',
    `fills_total{venue="a"} ${fills}`,
    account,
    '',
  ].join('\n');

const collector = (accepted: number, sent: number, queue = 0, lost = 0): string =>
  [
    `otelcol_receiver_accepted_metric_points{receiver="otlp"} ${accepted}`,
    `otelcol_exporter_sent_metric_points{exporter="otlp_http/bridge"} ${sent}`,
    `otelcol_exporter_queue_size{exporter="otlp_http/bridge"} ${queue}`,
    `otelcol_exporter_send_failed_metric_points{exporter="otlp_http/bridge",error_permanent="true"} ${lost}`,
    `otelcol_exporter_send_failed_metric_points{exporter="otlp_http/bridge",error_permanent="false"} 1000`,
    '',
  ].join('\n');

const bridgePages = (
  received: number,
  fills: number,
  dropped: Record<string, number> = {},
): Record<string, () => string> => ({
  '/api/v1/stats': () =>
    JSON.stringify({
      receivedBy: { grpc: 0, http: received },
      outputs: {
        prometheus: {
          received,
          forwarded: received - Object.values(dropped).reduce((a, b) => a + b, 0),
          held: 0,
          dropped,
        },
      },
      series: 1,
      live: { clients: 0, framesConflated: 0 },
    }),
  '/metrics': () => `# TYPE fills_total counter\nfills_total{instance="i1",job="desk"} ${fills}\n`,
});

describe('nanometer ledger', () => {
  test('shows that nothing is missing between a real service and a real bridge, and what is when the bridge forgets', async () => {
    const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 });
    cleanups.push(() => bridge.close());
    const exporter = new OTLPMetricExporter({ url: `http://${bridge.addresses.otlpGrpc}` });
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': 'desk', 'service.instance.id': 'i1' }),
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 50, exportTimeoutMillis: 40 })],
    });
    cleanups.push(() => provider.shutdown());
    const counter = provider.getMeter('m').createCounter('fills');
    counter.add(7, { venue: 'a' });
    let fills = 7;
    const at = await serve({ '/metrics': () => service(fills, '') });
    const args = ['ledger', '--service', `${at}/metrics`, '--bridge', bridge.addresses.page];
    const complete = await run(...args);
    expect({ code: complete.code, out: complete.out }).toEqual({
      code: 0,
      out: expect.stringContaining('Nothing is missing.'),
    });
    expect(complete.out).toContain('(no collector)');
    expect(complete.out).toContain('its exporter keeps no account');
    // The service says that it has counted more than will ever come.
    fills = 9;
    const missing = await run(...args, '--settle', '0.3');
    expect(missing.code).toBe(1);
    expect(missing.out).toContain('bridge: 2 of fills_total are missing');
    const document = JSON.parse((await run(...args, '--settle', '0.1', '--json')).out) as Balance;
    expect(document).toMatchObject({ complete: false, missingUpdates: { bridge: { fills_total: 2 } } });
  });

  test.each<[string, string, string, Record<string, () => string>, number, string]>([
    ['all has arrived', otlp(10, 10, 0), collector(10, 10), bridgePages(10, 5), 0, 'Nothing is missing.'],
    ['the service holds some', otlp(12, 10, 2), collector(10, 10), bridgePages(10, 5), 0, 'Nothing is missing.'],
    ['the collector’s queue holds some', otlp(10, 10, 0), collector(10, 6, 512), bridgePages(6, 5), 0, 'queue 512'],
    [
      'some came twice',
      otlp(10, 10, 0),
      collector(10, 12),
      bridgePages(12, 5, { duplicate_point: 2 }),
      0,
      'duplicate_point',
    ],
    ['a hop began to count later', otlp(10, 10, 0), collector(4, 4), bridgePages(10, 5), 0, 'began to count later'],
    ['the collector lacks some', otlp(10, 10, 0), collector(7, 7), bridgePages(7, 4), 1, 'bridge: 1 of fills_total'],
    [
      'the collector gave some up',
      otlp(10, 10, 0),
      collector(10, 8, 0, 2),
      bridgePages(8, 5),
      1,
      'dropped 2 points, send_failed',
    ],
    [
      'the bridge refused some',
      otlp(10, 10, 0),
      collector(10, 10),
      bridgePages(10, 5, { series_limit: 3 }),
      1,
      'series_limit',
    ],
    ['the service gave some up', otlp(10, 7, 0, 3), collector(7, 7), bridgePages(7, 5), 1, 'queue_full'],
    ['the service’s account does not balance', otlp(10, 7, 0), collector(7, 7), bridgePages(7, 4), 1, 'MISSING'],
  ])('%s', async (_, account, ofCollector, ofBridge, code, says) => {
    const at = await serve({ '/desk': () => service(5, account), '/collector': () => ofCollector, ...ofBridge });
    const result = await run(
      'ledger',
      `--service=${at}/desk`,
      `--collector=${at}/collector`,
      `--bridge=${at}/`,
      '--settle=0.01',
    );
    expect({ code: result.code, out: result.out }).toEqual({ code, out: expect.stringContaining(says) });
  });

  test('follows points through several collectors', async () => {
    const agent = (sent: number): string => collector(10, sent).replaceAll('otlp_http/bridge', 'otlp_http/gateway');
    const pages = { '/desk': () => service(5, otlp(10, 10, 0)), ...bridgePages(8, 4) };
    const at = await serve({ ...pages, '/agent': () => agent(10), '/gateway': () => collector(8, 8) });
    const args = [`--service=${at}/desk`, `--collector=${at}/agent,${at}/gateway`, `--bridge=${at}/`, '--settle=0.01'];
    const { code, out } = await run('ledger', ...args, '--json');
    const missing = (JSON.parse(out) as Balance).rows.map((row) => [row.name, row.missing]);
    expect({ code, missing }).toEqual({
      code: 1,
      missing: expect.arrayContaining([
        ['collector 1', 0],
        ['collector 1 → otlp_http/gateway', 0],
        ['collector 2', 2],
        ['collector 2 → otlp_http/bridge', 0],
        ['bridge', 0],
      ]),
    });
  });

  test('asks Prometheus for the same totals, of this instance', async () => {
    let query = '';
    const server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => (query += text));
      request.on('end', () => {
        const result = [{ metric: { __name__: 'fills_total' }, value: [1, '4'] }];
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const prometheus = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const at = await serve({ '/metrics': () => service(5, '') });
    const args = [`--service=${at}/metrics`, `--prometheus=${prometheus}`, '--bridge=none', '--settle=0.01'];
    const { code, out } = await run('ledger', ...args);
    expect({ code, out }).toEqual({
      code: 1,
      out: expect.stringContaining('prometheus: 1 of fills_total are missing'),
    });
    expect(new URLSearchParams(query).get('query')).toContain('instance="i1"');
    expect(out).toContain('(no bridge)');
  });

  test.each<[string, string[], number, string]>([
    [
      'a hop that does not answer',
      ['--service=http://127.0.0.1:1/metrics'],
      3,
      'the service cannot be read at http://127.0.0.1:1/',
    ],
    ['a bad address', ['--collector=collector'], 2, '--collector cannot be "collector"'],
    ['a bad time', ['--settle=-1'], 2, '--settle'],
    ['a stray word', ['now'], 2, 'unexpected argument'],
  ])('%s ends with the code for it', async (_, args, code, says) => {
    expect(await run('ledger', ...args)).toMatchObject({ code, error: expect.stringContaining(says) });
  });

  test('a page that is no bridge is told apart from one that balances', async () => {
    const at = await serve({ '/metrics': () => service(5, ''), '/api/v1/stats': () => '{"receivedBy":1}' });
    const result = await run('ledger', `--service=${at}/metrics`, `--bridge=${at}/`);
    expect(result).toMatchObject({ code: 3, error: expect.stringContaining('the bridge cannot be read') });
  });
});

describe('the balance', () => {
  const reading = (forwarded: number, received: number): Reading => ({
    services: [{ url: '', instance: undefined, hops: [], forwarded, updates: new Map() }],
    collectors: [],
    prometheus: undefined,
    bridge: { received, outputs: [], note: '', updates: new Map() },
  });

  test('compares what was passed on before with what has arrived since: what moves meanwhile is not missing', () => {
    expect(balance(reading(10, 8), reading(20, 10)).complete).toBe(true);
    expect(balance(reading(10, 8), reading(20, 9))).toMatchObject({ complete: false, rows: [{ missing: 1 }] });
  });

  test.each([
    [{ duplicate_point: 3, stale_point: 1, no_recorded_value: 1 }, 0],
    [{ late_increment: 2, duplicate_point: 3 }, 2],
    [{ unconfirmed: 4 }, 4],
  ])('of %j loses %d', (dropped, loss) => {
    expect(lossOf(dropped)).toBe(loss);
  });

  test('of sums takes rounding for equal, and an absent family for nothing', () => {
    expect(missingUpdates(new Map([['a', 0.1 + 0.2]]), new Map([['a', 0.3]]))).toEqual({});
    expect(missingUpdates(new Map([['a', 2 ** 53]]), new Map())).toEqual({ a: 2 ** 53 });
    expect(missingUpdates(new Map([['a', Number.NaN]]), new Map())).toEqual({});
  });

  test.each([
    ['a_total', 'a_total'],
    ['a_seconds_total', 'a_total'],
    ['a_bytes_per_second_count', 'a_count'],
    ['seconds_count', 'seconds_count'],
    ['a_nanoseconds_bucket', 'a_nanoseconds_bucket'],
  ])('takes %s for %s, whether or not a writer spells units', (name, key) => {
    expect(familyKey(name)).toBe(key);
  });

  test('reads counters and counts of histograms, not gauges, nor the pipeline’s own', () => {
    const text = [
      '# TYPE a counter',
      'a_total{x="}\\" 1"} 2 1700000000000',
      '# TYPE h histogram',
      'h_bucket{le="+Inf"} 3',
      'h_count 3',
      '# TYPE g gauge',
      'g 4',
      '# TYPE nanometer_x_total counter',
      'nanometer_x_total 5',
      'garbage {',
    ].join('\n');
    expect([...updatesOf(parseExposition(text))]).toEqual([
      ['a_total', 2],
      ['h_count', 3],
    ]);
  });
});

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the ledger of a real desk', () => {
  test('is complete while it trades', async () => {
    const ports = ['--port', '0', '--metrics-port', '0', '--otlp-grpc-port', '0', '--otlp-http-port', '0'];
    const desk = spawn(process.execPath, [MAIN, 'demo', '--speed', '1', ...ports], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    cleanups.push(async () => {
      desk.kill('SIGKILL');
      await once(desk, 'exit');
    });
    let text = '';
    desk.stderr.on('data', (chunk) => (text += String(chunk)));
    const addressesIn = (): RegExpExecArray | null => /metrics\s+(\S+) \(desk\)\s+(\S+)metrics \(bridge\)/.exec(text);
    while (addressesIn() === null) await once(desk.stderr, 'data');
    const [, service = '', page = ''] = addressesIn()!;
    const { code, out } = await run('ledger', `--service=${service}`, `--bridge=${page}`, '--settle=60');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('bridge: every counter of the services has arrived'),
    });
  });
});

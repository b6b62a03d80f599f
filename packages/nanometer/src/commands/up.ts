import { once } from 'node:events';
import { resolve } from 'node:path';
import { setInterval as every } from 'node:timers/promises';
import { STATSD_DIALECTS } from '@nanometer/exporter-statsd';
import { tlsFrom } from '../access/tls-files.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { historyIn } from '../query/history-file.ts';
import { alertOptions } from '../rules/alert-options.ts';
import type { OptionTable } from '../options/option.ts';
import { parseOptions } from '../options/parse-options.ts';
import { flag, hostPort, httpUrl, oneOf, ownPort, port, text, textOr, word } from '../options/values.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  host: textOr('HOST', 'address to listen on; anything but loopback needs TLS or --plaintext', '127.0.0.1'),
  plaintext: flag('listen on an address that others reach without TLS, where something else protects it'),
  'tls-cert': text('FILE', 'certificate in PEM: the page by https, the stream by wss, OTLP over TLS (needs --tls-key)'),
  'tls-key': text('FILE', 'its key in PEM'),
  tokens: text(
    'FILE',
    'who may open the stream, push, scrape and send OTLP, in YAML: see the README; a page then asks its reader to sign in',
  ),
  port: port('port of the live page, /live, /metrics and /healthz, 0 = any', 8080),
  'fan-out': oneOf(
    ['inline', 'worker'] as const,
    'serve the stream in the thread that takes requests, or in one of its own',
    'inline',
  ),
  'push-port': ownPort('port of its own for what services push, 0 = any (8081 with --fan-out worker, else none)'),
  socket: text('PATH', 'Unix socket for the programs of this machine: pushes, the stream, the page'),
  'push-access': word(
    ['open', 'bearer'] as const,
    'who may push: all, or who has a token, and without tokens services of this machine (default)',
  ),
  'metrics-access': word(
    ['open', 'bearer'] as const,
    'who may read /metrics and /api/v1/stats: all (default on loopback without tokens), or who has a token',
  ),
  'otlp-access': word(
    ['open', 'bearer'] as const,
    'who may send OTLP: all, or who has a token, and without tokens programs of this machine (default)',
  ),
  'otlp-grpc-port': port('OTLP gRPC port, 0 = any', 4317),
  'otlp-http-port': port('OTLP HTTP port, 0 = any', 4318),
  statsd: hostPort('send StatsD there'),
  'statsd-dialect': word(STATSD_DIALECTS, 'how that server spells tags (needs --statsd; default dogstatsd)'),
  rules: text('FILE', 'evaluate the alert rules of this file over everything received'),
  alertmanager: httpUrl('tell this Alertmanager of alerts (needs --rules)'),
  webhook: httpUrl('post alerts there; signed when NANOMETER_WEBHOOK_SECRET is set (needs --rules)'),
  'alerts-file': text('FILE', 'append alerts there, a JSON line each (needs --rules)'),
  state: text('DIR', 'keep the state there: what is acknowledged survives a crash (default: in memory)'),
  history: text('DIR', 'keep what was received there, minutes for a week, hours for a year; `nanometer query` asks it'),
  json: flag('events as JSON, one a line: ready, status each second, stopped'),
} satisfies OptionTable;

/** `nanometer up`: the bridge, all outputs in one process. */
export const up: Command = {
  help: {
    usage: 'nanometer up [options]',
    summary: 'Takes OTLP and shows it: live page, WebSocket, Prometheus text, StatsD.',
    examples: [
      ['nanometer up', 'OTLP on 4317 and 4318, the page on http://127.0.0.1:8080/'],
      ['nanometer up --statsd 127.0.0.1:8125', 'StatsD as well'],
      ['nanometer up --socket /run/nanometer/bridge.sock', 'services of this machine push for less than TCP costs'],
      ['nanometer up --rules alerts.yaml --alertmanager http://127.0.0.1:9093', 'alerts'],
      ['nanometer up --state /var/lib/nanometer/bridge', 'what was acknowledged survives the end of the process'],
      ['nanometer up --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --tokens tokens.yaml', 'for other machines'],
      ['nanometer up --port 0 --json', 'any free port; the first line says which'],
    ],
    options: OPTIONS,
  },
  async run(args, { terminal, interrupted }) {
    const options = parseOptions(args, OPTIONS);
    if (options['statsd-dialect'] !== undefined && options.statsd === undefined) {
      const hint = 'say where the server is with --statsd HOST:PORT';
      throw new CliError('INCOMPATIBLE_OPTIONS', EXIT.usage, '--statsd-dialect needs --statsd', hint);
    }
    const tls = tlsFrom(options['tls-cert'], options['tls-key']);
    const tokens =
      options.tokens === undefined ? {} : (await import('../access/tokens-file.ts')).tokensFrom(options.tokens);
    const alerts = alertOptions(options, process.env['NANOMETER_WEBHOOK_SECRET']);
    const { startBridge } = await import('../demo/bridge.ts');
    const bridge = await startBridge({
      host: options.host,
      plaintext: options.plaintext,
      ...tokens,
      ...(tls === undefined ? {} : { tls }),
      port: options.port,
      fanOut: options['fan-out'],
      ...(options['push-port'] === undefined ? {} : { pushPort: options['push-port'] }),
      ...(options.socket === undefined ? {} : { socketPath: resolve(options.socket) }),
      ...(options['push-access'] === undefined ? {} : { pushAccess: options['push-access'] }),
      ...(options['metrics-access'] === undefined ? {} : { metricsAccess: options['metrics-access'] }),
      ...(options['otlp-access'] === undefined ? {} : { otlpAccess: options['otlp-access'] }),
      otlpGrpcPort: options['otlp-grpc-port'],
      otlpHttpPort: options['otlp-http-port'],
      ...(alerts === undefined ? {} : { alerts }),
      ...(options.state === undefined ? {} : { stateDirectory: options.state }),
      ...(options.history === undefined ? {} : { history: historyIn(options.history) }),
      ...(options.statsd === undefined
        ? {}
        : { statsd: { ...options.statsd, dialect: options['statsd-dialect'] ?? 'dogstatsd' } }),
    });
    const { addresses } = bridge;
    if (options.json) terminal.out(JSON.stringify({ event: 'ready', ...addresses }));
    else {
      terminal.out(`live page  ${addresses.page}`);
      terminal.out(`metrics    ${addresses.metrics}`);
      if (addresses.socket !== undefined) terminal.out(`push       ${addresses.socket.push}`);
      terminal.out(`OTLP       ${addresses.otlpGrpc} (gRPC)  ${addresses.otlpHttp} (HTTP)`);
    }
    if (!interrupted.aborted) {
      if (options.json)
        await reportUntil(interrupted, () => terminal.out(JSON.stringify({ event: 'status', ...bridge.stats() })));
      else await once(interrupted, 'abort');
    }
    await bridge.close();
    if (options.json) terminal.out(JSON.stringify({ event: 'stopped', ...bridge.stats() }));
    return EXIT.ok;
  },
};

async function reportUntil(stopped: AbortSignal, report: () => void): Promise<void> {
  try {
    for await (const _ of every(1000, undefined, { signal: stopped })) report();
  } catch (error) {
    if (!stopped.aborted) throw error;
  }
}

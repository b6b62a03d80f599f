import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import type { OptionTable } from '../options/option.ts';
import { parseOptions } from '../options/parse-options.ts';
import { bytes, flag, hostPort, httpUrl, port, seconds, seed, speed, text, webSocketUrl } from '../options/values.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  replay: text('DIR|FILE', 'replay recorded market data; without it a market is simulated'),
  speed: speed('real time, ten times that, or as fast as the desk can follow (default 1)'),
  duration: seconds('seconds of market time to run (default: all of a recording, until Ctrl-C when simulated)'),
  seed: seed('seed of the simulated market and of order latencies (default 1)'),
  statsd: hostPort(
    'send StatsD (dogstatsd tags) there; without it to a receiver of our own that is compared at the end',
  ),
  collector: hostPort(
    'export OTLP gRPC to this collector, which forwards to --otlp-http-port; without it straight to the bridge',
  ),
  bridge: httpUrl('page of a bridge that already runs; --collector must forward to it (default: one in this process)'),
  push: webSocketUrl('where the desk pushes what changes at once (needs --bridge; default: where that bridge says)'),
  rules: text('FILE', "alert rules to evaluate (default: the desk's own)"),
  alertmanager: httpUrl('tell this Alertmanager of alerts'),
  webhook: httpUrl('post alerts there'),
  'plant-breach': seconds(
    'break a limit by hand after so many seconds of market time, for three minutes: the alert is shown and delivered',
  ),
  history: text('DIR', 'keep what the bridge received there; without it the history ends with the demo'),
  wal: text('DIR', 'write-ahead log of what the desk exports; without it what is not delivered is held in memory'),
  state: text('DIR', "keep the desk's positions and totals there, and go on with them after a kill"),
  'state-limit': bytes(
    'most bytes of that state, such as 64MiB; what comes later is not kept, which is told (needs --state; default 256MiB)',
  ),
  port: port('port of the live page and of /metrics of the bridge, 0 = any', 8080),
  'metrics-port': port("port of the desk's own /metrics, 0 = any", 9090),
  'otlp-grpc-port': port('OTLP gRPC port of the bridge, 0 = any', 4317),
  'otlp-http-port': port('OTLP HTTP port of the bridge, 0 = any', 4318),
  json: flag('print one JSON document at the end instead of the table'),
} satisfies OptionTable;

/** `nanometer demo`: exchange, desk and bridge on one machine. */
export const demo: Command = {
  help: {
    usage: 'nanometer demo [options]        (npm start -- [options])',
    summary: 'A paper-trading desk on a replayed or simulated market, with its live page.',
    examples: [
      ['npm start', 'a simulated market in real time; open the page it prints; Ctrl-C prints the totals'],
      [
        'npm start -- --replay ../shared/data/market --speed max',
        'recorded markets as fast as they go, then the totals',
      ],
      [
        'npm start -- --replay ../shared/data/market --speed 10 --plant-breach 140',
        'a limit is breached after 14 s: the alert fires, and is acknowledged on the page',
      ],
      ['npm start -- --replay BTCUSDT-aggTrades-2024-08-08.csv --speed 10', "one of Binance's daily downloads"],
      ['npm start --silent -- --speed max --duration 60 --json', 'one JSON document on standard output'],
    ],
    options: OPTIONS,
  },
  run: async (args, surroundings) => {
    const options = parseOptions(args, OPTIONS);
    if (options.bridge !== undefined && (options.collector === undefined || options.statsd !== undefined)) {
      const message = '--bridge needs --collector, and leaves StatsD to that bridge';
      throw new CliError('INCOMPATIBLE_OPTIONS', EXIT.usage, message, 'see nanometer demo --help');
    }
    if (options.push !== undefined && options.bridge === undefined) {
      const hint = 'the bridge of this process is pushed to anyway';
      throw new CliError('INCOMPATIBLE_OPTIONS', EXIT.usage, '--push needs --bridge', hint);
    }
    if (options['state-limit'] !== undefined && options.state === undefined) {
      const hint = 'give the folder with --state DIR';
      throw new CliError('INCOMPATIBLE_OPTIONS', EXIT.usage, '--state-limit needs --state', hint);
    }
    const { runDemo } = await import('../demo/run-demo.ts');
    return runDemo(
      {
        ...options,
        plantBreach: options['plant-breach'],
        stateLimit: options['state-limit'],
        metricsPort: options['metrics-port'],
        otlpGrpcPort: options['otlp-grpc-port'],
        otlpHttpPort: options['otlp-http-port'],
      },
      surroundings,
    );
  },
};

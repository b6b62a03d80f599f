import { connect } from 'node:net';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { CHECKOUT } from './paths.ts';
import { TOTAL_METRICS, type Totals, TotalsSum } from './totals.ts';

// Counters are reset at every flush, so the first flush is put beyond any test.
const FLUSH_MS = 24 * 60 * 60 * 1000;

/** Arguments of `node` that run the npm statsd server with a configuration file. */
export function statsdArguments(configFile: string): string[] {
  const require = createRequire(import.meta.url);
  const shim = join(CHECKOUT, 'test', 'stack', 'statsd-on-new-node.cjs');
  return ['--disable-warning=DEP0059', '--require', shim, require.resolve('statsd/stats.js'), configFile];
}

/** Its configuration file. The server evaluates it as JavaScript; JSON is. */
export function statsdConfig(port: number, adminPort: number): string {
  return JSON.stringify({
    address: '127.0.0.1',
    port,
    mgmt_address: '127.0.0.1',
    mgmt_port: adminPort,
    flushInterval: FLUSH_MS,
    automaticConfigReload: false,
    backends: ['./backends/console'],
  });
}

/** Counters and gauges by key, read over the admin port. */
export interface StatsdState {
  readonly counters: ReadonlyMap<string, number>;
  readonly gauges: ReadonlyMap<string, number>;
}

/** Asks the server's admin port for `health`; resolves when it answers. */
export async function statsdHealth(adminPort: number): Promise<boolean> {
  return (await ask(adminPort, 'health')).startsWith('health: up');
}

/** Reads the server's counters and gauges. */
export async function statsdState(adminPort: number): Promise<StatsdState> {
  return {
    counters: parseInspected(await ask(adminPort, 'counters')),
    gauges: parseInspected(await ask(adminPort, 'gauges')),
  };
}

/** Counters that say what the server itself received and could not read. */
export function statsdBadLines(state: StatsdState): number {
  return state.counters.get('statsd.bad_lines_seen') ?? Number.NaN;
}

/** The desk's totals: counters are sums, fees and P&L arrive as absolute gauges. */
export function statsdTotals(state: StatsdState): Totals {
  const sum = new TotalsSum();
  for (const [key, value] of [...state.counters, ...state.gauges]) {
    const metric = TOTAL_METRICS.find(
      ({ name }) => key === name || key.startsWith(`${name};`) || key.startsWith(`${name}.`),
    );
    if (metric !== undefined) sum.add(metric.name, currencyOf(key), value);
  }
  return sum.totals;
}

/** The currency in a key, whichever dialect wrote it: `…;trading.currency=USDT`, `….trading_currency.USDT`. */
function currencyOf(key: string): string {
  return /(?:;trading\.currency=|\.trading_currency\.)([^;.]+)/.exec(key)?.[1] ?? '';
}

function ask(adminPort: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(adminPort, '127.0.0.1', () => socket.write(`${command}\n`));
    socket.setTimeout(5_000, () => socket.destroy(new Error('statsd: the admin port does not answer')));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
      if (answer.includes('END\n\n') || answer.startsWith('health:')) {
        socket.end();
        resolve(answer);
      }
    });
    socket.on('error', reject);
  });
}

/** Reads what util.inspect prints of an object of numbers. */
export function parseInspected(text: string): Map<string, number> {
  const values = new Map<string, number>();
  const entry = /(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|([A-Za-z_$][\w$]*)): (-?(?:\d[\d.]*(?:e[+-]?\d+)?|Infinity)|NaN)/g;
  for (const [, single, double, bare, value] of text.matchAll(entry)) {
    values.set(single ?? double ?? bare ?? '', Number(value));
  }
  return values;
}

import { readFileSync } from 'node:fs';
import {
  ATTR_TRADING_SYMBOL,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
  prometheusLabel,
  prometheusName,
} from '@nanometer/semconv';
import { LiveClient } from '@nanometer/live/client';
import type { PrometheusApi } from '../stack/prometheus-api.ts';
import { statsdBadLines, statsdState } from '../stack/statsd-server.ts';
import { instanceOf, type Recorded, SYMBOLS } from './workload.ts';

/** The desk's two counters. */
export const METRICS = [
  { metric: METRIC_TRADING_FILL_COUNT, field: 'fills' },
  { metric: METRIC_TRADING_FILL_QUANTITY, field: 'quantity' },
] as const;
// A desk's clock may be ahead.
const AHEAD_SECONDS = 600;
const WINDOW = '3h';
// Written by statsd-packet-log.cjs.
const SERVER_START = '# start\n';

/** Collects numbers by life; the instance names the life. */
export class ByLife {
  readonly lives = new Map<number, Recorded>();

  /** Hands the cell of a series to `change`; series of other instances and symbols are passed over. */
  update(instance: string, symbol: string, field: keyof Recorded, change: (value: number) => number): void {
    const life = Number(/^life-(\d+)$/.exec(instance)?.[1] ?? Number.NaN);
    const index = (SYMBOLS as readonly string[]).indexOf(symbol);
    if (Number.isNaN(life) || index < 0) return;
    const recorded = this.lives.get(life) ?? { fills: SYMBOLS.map(() => 0), quantity: SYMBOLS.map(() => 0) };
    this.lives.set(life, recorded);
    recorded[field][index] = change(recorded[field][index] ?? 0);
  }
}

/** The highest sample of every series: totals only grow, and a step of the clock may have put the last one in the past. */
export async function prometheusTotals(prometheus: PrometheusApi): Promise<Map<number, Recorded>> {
  const found = new ByLife();
  const label = prometheusLabel(ATTR_TRADING_SYMBOL);
  for (const { metric, field } of METRICS) {
    const expression = `max by (instance, ${label}) (max_over_time(${prometheusName(metric)}{job="desk"}[${WINDOW}]))`;
    for (const { labels, value } of await prometheus.query(expression, Date.now() / 1000 + AHEAD_SECONDS)) {
      found.update(labels['instance'] ?? '', labels[label] ?? '', field, () => value);
    }
  }
  return found.lives;
}

/** Points that Prometheus has of each life, of the series that has most. */
export async function prometheusPoints(prometheus: PrometheusApi): Promise<Map<number, number>> {
  const name = prometheusName(METRIC_TRADING_FILL_COUNT);
  const expression = `max by (instance) (count_over_time(${name}{job="desk"}[${WINDOW}]))`;
  const points = new Map<number, number>();
  for (const { labels, value } of await prometheus.query(expression, Date.now() / 1000 + AHEAD_SECONDS)) {
    const life = Number(/^life-(\d+)$/.exec(labels['instance'] ?? '')?.[1] ?? Number.NaN);
    if (!Number.isNaN(life)) points.set(life, value);
  }
  return points;
}

/** Sums of the counter lines that the StatsD server has been given in all of its lives. */
export function statsdTotals(packetLog: string): Map<number, Recorded> {
  return statsdTotalsOf(readFileSync(packetLog, 'utf8'));
}

/**
 * What a StatsD server that went away may make arrive twice: a sender that is told "refused" sends its whole batch again, of
 * which the server had read a part. At most the last line of each series in each life of the server but the present.
 */
export function statsdRepeatable(packetLog: string): Map<number, Recorded> {
  return repeatableOf(readFileSync(packetLog, 'utf8'));
}

/** The same, of the log's text. */
export function repeatableOf(text: string): Map<number, Recorded> {
  const found = new ByLife();
  for (const ended of text.split(SERVER_START).slice(1, -1)) {
    const last = new ByLife();
    readCounters(ended, last, (_, value) => value);
    for (const [life, recorded] of last.lives) {
      for (const field of ['fills', 'quantity'] as const) {
        for (const [index, symbol] of SYMBOLS.entries()) {
          found.update(instanceOf(life), symbol, field, (sum) => sum + (recorded[field][index] ?? 0));
        }
      }
    }
  }
  return found.lives;
}

/** The same, of the log's text. A line that is no counter of the desk is passed over. */
export function statsdTotalsOf(text: string): Map<number, Recorded> {
  const found = new ByLife();
  readCounters(text, found, (sum, value) => sum + value);
  return found.lives;
}

function readCounters(text: string, into: ByLife, join: (before: number, value: number) => number): void {
  for (const [, name, value, tags = ''] of text.matchAll(/^([\w.]+):([^|\n]+)\|c\|#([^\n]*)$/gm)) {
    const field = METRICS.find(({ metric }) => metric.name === name)?.field;
    if (field === undefined) continue;
    const tag = (key: string): string =>
      tags
        .split(',')
        .find((each) => each.startsWith(`${key}:`))
        ?.slice(key.length + 1) ?? '';
    into.update(tag('service.instance.id'), tag(ATTR_TRADING_SYMBOL), field, (before) => join(before, Number(value)));
  }
}

/**
 * Whether the server itself counted what it was given in its present life. `undefined` when it did; it then read each line as
 * the log does.
 */
export async function statsdServerAgrees(packetLog: string, adminPort: number): Promise<string | undefined> {
  const sumOf = (lives: ReadonlyMap<number, Recorded>): number =>
    [...lives.values()].reduce((total, { fills }) => total + fills.reduce((sum, value) => sum + value, 0), 0);
  const logged = sumOf(statsdTotalsOf(readFileSync(packetLog, 'utf8').split(SERVER_START).at(-1) ?? ''));
  const state = await statsdState(adminPort);
  let counted = 0;
  for (const [key, value] of state.counters) {
    if (key.startsWith(`${METRIC_TRADING_FILL_COUNT.name};`)) counted += value;
  }
  const bad = statsdBadLines(state);
  return counted === logged && bad === 0
    ? undefined
    : `statsd: the server counted ${counted} fills of ${logged} that it was given, and could not read ${bad} lines`;
}

/** Points that the bridge says it dropped, by cause, over its outputs for StatsD and the live stream. */
export async function bridgeDrops(pagePort: number): Promise<Record<string, number>> {
  const response = await fetch(`http://127.0.0.1:${pagePort}/api/v1/stats`, { signal: AbortSignal.timeout(5_000) });
  const { outputs } = (await response.json()) as {
    outputs: Readonly<Record<string, { readonly dropped: Readonly<Record<string, number>> }>>;
  };
  const drops: Record<string, number> = {};
  for (const output of ['live', 'statsd']) {
    for (const [cause, points] of Object.entries(outputs[output]?.dropped ?? {})) {
      drops[cause] = Math.max(drops[cause] ?? 0, points);
    }
  }
  return drops;
}

/** Notifications that wait in the bridge for the receiver of alerts. */
export async function alertsHeld(pagePort: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${pagePort}/api/v1/stats`, { signal: AbortSignal.timeout(5_000) });
  const { alerts } = (await response.json()) as {
    readonly alerts?: { readonly receivers: Readonly<Record<string, { readonly held: number }>> };
  };
  return alerts?.receivers['webhook']?.held ?? Number.NaN;
}

/** A subscriber of the live stream that keeps what it has seen, also over restarts of the server. */
export class Subscriber {
  readonly #client: LiveClient;
  readonly #found = new ByLife();

  constructor(url: string) {
    this.#client = new LiveClient({
      url,
      backoffMaxMs: 200,
      onFrame: ({ count, ids, values }) => {
        for (let row = 0; row < count; row += 1) this.#take(ids[row] ?? -1, values[row] ?? Number.NaN);
      },
    });
    this.#client.subscribe({ names: METRICS.map(({ metric }) => metric.name) });
    this.#client.connect().catch(() => undefined);
  }

  get totals(): ReadonlyMap<number, Recorded> {
    return this.#found.lives;
  }

  /** Frames, and connections after the first. */
  get stats(): { readonly frames: number; readonly reconnects: number } {
    return this.#client.stats;
  }

  stop(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  #take(id: number, value: number): void {
    const series = this.#client.store.descriptor(id);
    const field = METRICS.find(({ metric }) => metric.name === series?.name)?.field;
    if (series === undefined || field === undefined) return;
    const text = (attribute: unknown): string => (typeof attribute === 'string' ? attribute : '');
    const instance = text(series.resource?.['service.instance.id']);
    // What is shown last is what counts: a value that falls back is a fault of the bridge, and must be seen as one.
    this.#found.update(instance, text(series.attributes[ATTR_TRADING_SYMBOL]), field, () => value);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeStats, OutputLedger } from '@nanometer/bridge';
import { LiveClient } from '@nanometer/live';
import { METRIC_NANOMETER_PROBE_VALUE, prometheusName } from '@nanometer/semconv';
import { bearerHeaders, bearerOf } from '../access/bearer.ts';
import { checkAccess, unauthorized } from '../access/check-access.ts';
import { otlpHeaders } from '../access/otlp-headers.ts';
import { CliError } from '../cli-error.ts';
import { liveUrlOf } from '../live-url.ts';
import { VERSION } from '../version.ts';
import type { Check } from './check.ts';

/** Where the probe is sent and looked for. */
export interface ProbeRoute {
  /** OTLP over HTTP. */
  readonly otlp: URL;
  /** The bridge's page. */
  readonly bridge: URL;
  readonly prometheus: URL | undefined;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const POLL_EVERY_MS = 50;
const ANSWER_LIMIT_MS = 3_000;
const UNAUTHORIZED_FIX =
  'set OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN, as for the services that export there';
const { name: NAME } = METRIC_NANOMETER_PROBE_VALUE;

/**
 * Sends one gauge with a value of its own and waits to see that value at every hop. All hops are watched at once, so that
 * each line says how long the value took to get there. The series is the same for every probe and is forgotten like any other.
 */
export async function probe(route: ProbeRoute, value: number): Promise<Check[]> {
  const live = new LiveWatch(route, value);
  const startMs = performance.now();
  const sent = await send(route, value, startMs);
  if (sent.status === 'fail') {
    live.close();
    return [sent];
  }
  const waits = [
    live.arrival(startMs),
    poll(
      'bridge /metrics',
      route,
      startMs,
      () => inExposition(route.bridge, value),
      'the bridge has it, its text output does not',
    ),
    statsdCheck(route, startMs),
    historyCheck(route, value, startMs),
    ...(route.prometheus === undefined
      ? []
      : [
          poll(
            'prometheus server',
            route,
            startMs,
            () => inPrometheus(route.prometheus!, value),
            "look at the collector's exporter and `nanometer ledger`",
          ),
        ]),
  ];
  const checks = await Promise.all(waits);
  live.close();
  return [sent, ...checks];
}

async function send({ otlp, limitMs }: ProbeRoute, value: number, startMs: number): Promise<Check> {
  const id = 'probe → OTLP';
  const url = new URL('v1/metrics', otlp);
  const fix = 'start one with `nanometer up`, or say where it is with --otlp URL';
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...otlpHeaders(process.env), 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(value)),
      // An answer may take as long as any other, however short the wait for the value.
      signal: AbortSignal.timeout(Math.max(limitMs, ANSWER_LIMIT_MS)),
    });
    const answer = await response.text();
    const durationMs = performance.now() - startMs;
    if (response.ok) return { id, status: 'ok', detail: url.href, durationMs };
    return {
      id,
      status: 'fail',
      detail: `${url.href} refuses it: HTTP ${response.status} ${answer.slice(0, 200)}`,
      fix: response.status === 401 ? UNAUTHORIZED_FIX : fix,
    };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return { id, status: 'fail', detail: `${url.href} cannot be reached: ${cause?.message ?? message}`, fix };
  }
}

function requestOf(value: number): object {
  const timeUnixNano = `${BigInt(Date.now()) * 1_000_000n}`;
  const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const { description, unit } = METRIC_NANOMETER_PROBE_VALUE;
  const gauge = { dataPoints: [{ timeUnixNano, asInt: String(value), attributes: [] }] };
  return {
    resourceMetrics: [
      {
        resource: {
          attributes: [attribute('service.name', 'nanometer-doctor'), attribute('service.instance.id', 'doctor')],
        },
        scopeMetrics: [
          {
            scope: { name: '@nanometer/doctor', version: VERSION },
            metrics: [{ name: NAME, unit, description, gauge }],
          },
        ],
      },
    ],
  };
}

/** Subscribes before the probe is sent, so that the time it takes is that of the stream. */
class LiveWatch {
  readonly #client: LiveClient;
  readonly #route: ProbeRoute;
  /** Ends the wait: the value has been seen, or it will not be. */
  readonly #told = new AbortController();
  #seenAtMs: number | undefined;
  #refusal: CliError | undefined;

  constructor(route: ProbeRoute, value: number) {
    this.#route = route;
    const client = new LiveClient({
      url: liveUrlOf(route.bridge).href,
      ...bearerOf(process.env),
      onFrame: () => {
        const { store } = client;
        if (!store.idsOf(NAME).some((id) => store.values[id] === value)) return;
        this.#seenAtMs ??= performance.now();
        this.#told.abort();
      },
    });
    this.#client = client;
    client.subscribe({ names: [NAME], lane: 'risk' });
    client.connect().catch(() => undefined);
    // A stream that is refused only looks like one that is not there.
    checkAccess(route.bridge, AbortSignal.timeout(ANSWER_LIMIT_MS)).catch((error: CliError) => {
      this.#refusal = error;
      this.#told.abort();
    });
  }

  async arrival(startMs: number): Promise<Check> {
    const id = 'live stream';
    const signal = AbortSignal.any([this.#told.signal, this.#route.signal]);
    await pause(this.#route.limitMs, undefined, { signal }).catch(() => undefined);
    const atMs = this.#seenAtMs;
    if (atMs !== undefined) return { id, status: 'ok', detail: 'received by a subscriber', durationMs: atMs - startMs };
    if (this.#refusal !== undefined) return refused(id, this.#refusal);
    const { state } = this.#client.status;
    const detail = state === 'open' ? `not seen within ${this.#route.limitMs} ms` : `no connection (${state})`;
    return { id, status: 'fail', detail, fix: 'is --bridge the page of the bridge the OTLP address leads to?' };
  }

  close(): void {
    this.#client.close();
  }
}

/** Asks again until it is there or time is up. */
async function poll(
  id: string,
  route: ProbeRoute,
  startMs: number,
  isThere: () => Promise<boolean>,
  fix: string,
): Promise<Check> {
  let why = `not seen within ${route.limitMs} ms`;
  while (performance.now() - startMs < route.limitMs && !route.signal.aborted) {
    try {
      if (await isThere())
        return { id, status: 'ok', detail: 'the value is there', durationMs: performance.now() - startMs };
    } catch (error) {
      // What is refused now is refused until time is up.
      if (error instanceof CliError) return refused(id, error);
      why = (error as Error).message;
    }
    await pause(POLL_EVERY_MS);
  }
  return { id, status: 'fail', detail: why, fix };
}

async function statsdCheck(route: ProbeRoute, startMs: number): Promise<Check> {
  const counts = async (): Promise<OutputLedger | undefined> => {
    const { outputs } = (await jsonOf(await ofBridge(new URL('api/v1/stats', route.bridge)))) as BridgeStats;
    return outputs.statsd;
  };
  const id = 'statsd';
  const first = await counts().catch(() => undefined);
  if (first === undefined) return { id, status: 'skip', detail: 'the bridge sends no StatsD' };
  // A busy bridge always holds something: what counts is that as much as it had, the probe included, has left since.
  const hasLeft = async (): Promise<boolean> => {
    const now = await counts();
    return now !== undefined && now.received - now.held >= first.received;
  };
  return poll(id, route, startMs, hasLeft, 'the StatsD server does not take what it is sent');
}

async function historyCheck(route: ProbeRoute, value: number, startMs: number): Promise<Check> {
  const id = 'history';
  const url = new URL(`api/v1/history?name=${NAME}`, route.bridge);
  const first = await ofBridge(url, route.limitMs).catch(() => undefined);
  await first?.arrayBuffer();
  if (first?.status === 404) return { id, status: 'skip', detail: 'the bridge keeps no history' };
  const isThere = async (): Promise<boolean> =>
    JSON.stringify(await jsonOf(await ofBridge(url))).includes(String(value));
  return poll(id, route, startMs, isThere, "look at the bridge's own messages about its history file");
}

async function inExposition(bridge: URL, value: number): Promise<boolean> {
  const response = await ofBridge(new URL('metrics', bridge));
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status} ${text.slice(0, 200).trim()}`);
  const name = prometheusName(METRIC_NANOMETER_PROBE_VALUE);
  return text.split('\n').some((line) => line.startsWith(`${name}{`) && line.includes(`} ${value}`));
}

async function inPrometheus(prometheus: URL, value: number): Promise<boolean> {
  const query = encodeURIComponent(`last_over_time(${prometheusName(METRIC_NANOMETER_PROBE_VALUE)}[5m])`);
  const url = new URL(`api/v1/query?query=${query}`, prometheus);
  const answer = await jsonOf(await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }));
  return JSON.stringify(answer).includes(`"${value}"`);
}

/**
 * Asks the bridge; nobody else is shown the token.
 *
 * @throws CliError `UNAUTHORIZED`.
 */
async function ofBridge(url: URL, limitMs: number = ANSWER_LIMIT_MS): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(limitMs), headers: bearerHeaders(process.env) });
  if (response.status !== 401) return response;
  await response.body?.cancel();
  throw unauthorized(url);
}

function refused(id: string, { message, hint }: CliError): Check {
  return { id, status: 'fail', detail: `${message} (HTTP 401)`, ...(hint === undefined ? {} : { fix: hint }) };
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status}`);
  return response.json();
}

import {
  ATTR_ERROR_TYPE,
  ATTR_NANOMETER_DROP_CAUSE,
  ATTR_NANOMETER_OUTPUT,
  ATTR_NANOMETER_TRANSPORT,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_NANOMETER_BRIDGE_POINT_HELD,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_NANOMETER_BRIDGE_REQUEST_COUNT,
  METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE,
  METRIC_NANOMETER_BRIDGE_SERIES_EXPIRED,
  METRIC_NANOMETER_BRIDGE_FAN_OUT_PRODUCER_WAITED,
  METRIC_NANOMETER_BRIDGE_FAN_OUT_RESTART_COUNT,
  METRIC_NANOMETER_BRIDGE_FAN_OUT_ROW_CONFLATED,
  METRIC_NANOMETER_BRIDGE_STATE_LOST,
  METRIC_NANOMETER_BRIDGE_STATE_SIZE,
  METRIC_NANOMETER_HISTORY_COMMIT_COUNT,
  METRIC_NANOMETER_HISTORY_ROLLUP_EVICTED,
  METRIC_NANOMETER_HISTORY_ROLLUP_HELD,
  METRIC_NANOMETER_HISTORY_SERIES_ACTIVE,
  METRIC_NANOMETER_HISTORY_SIZE,
  ATTR_NANOMETER_LIVE_RECOVERY,
  METRIC_NANOMETER_LIVE_CLIENT_ACTIVE,
  METRIC_NANOMETER_LIVE_CLIENT_REFUSED,
  METRIC_NANOMETER_LIVE_EVENT_SENT,
  METRIC_NANOMETER_LIVE_FRAME_CONFLATED,
  METRIC_NANOMETER_LIVE_FRAME_ENCODED,
  METRIC_NANOMETER_LIVE_FRAME_SENT,
  METRIC_NANOMETER_LIVE_SUBSCRIBER_RESUMED,
  type MetricDefinition,
  prometheusLabel,
  prometheusName,
} from '@nanometer/semconv';
import type { History } from '@nanometer/history';
import type { SeriesKind } from '@nanometer/live';
import { ALERT_METRICS, alertReadings, deliveryDurationLines, type Reading } from './alert-readings.ts';
import type { FanOutStats, SeriesFeed } from './fan-out/fan-out.ts';
import type { BridgeStats } from './stats.ts';

/** Prometheus families of the bridge's own metrics. */
export const SELF_FAMILIES: readonly string[] = [
  METRIC_NANOMETER_BRIDGE_REQUEST_COUNT,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_NANOMETER_BRIDGE_POINT_HELD,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE,
  METRIC_NANOMETER_BRIDGE_SERIES_EXPIRED,
  METRIC_NANOMETER_BRIDGE_FAN_OUT_RESTART_COUNT,
  METRIC_NANOMETER_BRIDGE_FAN_OUT_ROW_CONFLATED,
  METRIC_NANOMETER_BRIDGE_FAN_OUT_PRODUCER_WAITED,
  METRIC_NANOMETER_BRIDGE_STATE_LOST,
  METRIC_NANOMETER_BRIDGE_STATE_SIZE,
  METRIC_NANOMETER_LIVE_CLIENT_ACTIVE,
  METRIC_NANOMETER_LIVE_FRAME_SENT,
  METRIC_NANOMETER_LIVE_FRAME_CONFLATED,
  METRIC_NANOMETER_LIVE_FRAME_ENCODED,
  METRIC_NANOMETER_LIVE_SUBSCRIBER_RESUMED,
  METRIC_NANOMETER_LIVE_CLIENT_REFUSED,
  METRIC_NANOMETER_LIVE_EVENT_SENT,
  METRIC_NANOMETER_HISTORY_COMMIT_COUNT,
  METRIC_NANOMETER_HISTORY_ROLLUP_EVICTED,
  METRIC_NANOMETER_HISTORY_ROLLUP_HELD,
  METRIC_NANOMETER_HISTORY_SERIES_ACTIVE,
  METRIC_NANOMETER_HISTORY_SIZE,
  ...ALERT_METRICS,
].map((definition) => prometheusName(definition));

/** Sets the bridge's own series apart from those of another bridge whose metrics come in. */
const RESOURCE = { 'service.name': 'nanometer-bridge' };

/**
 * The bridge's own numbers, read off its accounts. They go to `/metrics` and the live stream beside what was received,
 * and not through the store: an account that counted itself would never stand still.
 */
export class SelfMetrics {
  readonly #stats: () => BridgeStats;
  readonly #startMs: number;

  /** `startMs` is when its counts began, Unix milliseconds. */
  constructor(stats: () => BridgeStats, startMs: number) {
    this.#stats = stats;
    this.#startMs = startMs;
  }

  /** Prometheus text, families in the registry's order. */
  text(): string {
    const lines: string[] = [];
    let family = '';
    const stats = this.#stats();
    for (const { definition, attributes, value } of readings(stats)) {
      const name = prometheusName(definition);
      if (name !== family) {
        lines.push(
          `# HELP ${name} ${definition.description}`,
          `# TYPE ${name} ${isMonotonic(definition) ? 'counter' : 'gauge'}`,
        );
        family = name;
      }
      const labels = Object.entries(attributes).map(([key, text]) => `${prometheusLabel(key)}="${text}"`);
      lines.push(`${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`} ${value}`);
    }
    if (stats.alerts) lines.push(...deliveryDurationLines(stats.alerts));
    return `${lines.join('\n')}\n`;
  }

  /** Brings the live stream's series up to date, and the history's, so that a subscriber finds there what it missed. */
  publish(live: SeriesFeed, timeMs: number, history: History | undefined): void {
    for (const { definition, attributes, value } of readings(this.#stats())) {
      const { name, unit, description } = definition;
      const kind: SeriesKind = isMonotonic(definition) ? 'counter' : 'updowncounter';
      const id = live.register({ name, unit, description, kind, field: 'value', attributes, resource: RESOURCE });
      if (id >= 0) live.update(id, timeMs, value);
      const recorder = history?.recorder({ name, unit, kind, attributes, resource: RESOURCE });
      if (kind === 'counter') recorder?.counter(timeMs, this.#startMs, value);
      else recorder?.gauge(timeMs, value);
    }
  }
}

function isMonotonic({ kind }: MetricDefinition): boolean {
  return kind === 'counter' || kind === 'observablecounter';
}

function* readings({
  requests,
  receivedBy,
  outputs,
  series,
  seriesExpired,
  fanOut,
  state,
  live,
  alerts,
  history,
}: BridgeStats): Generator<Reading> {
  for (const [transport, results] of Object.entries(requests)) {
    for (const [error, value] of Object.entries(results)) {
      const attributes = {
        [ATTR_NANOMETER_TRANSPORT]: transport,
        ...(error === '' ? {} : { [ATTR_ERROR_TYPE]: error }),
      };
      yield { definition: METRIC_NANOMETER_BRIDGE_REQUEST_COUNT, attributes, value };
    }
  }
  for (const [transport, value] of Object.entries(receivedBy)) {
    const attributes = { [ATTR_NANOMETER_TRANSPORT]: transport };
    yield { definition: METRIC_NANOMETER_BRIDGE_POINT_RECEIVED, attributes, value };
  }
  for (const [output, { forwarded }] of Object.entries(outputs)) {
    const attributes = { [ATTR_NANOMETER_OUTPUT]: output };
    yield { definition: METRIC_NANOMETER_BRIDGE_POINT_FORWARDED, attributes, value: forwarded };
  }
  for (const [output, { held }] of Object.entries(outputs)) {
    const attributes = { [ATTR_NANOMETER_OUTPUT]: output };
    yield { definition: METRIC_NANOMETER_BRIDGE_POINT_HELD, attributes, value: held };
  }
  for (const [output, { dropped }] of Object.entries(outputs)) {
    for (const [cause, value] of Object.entries(dropped)) {
      const attributes = { [ATTR_NANOMETER_OUTPUT]: output, [ATTR_NANOMETER_DROP_CAUSE]: cause };
      yield { definition: METRIC_NANOMETER_BRIDGE_POINT_DROPPED, attributes, value };
    }
  }
  const whole = (definition: MetricDefinition, value: number): Reading => ({ definition, attributes: {}, value });
  yield whole(METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE, series);
  yield whole(METRIC_NANOMETER_BRIDGE_SERIES_EXPIRED, seriesExpired);
  yield* fanOutReadings(fanOut);
  if (state) {
    yield whole(METRIC_NANOMETER_BRIDGE_STATE_SIZE, state.logBytes);
    yield whole(METRIC_NANOMETER_BRIDGE_STATE_LOST, state.entriesLost);
  }
  yield whole(METRIC_NANOMETER_LIVE_CLIENT_ACTIVE, live.clients);
  yield whole(METRIC_NANOMETER_LIVE_FRAME_SENT, live.framesSent);
  yield whole(METRIC_NANOMETER_LIVE_FRAME_CONFLATED, live.framesConflated);
  yield whole(METRIC_NANOMETER_LIVE_FRAME_ENCODED, live.framesEncoded);
  for (const [recovery, value] of Object.entries(live.resumes)) {
    yield {
      definition: METRIC_NANOMETER_LIVE_SUBSCRIBER_RESUMED,
      attributes: { [ATTR_NANOMETER_LIVE_RECOVERY]: recovery },
      value,
    };
  }
  for (const [code, value] of Object.entries(live.rejected)) {
    yield { definition: METRIC_NANOMETER_LIVE_CLIENT_REFUSED, attributes: { [ATTR_ERROR_TYPE]: code }, value };
  }
  yield whole(METRIC_NANOMETER_LIVE_EVENT_SENT, live.eventsSent);
  if (history) {
    const { commits, commitsFailed, evicted, pending, series, sizeBytes } = history;
    yield whole(METRIC_NANOMETER_HISTORY_COMMIT_COUNT, commits);
    yield {
      definition: METRIC_NANOMETER_HISTORY_COMMIT_COUNT,
      attributes: { [ATTR_ERROR_TYPE]: 'write_failed' },
      value: commitsFailed,
    };
    for (const [cause, value] of Object.entries(evicted)) {
      const attributes = { [ATTR_NANOMETER_DROP_CAUSE]: cause };
      yield { definition: METRIC_NANOMETER_HISTORY_ROLLUP_EVICTED, attributes, value };
    }
    yield whole(METRIC_NANOMETER_HISTORY_ROLLUP_HELD, pending);
    yield whole(METRIC_NANOMETER_HISTORY_SERIES_ACTIVE, series);
    yield whole(METRIC_NANOMETER_HISTORY_SIZE, sizeBytes);
  }
  if (alerts) yield* alertReadings(alerts);
}

/** Only where there is such a hop. */
function* fanOutReadings({ mode, restarts, rowsConflated, producerWaits }: FanOutStats): Generator<Reading> {
  if (mode === 'inline') return;
  for (const [cause, value] of Object.entries(restarts)) {
    const attributes = { [ATTR_ERROR_TYPE]: cause };
    yield { definition: METRIC_NANOMETER_BRIDGE_FAN_OUT_RESTART_COUNT, attributes, value };
  }
  yield { definition: METRIC_NANOMETER_BRIDGE_FAN_OUT_ROW_CONFLATED, attributes: {}, value: rowsConflated };
  yield { definition: METRIC_NANOMETER_BRIDGE_FAN_OUT_PRODUCER_WAITED, attributes: {}, value: producerWaits };
}

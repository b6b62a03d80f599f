import type { CenterStats } from '@nanometer/alerting';
import type { UdpSenderStats } from '@nanometer/exporter-statsd';
import type { History, HistoryStats } from '@nanometer/history';
import type { LiveServerStats, PushServer, PushServerStats } from '@nanometer/live';
import type { BridgeState } from './bridge-state.ts';
import type { FanOut, FanOutStats } from './fan-out/fan-out.ts';
import type { DurableJournal, JournalStats } from './journal/durable-journal.ts';
import type { OutputLedger, OutputName, Transport } from './ledger.ts';

/** Every hop's account. For each output, received = forwarded + held + dropped. */
export interface BridgeStats {
  /** Points of accepted requests, by transport. */
  readonly receivedBy: Readonly<Record<Transport, number>>;
  /** Requests by transport and outcome; `''` is success, anything else the error's type. */
  readonly requests: Readonly<Record<RequestTransport, Readonly<Record<string, number>>>>;
  readonly outputs: Readonly<Partial<Record<OutputName, OutputLedger>>>;
  readonly series: number;
  /** Series forgotten because they got no more points. */
  readonly seriesExpired: number;
  /** Of the state on disk; absent when it is in memory. */
  readonly state?: JournalStats;
  readonly live: LiveServerStats;
  /** Of the hop to the thread that serves the stream. */
  readonly fanOut: FanOutStats;
  /** The port of its own that services push to; absent when they push to the page's. */
  readonly pushPort?: number;
  /** Of services that push: rows received = applied + duplicate + dropped + waiting. */
  readonly push: PushServerStats;
  readonly statsd?: UdpSenderStats;
  readonly alerts?: AlertStats;
  readonly history?: HistoryStats;
}

/** What became of rules and notifications. */
export interface AlertStats extends CenterStats {
  /** Evaluations of a rule for one combination of labels. */
  readonly evaluations: number;
  /** Series that rules look at. */
  readonly series: number;
  /** Series and combinations of labels beyond a limit. */
  readonly seriesDropped: number;
}

/** Ways in by request and answer. */
type RequestTransport = Exclude<Transport, 'push'>;

/** Counts requests by transport and outcome. */
export class RequestCounts {
  readonly by: Readonly<Record<RequestTransport, Record<string, number>>> = { grpc: {}, http: {} };

  count(transport: RequestTransport, error: string = ''): void {
    const results = this.by[transport];
    results[error] = (results[error] ?? 0) + 1;
  }
}

export function bridgeStats(
  state: BridgeState,
  requests: RequestCounts,
  live: FanOut,
  push: Pick<PushServer<unknown>, 'stats'>,
  journal: DurableJournal | undefined,
  history: History | undefined,
): BridgeStats {
  const { ingest, prometheus, statsd, alerts, store, seriesExpired } = state;
  return {
    receivedBy: ingest.receivedBy,
    requests: requests.by,
    outputs: {
      prometheus: prometheus.account.ledger(0),
      live: state.live.account.ledger(0),
      ...(statsd ? { statsd: statsd.account.ledger(statsd.held) } : {}),
      ...(alerts ? { alerts: alerts.account.ledger(0) } : {}),
      ...(state.history ? { history: state.history.account.ledger(state.history.held) } : {}),
    },
    series: store.size,
    seriesExpired,
    ...(journal ? { state: journal.stats() } : {}),
    live: live.stats(),
    fanOut: live.fanOutStats(),
    push: push.stats(),
    ...(statsd ? { statsd: statsd.senderStats() } : {}),
    ...(alerts?.service ? { alerts: alerts.stats() } : {}),
    ...(history ? { history: history.stats() } : {}),
  };
}

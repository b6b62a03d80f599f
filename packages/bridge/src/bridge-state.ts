import { StatsdError } from '@nanometer/exporter-statsd';
import type { History } from '@nanometer/history';
import type { SavedAccount } from './journal/state-snapshot.ts';
import { BridgeError } from './errors.ts';
import type { SeriesFeed } from './fan-out/fan-out.ts';
import { Ingest, type Output } from './ingest.ts';
import type { Entry } from './journal/journal.ts';
import type { Account, OutputName } from './ledger.ts';
import type { CheckedOptions } from './options.ts';
import { AlertsOutput } from './outputs/alerts-output.ts';
import { HistoryOutput } from './outputs/history-output.ts';
import { LiveOutput } from './outputs/live-output.ts';
import { PrometheusOutput } from './outputs/prometheus-output.ts';
import { type SavedStatsd, StatsdOutput } from './outputs/statsd-output.ts';
import type { BridgeStatsdOptions } from './outputs/statsd-options.ts';
import { SELF_FAMILIES } from './self-metrics.ts';
import type { Series } from './store/series.ts';
import { SeriesStore } from './store/series-store.ts';

/** All that a bridge knows. It is a function of the entries it was given, in their order: no clock, no chance, no I/O. */
export class BridgeState {
  readonly store: SeriesStore;
  readonly prometheus: PrometheusOutput;
  readonly live: LiveOutput;
  readonly statsd: StatsdOutput | undefined;
  readonly alerts: AlertsOutput | undefined;
  readonly history: HistoryOutput | undefined;
  readonly ingest: Ingest;
  /** Series forgotten because they got no more points. */
  seriesExpired = 0;

  /** `startedAtMs` is when the first bridge with this state began. Throws `BridgeError` `INVALID_OPTION` for what is wrong in `statsd`. */
  constructor(options: CheckedOptions, feed: SeriesFeed, startedAtMs: number, history?: History) {
    this.store = new SeriesStore(options.seriesLimit);
    this.prometheus = new PrometheusOutput(this.store, SELF_FAMILIES);
    this.live = new LiveOutput(feed, options.percentileWindowMillis);
    this.statsd = options.statsd && statsdOutput(options.statsd, options, startedAtMs / 1000);
    this.alerts = options.alerts && new AlertsOutput();
    this.history = history && new HistoryOutput(history);
    this.ingest = new Ingest(this.store, this.outputs);
  }

  get outputs(): readonly Output[] {
    const { prometheus, live, statsd, alerts, history } = this;
    return [prometheus, live, ...[statsd, alerts, history].filter((output) => output !== undefined)];
  }

  /** The account of each output. */
  get accounts(): readonly (readonly [OutputName, Account])[] {
    const { prometheus, live, statsd, alerts, history } = this;
    return [
      ['prometheus', prometheus.account],
      ['live', live.account],
      ...(statsd ? [['statsd', statsd.account] as const] : []),
      ...(alerts ? [['alerts', alerts.account] as const] : []),
      ...(history ? [['history', history.account] as const] : []),
    ];
  }

  restoreAccounts(saved: readonly (readonly [OutputName, SavedAccount])[]): void {
    const byName = new Map(saved);
    for (const [name, account] of this.accounts) account.restore(byName.get(name));
    // What waited to be written when the accounts were saved may have been written by the end, or not.
    const history = byName.get('history');
    if (history === undefined) return;
    const dropped = Object.values(history.dropped).reduce((sum, count) => sum + count, 0);
    this.history?.account.drop('unconfirmed', history.received - history.forwarded - dropped);
  }

  /** Gives a series that was saved to the outputs. */
  restoreSeries(series: Series, statsd: SavedStatsd | undefined): void {
    this.prometheus.restore(series);
    this.live.restore(series);
    this.statsd?.restore(series, statsd);
  }

  expire(beforeMs: number): void {
    this.seriesExpired += this.ingest.expire(beforeMs);
  }

  /** Repeats an entry of an earlier life. What it sent then is not sent again. */
  replay(entry: Entry): void {
    if (entry.kind === 'request') this.ingest.request(entry.bytes, entry.transport, entry.timeMs);
    else if (entry.kind === 'expire') this.expire(entry.beforeMs);
    else if (entry.kind === 'statsdTake') this.statsd?.take(entry.seriesCount);
    else this.statsd?.settle(entry.outcome);
  }
}

function statsdOutput(
  options: BridgeStatsdOptions,
  { seriesLimit, onTrouble }: CheckedOptions,
  startedAtSeconds: number,
): StatsdOutput {
  try {
    return new StatsdOutput(options, seriesLimit, startedAtSeconds, ({ message }) => onTrouble(message));
  } catch (error) {
    if (!(error instanceof StatsdError)) throw error;
    // Its message begins with the option's name.
    const option = `statsd.${/^\w+/.exec(error.message)?.[0] ?? ''}`;
    throw new BridgeError('INVALID_OPTION', `statsd.${error.message}`, option, error);
  }
}

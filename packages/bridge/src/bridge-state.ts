import { StatsdError } from '@nanometer/exporter-statsd';
import type { LiveServer } from '@nanometer/live';
import { BridgeError } from './errors.ts';
import { Ingest, type Output } from './ingest.ts';
import type { Entry } from './journal/journal.ts';
import type { CheckedOptions } from './options.ts';
import { LiveOutput } from './outputs/live-output.ts';
import { PrometheusOutput } from './outputs/prometheus-output.ts';
import { StatsdOutput } from './outputs/statsd-output.ts';
import type { BridgeStatsdOptions } from './outputs/statsd-options.ts';
import { SELF_FAMILIES } from './self-metrics.ts';
import { SeriesStore } from './store/series-store.ts';

/** All that a bridge knows. It is a function of the entries it was given, in their order: no clock, no chance, no I/O. */
export class BridgeState {
  readonly store: SeriesStore;
  readonly prometheus: PrometheusOutput;
  readonly live: LiveOutput;
  readonly statsd: StatsdOutput | undefined;
  readonly ingest: Ingest;
  /** Series forgotten because they got no more points. */
  seriesExpired = 0;

  /** Throws `BridgeError` `INVALID_OPTION` for what is wrong in `statsd`. */
  constructor(options: CheckedOptions, liveServer: LiveServer) {
    this.store = new SeriesStore(options.seriesLimit);
    this.prometheus = new PrometheusOutput(this.store, SELF_FAMILIES);
    this.live = new LiveOutput(liveServer, options.percentileWindowMillis);
    this.statsd = options.statsd && statsdOutput(options.statsd, options);
    this.ingest = new Ingest(this.store, this.outputs);
  }

  get outputs(): readonly Output[] {
    return [this.prometheus, this.live, ...(this.statsd ? [this.statsd] : [])];
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

function statsdOutput(options: BridgeStatsdOptions, { seriesLimit, onTrouble }: CheckedOptions): StatsdOutput {
  try {
    return new StatsdOutput(options, seriesLimit, ({ message }) => onTrouble(message));
  } catch (error) {
    if (!(error instanceof StatsdError)) throw error;
    // Its message begins with the option's name.
    const option = `statsd.${/^\w+/.exec(error.message)?.[0] ?? ''}`;
    throw new BridgeError('INVALID_OPTION', `statsd.${error.message}`, option, error);
  }
}

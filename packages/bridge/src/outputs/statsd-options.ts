import type { InitialValue, StatsdDialect } from '@nanometer/exporter-statsd';

/** Where and how the bridge sends StatsD. */
export interface BridgeStatsdOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 8125. */
  readonly port?: number;
  /** Default `dogstatsd`. */
  readonly dialect?: StatsdDialect;
  /** Put before every metric name. Default empty. */
  readonly prefix?: string;
  /** Resource attributes sent as tags. Default `service.name` and `service.instance.id`. */
  readonly resourceAttributes?: readonly string[];
  /** Milliseconds between flushes. Default 1,000. */
  readonly flushIntervalMillis?: number;
  /** Largest datagram. Default 1432. */
  readonly mtuBytes?: number;
  /** Pace of sending. Default 2,000 datagrams per second. */
  readonly packetsPerSecond?: number;
  /** Most bytes waiting to be sent. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /** What the first point of a counter counts; `auto` when the bridge takes over from one that ran before. Default `count`. */
  readonly initialValue?: InitialValue;
}

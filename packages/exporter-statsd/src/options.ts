import type { InitialValue } from './delta-store.ts';
import type { StatsdDialect } from './dialect.ts';
import type { StatsdError } from './errors.ts';

/** Options of {@link StatsdExporter}; every one has a default that works with a server on the same host. */
export interface StatsdExporterOptions {
  /** Name or address of the StatsD server. Default `127.0.0.1`. */
  readonly host?: string;
  /** Its UDP port. Default 8125. */
  readonly port?: number;
  /** The format the server reads. Default `dogstatsd`. */
  readonly dialect?: StatsdDialect;
  /** Put before every metric name, with a dot of its own if one is wanted. Default empty. */
  readonly prefix?: string;
  /** Resource attributes sent as tags (in `etsy`: folded into the name). Default none. */
  readonly resourceAttributes?: readonly string[];
  /** Largest datagram in bytes, 64 to 65,507. Default 1432. */
  readonly mtuBytes?: number;
  /** Most series; points of further ones are dropped and counted. Default 100,000. */
  readonly seriesLimit?: number;
  /** What the first point of a counter counts. `auto` is for a process that takes over from a predecessor. Default `count`. */
  readonly initialValue?: InitialValue;
  /** Most bytes waiting to be sent. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /** Pace of sending. Default 2,000 datagrams per second. */
  readonly packetsPerSecond?: number;
  /** Called once when delivery begins to fail. Default: a warning through OpenTelemetry's `diag`. */
  readonly onTrouble?: (error: StatsdError) => void;
}

import type { HostPort, Speed } from '../options/values.ts';

/** What to run and where; absent options have the defaults of `nanometer demo --help`. */
export interface DemoOptions {
  /** Folder or file of recorded market data; a market is simulated without it. */
  readonly replay: string | undefined;
  readonly speed: Speed | undefined;
  /** Seconds of market time. */
  readonly duration: number | undefined;
  readonly seed: number | undefined;
  /** A StatsD server; without it a receiver of our own is compared at the end. */
  readonly statsd: HostPort | undefined;
  /** An OTLP gRPC receiver between desk and bridge. */
  readonly collector: HostPort | undefined;
  /** Page of a bridge that already runs and that `collector` forwards to; without it one is started in this process. */
  readonly bridge: URL | undefined;
  /** Where the desk pushes to with `bridge`; without it where that bridge says. */
  readonly push: URL | undefined;
  /** Alert rules; those of the desk are evaluated without it. */
  readonly rules: string | undefined;
  readonly alertmanager: URL | undefined;
  readonly webhook: URL | undefined;
  /** Folder of the bridge's history; a temporary one without it. */
  readonly history: string | undefined;
  /** Folder of the desk's write-ahead log; without it exports wait in memory. */
  readonly wal: string | undefined;
  /** Folder of the desk's state; without it the desk begins anew. */
  readonly state: string | undefined;
  /** Most bytes of it; 256 MiB without it. */
  readonly stateLimit: number | undefined;
  /** Seconds of market time after which a limit is broken, for three minutes; never without it. */
  readonly plantBreach: number | undefined;
  /** Ports may be 0 for any free one. */
  readonly port: number;
  readonly metricsPort: number;
  readonly otlpGrpcPort: number;
  readonly otlpHttpPort: number;
  readonly json: boolean;
}

import type { Clock } from '../clock.ts';
import type { LogFiles } from '../log/log-files.ts';
import type { FullPolicy } from '../log/record-log.ts';
import type { FsyncPolicy } from '../log/segment-writer.ts';
import type { Compression } from '../send/http-transport.ts';
import type { SendResult } from '../send/transport.ts';

/** How requests travel. */
export type Protocol = 'grpc' | 'http/protobuf';

/** Certificates and keys in PEM. */
export interface TlsSettings {
  /** Of the authority that signed the receiver's certificate; default the system's. */
  readonly ca?: Buffer;
  /** The client's own, for mutual TLS; needs `key`. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** How the points of a metric relate to each other over time. */
export type TemporalityPreference = 'cumulative' | 'delta' | 'lowmemory';

/** What histograms become where no view says. */
export type HistogramAggregation = 'explicit_bucket_histogram' | 'base2_exponential_bucket_histogram';

/** Settings of an {@link OtlpExporter}; what is left out comes from the environment, then from the defaults. */
export interface OtlpExporterOptions {
  /** Default `grpc`. */
  readonly protocol?: Protocol;
  /** gRPC: `host:port` or an http(s) URL without a path. HTTP: the whole URL, `/v1/metrics` included. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds one request may take. Default 10,000. */
  readonly timeoutMillis?: number;
  /** Default `none`; `zstd` over HTTP only. */
  readonly compression?: Compression;
  readonly tls?: TlsSettings;
  /** Default `cumulative`. */
  readonly temporalityPreference?: TemporalityPreference;
  /** Default `explicit_bucket_histogram`. */
  readonly histogramAggregation?: HistogramAggregation;

  /** Folder of the write-ahead log, made when it is missing. Without it records are held in memory. */
  readonly directory?: string;
  /** Most bytes held. Default 512 MiB on disk, 64 MiB in memory. */
  readonly limitBytes?: number;
  /** What happens to a record for which there is no room. Default `block`. */
  readonly fullPolicy?: FullPolicy;
  /** Default `always`. */
  readonly fsync?: FsyncPolicy;
  /** Milliseconds between two syncs of the policy `interval`. Default 200. */
  readonly fsyncIntervalMillis?: number;
  /** Bytes of one log file; what is delivered is freed by the file. Default a sixteenth of the limit, at most 8 MiB. */
  readonly segmentBytes?: number;
  /** Most bytes that wait to be taken into the log. Default 16 MiB. */
  readonly pendingLimitBytes?: number;
  /** Most bytes kept of encoded points to write the next request from; 0 keeps none. Default 64 MiB. */
  readonly templateLimitBytes?: number;

  /** Records are merged to requests up to this size. Default 1 MiB. */
  readonly maxBatchBytes?: number;
  /** Larger records are split between points. Default 3.5 MiB; receivers take 4 MiB unless told otherwise. */
  readonly maxRequestBytes?: number;
  /** Sends new records before what is left from an outage or an earlier process. Default false: strictly in order. */
  readonly freshFirst?: boolean;
  /** Longest first wait after a failure. Default 250. */
  readonly initialBackoffMillis?: number;
  /** Longest wait after many failures. Default 10,000. */
  readonly maxBackoffMillis?: number;
  /** Longest wait a receiver may ask for by Retry-After or RetryInfo. Default 300,000. */
  readonly maxRetryAfterMillis?: number;
  /** Statuses to retry beside the specification's, as 401 or `UNAUTHENTICATED`: what is held waits for a better answer. */
  readonly retryStatuses?: readonly (number | string)[];
  /** Milliseconds `forceFlush` waits unless told otherwise. Default 30,000. */
  readonly flushTimeoutMillis?: number;
  /** Milliseconds `shutdown` waits unless told otherwise. Default 5,000. */
  readonly shutdownTimeoutMillis?: number;

  /** The receiver stopped taking data; once per outage. */
  readonly onOutage?: (failure: SendResult & { kind: 'retry' }) => void;
  /** The receiver takes data again, after so many failed attempts. */
  readonly onRecovery?: (failedAttempts: number) => void;
  readonly clock?: Clock;
  /** A number in [0, 1), for the jitter. */
  readonly random?: () => number;
  /** The log's file operations. */
  readonly files?: LogFiles;
}

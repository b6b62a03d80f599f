import { SYSTEM_CLOCK } from '../clock.ts';
import { DEFAULT_TEMPLATE_LIMIT_BYTES } from '../encode/encode-request.ts';
import { checkedChoice, checkedNumber, OtlpError } from '../errors.ts';
import { FULL_POLICIES } from '../log/record-log.ts';
import { FSYNC_POLICIES } from '../log/segment-writer.ts';
import type { Compression } from '../send/http-transport.ts';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { OtlpEnvironment } from './environment.ts';
import type { OtlpExporterOptions } from './options.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const LONGEST_MS = 2 ** 31 - 1;
const COMPRESSIONS: readonly Compression[] = ['none', 'gzip', 'zstd'];

type Optional = 'directory' | 'onOutage' | 'onRecovery' | 'files' | 'url' | 'protocol';

/** Settings with everything filled in. */
export interface ResolvedOptions extends Required<Omit<OtlpExporterOptions, Optional>> {
  readonly endpoint: Endpoint;
  readonly directory: string | undefined;
  readonly onOutage: OtlpExporterOptions['onOutage'] | undefined;
  readonly onRecovery: OtlpExporterOptions['onRecovery'] | undefined;
  readonly files: OtlpExporterOptions['files'] | undefined;
}

/** Checks and completes options. @throws OtlpError `INVALID_OPTION` or `INVALID_ENVIRONMENT` */
export function resolveOptions(
  options: OtlpExporterOptions,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): ResolvedOptions {
  const environment = new OtlpEnvironment(variables);
  const endpoint = readEndpoint(options, environment);
  const number = (
    name: keyof OtlpExporterOptions,
    preset: number,
    least: number,
    most = Number.MAX_SAFE_INTEGER,
  ): number => checkedNumber(name, (options[name] as number | undefined) ?? preset, least, most);
  const limitBytes = number('limitBytes', options.directory === undefined ? 64 * MIB : 512 * MIB, 64 * KIB);
  const segmentBytes = number('segmentBytes', Math.min(8 * MIB, Math.floor(limitBytes / 16)), KIB, limitBytes / 2);
  const maxRequestBytes = number('maxRequestBytes', 3.5 * MIB, KIB);
  return {
    endpoint,
    headers: { ...environment.headers(), ...checkedHeaders(options.headers ?? {}) },
    compression: checkedCompression(options, environment, endpoint),
    tls: checkedTls(options, environment),
    retryStatuses: options.retryStatuses ?? [],
    timeoutMillis: number('timeoutMillis', environment.milliseconds('TIMEOUT') ?? 10_000, 1, LONGEST_MS),
    temporalityPreference: checkedChoice(
      'temporalityPreference',
      options.temporalityPreference ?? environment.choice('TEMPORALITY_PREFERENCE', TEMPORALITIES) ?? 'cumulative',
      TEMPORALITIES,
    ),
    histogramAggregation: checkedChoice(
      'histogramAggregation',
      options.histogramAggregation ??
        environment.choice('DEFAULT_HISTOGRAM_AGGREGATION', AGGREGATIONS) ??
        'explicit_bucket_histogram',
      AGGREGATIONS,
    ),
    directory: options.directory,
    limitBytes,
    segmentBytes,
    fullPolicy: checkedChoice('fullPolicy', options.fullPolicy ?? 'block', FULL_POLICIES),
    fsync: checkedChoice('fsync', options.fsync ?? 'always', FSYNC_POLICIES),
    fsyncIntervalMillis: number('fsyncIntervalMillis', 200, 1, LONGEST_MS),
    pendingLimitBytes: number('pendingLimitBytes', 16 * MIB, KIB),
    templateLimitBytes: number('templateLimitBytes', DEFAULT_TEMPLATE_LIMIT_BYTES, 0),
    maxRequestBytes,
    maxBatchBytes: number('maxBatchBytes', Math.min(MIB, maxRequestBytes), 1, maxRequestBytes),
    freshFirst: options.freshFirst ?? false,
    initialBackoffMillis: number('initialBackoffMillis', 250, 1, LONGEST_MS),
    maxBackoffMillis: number('maxBackoffMillis', 10_000, 1, LONGEST_MS),
    maxRetryAfterMillis: number('maxRetryAfterMillis', 300_000, 0, LONGEST_MS),
    flushTimeoutMillis: number('flushTimeoutMillis', 30_000, 0, LONGEST_MS),
    shutdownTimeoutMillis: number('shutdownTimeoutMillis', 5000, 0, LONGEST_MS),
    onOutage: options.onOutage,
    onRecovery: options.onRecovery,
    clock: options.clock ?? SYSTEM_CLOCK,
    random: options.random ?? Math.random,
    files: options.files,
  };
}

const TEMPORALITIES = ['cumulative', 'delta', 'lowmemory'] as const;
const AGGREGATIONS = ['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'] as const;

function checkedCompression(
  { compression }: OtlpExporterOptions,
  environment: OtlpEnvironment,
  { protocol }: Endpoint,
): Compression {
  const chosen = checkedChoice(
    'compression',
    compression ?? environment.choice('COMPRESSION', COMPRESSIONS) ?? 'none',
    COMPRESSIONS,
  );
  if (chosen !== 'zstd' || protocol !== 'grpc') return chosen;
  throw new OtlpError(
    'INVALID_OPTION',
    'compression is zstd, which gRPC for Node does not speak; use gzip or http/protobuf',
  );
}

function checkedTls(
  { tls }: OtlpExporterOptions,
  environment: OtlpEnvironment,
): NonNullable<OtlpExporterOptions['tls']> {
  const ca = tls?.ca ?? environment.file('CERTIFICATE');
  const cert = tls?.cert ?? environment.file('CLIENT_CERTIFICATE');
  const key = tls?.key ?? environment.file('CLIENT_KEY');
  if ((cert === undefined) !== (key === undefined)) {
    const [there, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key'];
    throw new OtlpError('INVALID_OPTION', `tls.${there} comes without tls.${missing}; a client needs both or none`);
  }
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
}

function checkedHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    const isValid = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && typeof value === 'string' && !/[\r\n\0]/.test(value);
    if (isValid) continue;
    throw new OtlpError(
      'INVALID_OPTION',
      `headers has ${JSON.stringify(name)}, whose name or value no header can have`,
    );
  }
  return headers;
}

import { Client, credentials, type ChannelCredentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { TlsSettings } from '../config/options.ts';
import { readResponse, readRetryDelay } from './response.ts';
import { withTlsAdvice } from './tls-advice.ts';
import type { SendResult, Transport } from './transport.ts';

/** Settings of a {@link GrpcTransport}. */
export interface GrpcTransportOptions {
  /** `host:port`. */
  readonly address: string;
  readonly isTls: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
  readonly tls: TlsSettings;
  /** Status names to retry beside those of the specification. */
  readonly retryStatuses: readonly (number | string)[];
  readonly userAgent: string;
}

const EXPORT = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const GZIP = 2;
/** The channel's own waiting between connections; the default of two minutes outlasts most outages. */
const RECONNECT_MS = 1000;

const RETRYABLE: readonly status[] = [
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
];

/** OTLP over gRPC on one channel. */
export class GrpcTransport implements Transport {
  readonly #options: GrpcTransportOptions;
  readonly #client: Client;
  readonly #metadata = new Metadata();

  constructor(options: GrpcTransportOptions) {
    this.#options = options;
    const { address, compression, headers, userAgent } = options;
    for (const [key, value] of Object.entries(headers)) this.#metadata.set(key, value);
    this.#client = new Client(address, credentialsOf(options), {
      'grpc.default_compression_algorithm': compression === 'gzip' ? GZIP : 0,
      'grpc.primary_user_agent': userAgent,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS,
      'grpc.max_send_message_length': -1,
      // A retry is decided here, where it is counted and can be told from a first attempt.
      'grpc.enable_retries': 0,
    });
  }

  async send(request: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<SendResult> {
    if (signal.aborted) return { kind: 'retry', error: 'stopped', type: 'CANCELLED' };
    return new Promise((resolve) => {
      const call = this.#client.makeUnaryRequest(
        EXPORT,
        (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
        (bytes: Buffer) => bytes,
        request,
        this.#metadata,
        // grpc-js measures deadlines by the wall clock.
        { deadline: Date.now() + timeoutMs },
        (error, response) => {
          signal.removeEventListener('abort', abort);
          resolve(error === null ? this.#accepted(response) : this.#failed(error));
        },
      );
      const abort = (): void => call.cancel();
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  close(): void {
    this.#client.close();
  }

  #accepted(response: Buffer | undefined): SendResult {
    const result = readResponse(response ?? Buffer.alloc(0));
    if (result !== undefined) return { kind: 'accepted', ...result };
    const error = `${this.#options.address} answered with bytes that are no OTLP response; is it an OTLP receiver?`;
    return { kind: 'retry', error, type: 'malformed_response' };
  }

  #failed({ code, details, metadata }: ServiceError): SendResult {
    const type = status[code] ?? String(code);
    const error = withTlsAdvice(`${this.#options.address}: ${type}: ${details}`);
    const [packedStatus] = metadata?.get('grpc-status-details-bin') ?? [];
    const afterMs = typeof packedStatus === 'object' ? readRetryDelay(packedStatus) : undefined;
    if (code === status.RESOURCE_EXHAUSTED && /larger than max/i.test(details))
      return { kind: 'too-large', error, type };
    const isRetryable =
      RETRYABLE.includes(code) ||
      this.#options.retryStatuses.includes(type) ||
      // Without RetryInfo the receiver is out of something that will not come back.
      (code === status.RESOURCE_EXHAUSTED && afterMs !== undefined) ||
      isBrokenStream(code, details);
    if (!isRetryable) return { kind: 'refused', error, type };
    return { kind: 'retry', error, type, ...(afterMs === undefined ? {} : { afterMs }) };
  }
}

/** grpc-js gives the codes of a server also to what no server said: a stream that broke off, or bytes that are no gRPC. */
function isBrokenStream(code: status, details: string): boolean {
  const isLocal = code === status.INTERNAL || code === status.UNKNOWN;
  return (
    isLocal &&
    /RST_STREAM|ended without|protocol error|invalid content-type|HTTP status|unexpected|GOAWAY/i.test(details)
  );
}

function credentialsOf({ isTls, tls }: GrpcTransportOptions): ChannelCredentials {
  return isTls
    ? credentials.createSsl(tls.ca ?? null, tls.key ?? null, tls.cert ?? null)
    : credentials.createInsecure();
}

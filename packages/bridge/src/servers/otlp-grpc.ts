import { createPrivateKey } from 'node:crypto';
import { createServer } from 'node:http';
import {
  Metadata,
  ResponderBuilder,
  type sendUnaryData,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  type ServerUnaryCall,
  status,
} from '@grpc/grpc-js';
import type { LiveTlsOptions } from '@nanometer/live';
import type { TakeRequest } from '../intake.ts';
import { JournalUnavailable } from '../journal/journal.ts';
import { MalformedOtlp } from '../otlp/malformed.ts';
import type { OtlpRefusal } from './otlp-access.ts';
import { exportResponse, retryStatus } from './otlp-response.ts';
import { closeServer, listen, listenError } from './listen.ts';

const pass = (bytes: Buffer): Buffer => bytes;

// The one method of opentelemetry.proto.collector.metrics.v1.MetricsService. Messages stay bytes: the reader below
// decodes them straight into the store, so no .proto is needed at run time.
const METRICS_SERVICE = {
  Export: {
    path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  },
} as const;

/** Counts requests: `error` is a gRPC status name or HTTP status, absent on success. */
export type CountRequest = (error?: string) => void;

/** Settings of {@link OtlpGrpcServer}. */
export interface OtlpGrpcOptions {
  readonly maxRequestBytes: number;
  readonly refusal: OtlpRefusal;
  readonly tls: LiveTlsOptions | undefined;
}

/** OTLP over gRPC. */
export class OtlpGrpcServer {
  readonly #server: Server;
  readonly #credentials: ServerCredentials;

  constructor(takeRequest: TakeRequest, { maxRequestBytes, refusal, tls }: OtlpGrpcOptions, count: CountRequest) {
    this.#credentials = credentialsOf(tls);
    this.#server = new Server({
      'grpc.max_receive_message_length': maxRequestBytes,
      interceptors: [guard(refusal, count)],
    });
    this.#server.addService(METRICS_SERVICE, {
      Export: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
        void this.#export(call.request, reply, takeRequest, count);
      },
    });
  }

  async #export(
    bytes: Buffer,
    reply: sendUnaryData<Buffer>,
    takeRequest: TakeRequest,
    count: CountRequest,
  ): Promise<void> {
    try {
      const { refusedCount, refusals } = await takeRequest(bytes, 'grpc');
      count();
      reply(null, exportResponse(refusedCount, refusals));
    } catch (error) {
      const code = codeOf(error);
      count(status[code]);
      const details = error instanceof Error ? error.message : String(error);
      const metadata = new Metadata();
      if (code === status.UNAVAILABLE) metadata.set('grpc-status-details-bin', retryStatus(code, details));
      reply({ code, details, metadata });
    }
  }

  /** Resolves with the port; rejects like `listen`. */
  async listen(host: string, port: number): Promise<number> {
    // The library complains on standard error and hides the cause in its text: whether the port is free is asked before.
    if (port !== 0) await probe(host, port);
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, this.#credentials, (error, bound) => {
        if (error === null) resolve(bound);
        // The library's message is the only place where the cause stands.
        else reject(listenError(/EADDRINUSE/.exec(error.message)?.[0], error.message, host, port, 'otlpGrpcPort'));
      });
    });
  }

  /** Finishes calls under way, at most `limitMs`, and takes no more. */
  close(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#server.forceShutdown(), limitMs);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** Answers who may not send before the message is read. */
function guard(refusal: OtlpRefusal, count: CountRequest): ServerInterceptor {
  return (_method, call) => {
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      const [authorization] = metadata.get('authorization');
      const { remoteAddress } = call.getConnectionInfo();
      const details = refusal({ authorization: authorization?.toString(), remoteAddress });
      if (details === undefined) {
        next(metadata);
        return;
      }
      count(status[status.UNAUTHENTICATED]);
      call.sendStatus({ code: status.UNAUTHENTICATED, details });
    });
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener.build())).build());
  };
}

function credentialsOf(tls: LiveTlsOptions | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  // The library asks for no passphrase: the key is handed over decrypted.
  const { key, cert, passphrase } = tls;
  const pem = createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  const pair = {
    private_key: Buffer.from(pem.export({ type: 'pkcs8', format: 'pem' })),
    cert_chain: Buffer.from(cert),
  };
  return ServerCredentials.createSsl(null, [pair]);
}

function codeOf(error: unknown): status {
  if (error instanceof MalformedOtlp) return status.INVALID_ARGUMENT;
  return error instanceof JournalUnavailable ? status.UNAVAILABLE : status.INTERNAL;
}

async function probe(host: string, port: number): Promise<void> {
  const server = createServer();
  await listen(server, host, port, 'otlpGrpcPort', () => {});
  await closeServer(server, 0);
}

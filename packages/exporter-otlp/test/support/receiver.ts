import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type Metadata, Server, ServerCredentials, type status } from '@grpc/grpc-js';
import { pointsOf } from '../../src/request/request-tree.ts';
import type { Credentials } from './authority.ts';

/** A receiver's certificate, and the authority whose clients it takes where it asks for certificates. */
export interface ReceiverTls extends Credentials {
  readonly clientCa?: Buffer;
}

/** What a receiver does with a request instead of taking it. */
export type Behaviour =
  | 'accept'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  | { readonly code: status; readonly details?: string; readonly metadata?: Metadata }
  | { readonly rejected: number }
  | 'hang'
  | 'half-close'
  | 'garbage';

/** An OTLP receiver that counts what it has acknowledged, point by point. */
export interface Receiver {
  /** What to give as `url`. */
  readonly url: string;
  readonly port: number;
  /** Bodies of accepted requests, unpacked. */
  readonly bodies: Buffer[];
  /** How often each point was accepted, by its bytes in hex. */
  readonly points: Map<string, number>;
  /** Every request, taken or not. */
  requests: number;
  readonly headers: Record<string, string | string[] | undefined>[];
  /** For the next requests, in their order; then `otherwise`. */
  readonly script: Behaviour[];
  otherwise: Behaviour | ((body: Buffer) => Behaviour);
  close(): Promise<void>;
}

const EXPORT = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

class Intake {
  readonly bodies: Buffer[] = [];
  readonly points = new Map<string, number>();
  readonly headers: Record<string, string | string[] | undefined>[] = [];
  readonly script: Behaviour[] = [];
  otherwise: Behaviour | ((body: Buffer) => Behaviour) = 'accept';
  requests = 0;

  decide(body: Buffer): Behaviour {
    this.requests++;
    const { otherwise } = this;
    const behaviour = this.script.shift() ?? (typeof otherwise === 'function' ? otherwise(body) : otherwise);
    if (behaviour === 'accept' || (typeof behaviour === 'object' && 'rejected' in behaviour)) this.#take(body);
    return behaviour;
  }

  #take(body: Buffer): void {
    this.bodies.push(body);
    for (const { bytes } of pointsOf(body)) {
      const key = Buffer.from(bytes).toString('hex');
      this.points.set(key, (this.points.get(key) ?? 0) + 1);
    }
  }
}

/** OTLP over HTTP on loopback. */
export async function httpReceiver(port = 0, tls?: ReceiverTls): Promise<Receiver> {
  const intake = new Intake();
  const sockets = new Set<Socket>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      intake.headers.push(request.headers);
      answer(request, response, intake.decide(unpacked(request, Buffer.concat(chunks))));
    });
  };
  const server: HttpServer =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ cert: tls.cert, key: tls.key, ...clientCheck(tls) }, listener);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return Object.assign(intake, {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${bound}/v1/metrics`,
    port: bound,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function clientCheck({ clientCa }: ReceiverTls): object {
  return clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: clientCa };
}

function unpacked(request: IncomingMessage, body: Buffer): Buffer {
  const encoding = request.headers['content-encoding'];
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'zstd' ? zstdDecompressSync(body) : body;
}

function answer(request: IncomingMessage, response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'half-close') {
    // Headers that promise a body, and the end of the connection.
    request.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
    request.socket.end();
  } else if (behaviour === 'garbage') {
    request.socket.end('\u0000\u0001 this is not HTTP\r\n\r\n');
  } else if (behaviour === 'accept') {
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  } else if ('rejected' in behaviour) {
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(partialSuccess(behaviour.rejected));
  } else if ('status' in behaviour) {
    response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
  }
}

/** OTLP over gRPC on loopback. */
export async function grpcReceiver(port = 0, maxReceiveBytes = 4 * 1024 * 1024, tls?: ReceiverTls): Promise<Receiver> {
  const intake = new Intake();
  const server = new Server({ 'grpc.max_receive_message_length': maxReceiveBytes });
  const same = (bytes: Buffer): Buffer => bytes;
  server.addService(
    {
      Export: {
        path: EXPORT,
        requestStream: false,
        responseStream: false,
        originalName: 'export',
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    },
    {
      Export: (
        call: { request: Buffer; metadata: Metadata },
        done: (error: object | null, response?: Buffer) => void,
      ) => {
        intake.headers.push(call.metadata.getMap() as Record<string, string>);
        const behaviour = intake.decide(call.request);
        if (behaviour === 'accept') done(null, Buffer.alloc(0));
        else if (behaviour === 'garbage') done(null, Buffer.from([0xff, 0xff, 0xff]));
        else if (typeof behaviour === 'object' && 'rejected' in behaviour)
          done(null, partialSuccess(behaviour.rejected));
        else if (typeof behaviour === 'object' && 'code' in behaviour) done(behaviour);
      },
    },
  );
  const credentials =
    tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(
          tls.clientCa ?? null,
          [{ private_key: tls.key, cert_chain: tls.cert }],
          tls.clientCa !== undefined,
        );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, actual) =>
      error === null ? resolve(actual) : reject(error),
    );
  });
  return Object.assign(intake, {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${bound}`,
    port: bound,
    close: async () => server.forceShutdown(),
  });
}

/** ExportMetricsServiceResponse { partial_success { rejected_data_points, error_message: "no" } }. */
function partialSuccess(rejected: number): Buffer {
  return Buffer.from([0x0a, 6, 0x08, rejected, 0x12, 2, 0x6e, 0x6f]);
}

import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** Keeps the payloads that OTLP exporters send, unpacked but not decoded. */
export interface OtlpReceiver {
  readonly bodies: Buffer[];
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): void;
}

export async function otlpHttpReceiver(): Promise<OtlpReceiver> {
  const bodies: Buffer[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      bodies.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const EXPORT = {
  path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  requestStream: false,
  responseStream: false,
  originalName: 'export',
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};

function same(bytes: Buffer): Buffer {
  return bytes;
}

export async function otlpGrpcReceiver(): Promise<OtlpReceiver> {
  const bodies: Buffer[] = [];
  const server = new Server();
  server.addService(
    { Export: EXPORT },
    {
      Export: (call: { request: Buffer }, done: (error: null, response: Buffer) => void) => {
        bodies.push(call.request);
        done(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { bodies, url: `http://127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { status } from '@grpc/grpc-js';
import type { Ingest } from '../ingest.ts';
import { MalformedOtlp } from '../otlp/malformed.ts';
import type { CountRequest } from './otlp-grpc.ts';
import { exportResponse, rpcStatus } from './otlp-response.ts';
import { BodyError, readBody } from './read-body.ts';

const PROTOBUF = 'application/x-protobuf';

/** OTLP over HTTP: `POST /v1/metrics`, protobuf, gzip. Errors carry a google.rpc.Status, as OTLP demands. */
export function otlpHttpServer(ingest: Ingest, maxRequestBytes: number, count: CountRequest): Server {
  return createServer((request, response) => {
    take(request, ingest, maxRequestBytes).then(
      (body) => {
        count();
        answer(response, 200, body);
      },
      (error: unknown) => {
        const code = error instanceof BodyError ? error.status : error instanceof MalformedOtlp ? 400 : 500;
        count(String(code));
        const rpcCode =
          code === 500 ? status.INTERNAL : code === 413 ? status.RESOURCE_EXHAUSTED : status.INVALID_ARGUMENT;
        // What was not read of a refused body would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close');
        answer(response, code, rpcStatus(rpcCode, error instanceof Error ? error.message : String(error)));
        request.resume();
      },
    );
  });
}

async function take(request: IncomingMessage, ingest: Ingest, maxRequestBytes: number): Promise<Buffer> {
  const path = request.url?.split('?')[0];
  if (path !== '/v1/metrics') throw new BodyError(404, `nothing at ${path}; metrics go to POST /v1/metrics`);
  if (request.method !== 'POST') throw new BodyError(405, `${request.method} is not taken; use POST`);
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== PROTOBUF) throw new BodyError(415, `content-type "${type ?? ''}" is not taken; use ${PROTOBUF}`);
  const { refusedCount, refusals } = ingest.request(await readBody(request, maxRequestBytes), 'http');
  return exportResponse(refusedCount, refusals);
}

function answer(response: ServerResponse, code: number, body: Buffer): void {
  response.writeHead(code, { 'content-type': PROTOBUF, 'content-length': body.length });
  response.end(body);
}

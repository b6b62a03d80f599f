import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { status } from '@grpc/grpc-js';
import type { Ingest } from '../ingest.ts';
import { MalformedOtlp } from '../otlp/malformed.ts';
import { httpTimeouts } from './http-timeouts.ts';
import type { CountRequest } from './otlp-grpc.ts';
import { exportResponse, rpcStatus } from './otlp-response.ts';
import { BodyError, checkBody, readBody } from './read-body.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

const RPC_CODES: Readonly<Record<number, number>> = {
  400: status.INVALID_ARGUMENT,
  404: status.NOT_FOUND,
  405: status.UNIMPLEMENTED,
  413: status.RESOURCE_EXHAUSTED,
  415: status.INVALID_ARGUMENT,
  500: status.INTERNAL,
};

/** Limits of {@link otlpHttpServer}. */
export interface OtlpHttpLimits {
  readonly maxRequestBytes: number;
  readonly requestTimeoutMillis: number;
}

/** OTLP over HTTP: `POST /v1/metrics`, protobuf, gzip. Errors carry a google.rpc.Status, as OTLP demands. */
export function otlpHttpServer(
  ingest: Ingest,
  { maxRequestBytes, requestTimeoutMillis }: OtlpHttpLimits,
  count: CountRequest,
): Server {
  const take = async (request: IncomingMessage, response: ServerResponse, asks: boolean): Promise<void> => {
    try {
      checkHead(request);
      checkBody(request, maxRequestBytes);
      if (asks) response.writeContinue();
      const { refusedCount, refusals } = ingest.request(await readBody(request, maxRequestBytes), 'http');
      count();
      answer(response, 200, PROTOBUF, exportResponse(refusedCount, refusals));
    } catch (error) {
      const code = error instanceof BodyError ? error.status : error instanceof MalformedOtlp ? 400 : 500;
      count(String(code));
      if (code === 405) response.setHeader('allow', 'POST');
      // A sender that asked first and was told no sends no body: what it sends next would be taken for one.
      if (asks && !request.complete) response.setHeader('connection', 'close');
      refuse(request, response, code, error instanceof Error ? error.message : String(error));
    }
  };
  const server = createServer(httpTimeouts(requestTimeoutMillis), (request, response) => {
    void take(request, response, false);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    void take(request, response, true);
  });
  return server;
}

function checkHead(request: IncomingMessage): void {
  const path = request.url?.split('?')[0];
  if (path !== '/v1/metrics') throw new BodyError(404, `nothing at ${path}; metrics go to POST /v1/metrics`);
  if (request.method !== 'POST') throw new BodyError(405, `${request.method} is not taken; use POST`);
  const type = contentType(request);
  if (type === JSON_TYPE) {
    throw new BodyError(415, `OTLP as JSON is not taken; use ${PROTOBUF} (in SDKs: protocol http/protobuf)`);
  }
  if (type !== PROTOBUF) throw new BodyError(415, `content-type "${type}" is not taken; use ${PROTOBUF}`);
}

function contentType({ headers }: IncomingMessage): string {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** An error is told in the encoding of the request. */
function refuse(request: IncomingMessage, response: ServerResponse, code: number, message: string): void {
  const rpcCode = RPC_CODES[code] ?? status.UNKNOWN;
  if (contentType(request) === JSON_TYPE) {
    answer(response, code, JSON_TYPE, Buffer.from(JSON.stringify({ code: rpcCode, message })));
  } else answer(response, code, PROTOBUF, rpcStatus(rpcCode, message));
}

function answer(response: ServerResponse, code: number, type: string, body: Buffer): void {
  response.writeHead(code, { 'content-type': type, 'content-length': body.length });
  response.end(body);
}

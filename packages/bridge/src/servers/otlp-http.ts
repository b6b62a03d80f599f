import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { status } from '@grpc/grpc-js';
import { hostAllowed, type LiveTlsOptions } from '@nanometer/live';
import type { TakeRequest } from '../intake.ts';
import { JournalUnavailable } from '../journal/journal.ts';
import { MalformedOtlp } from '../otlp/malformed.ts';
import { protobufOfJson } from '../otlp-json/protobuf-of-json.ts';
import type { OtlpRefusal } from './otlp-access.ts';
import type { CountRequest } from './otlp-grpc.ts';
import { exportResponse, exportResponseJson, RETRY_AFTER_SECONDS, rpcStatus } from './otlp-response.ts';
import { BodyError, checkBody, readBody } from './read-body.ts';
import { webServer } from './web-server.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

const RPC_CODES: Readonly<Record<number, number>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  405: status.UNIMPLEMENTED,
  413: status.RESOURCE_EXHAUSTED,
  415: status.INVALID_ARGUMENT,
  500: status.INTERNAL,
  503: status.UNAVAILABLE,
};

/** Settings of {@link otlpHttpServer}. */
export interface OtlpHttpOptions {
  readonly maxRequestBytes: number;
  readonly requestTimeoutMillis: number;
  /** Hosts that requests may be for; `undefined` for any. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly refusal: OtlpRefusal;
  readonly tls: LiveTlsOptions | undefined;
}

/** OTLP over HTTP: `POST /v1/metrics`, protobuf or JSON, gzip, deflate or zstd. Errors carry a google.rpc.Status, as OTLP demands. */
export function otlpHttpServer(takeRequest: TakeRequest, options: OtlpHttpOptions, count: CountRequest): Server {
  const { maxRequestBytes, requestTimeoutMillis, tls } = options;
  const take = async (request: IncomingMessage, response: ServerResponse, asks: boolean): Promise<void> => {
    try {
      const type = checkHead(request, options);
      checkBody(request, maxRequestBytes);
      if (asks) response.writeContinue();
      const body = await readBody(request, maxRequestBytes);
      const { refusedCount, refusals } = await takeRequest(type === JSON_TYPE ? protobufOfJson(body) : body, 'http');
      count();
      const encode = type === JSON_TYPE ? exportResponseJson : exportResponse;
      answer(response, 200, type, encode(refusedCount, refusals));
    } catch (error) {
      const code = statusOf(error);
      count(String(code));
      if (code === 503) response.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
      if (code === 401) response.setHeader('www-authenticate', 'Bearer');
      if (code === 405) response.setHeader('allow', 'POST');
      // A sender that asked first and was told no sends no body: what it sends next would be taken for one.
      if (asks && !request.complete) response.setHeader('connection', 'close');
      refuse(request, response, code, error instanceof Error ? error.message : String(error));
    }
  };
  const server = webServer(requestTimeoutMillis, tls, (request, response) => {
    void take(request, response, false);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    void take(request, response, true);
  });
  return server;
}

function statusOf(error: unknown): number {
  if (error instanceof BodyError) return error.status;
  if (error instanceof MalformedOtlp) return 400;
  return error instanceof JournalUnavailable ? 503 : 500;
}

/** The content type, when everything before the body is in order. */
function checkHead(request: IncomingMessage, { allowedHosts, refusal }: OtlpHttpOptions): string {
  const { host } = request.headers;
  if (!hostAllowed(host, allowedHosts)) throw new BodyError(403, `"${host}" is not served here; see allowedHosts`);
  const { remoteAddress } = request.socket;
  const refused = refusal({ authorization: request.headers.authorization, remoteAddress });
  if (refused !== undefined) throw new BodyError(401, refused);
  const path = request.url?.split('?')[0];
  if (path !== '/v1/metrics') throw new BodyError(404, `nothing at ${path}; metrics go to POST /v1/metrics`);
  if (request.method !== 'POST') throw new BodyError(405, `${request.method} is not taken; use POST`);
  const type = contentType(request);
  if (type === PROTOBUF || type === JSON_TYPE) return type;
  throw new BodyError(415, `content-type "${type}" is not taken; use ${PROTOBUF} or ${JSON_TYPE}`);
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

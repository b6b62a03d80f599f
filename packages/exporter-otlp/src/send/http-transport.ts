import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { TlsSettings } from '../config/options.ts';
import { readJsonResponse, readResponse } from './response.ts';
import { withTlsAdvice } from './tls-advice.ts';
import type { SendResult, Transport } from './transport.ts';

/** How a request body is packed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** Settings of an {@link HttpTransport}. */
export interface HttpTransportOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
  readonly tls: TlsSettings;
  /** HTTP statuses to retry beside those of the specification. */
  readonly retryStatuses: readonly (number | string)[];
  readonly userAgent: string;
  /** Unix milliseconds, for a Retry-After that is a date. */
  readonly now: () => number;
}

const RETRYABLE: readonly number[] = [429, 502, 503, 504];
const TOO_LARGE = 413;
/** Nothing a receiver has to say is longer. */
const ANSWER_LIMIT_BYTES = 64 * 1024;
const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** OTLP over HTTP with protobuf bodies, on kept connections. */
export class HttpTransport implements Transport {
  readonly #options: HttpTransportOptions;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
    const { ca, cert, key } = options.tls;
    const tls = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
    this.#agent = isTls(options.url) ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
  }

  async send(request: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<SendResult> {
    try {
      const body = await packed(request, this.#options.compression);
      return this.#resultOf(await this.#post(body, timeoutMs, signal));
    } catch (error) {
      const { code = 'transport', message } = error as NodeJS.ErrnoException;
      const { href, host } = this.#options.url;
      const reason = withTlsAdvice(message.includes(host) ? message : `${href}: ${message}`);
      return { kind: 'retry', error: reason, type: code };
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #post(body: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
    const { url, headers, compression, userAgent } = this.#options;
    const send = isTls(url) ? httpsRequest : httpRequest;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    return new Promise((resolve, reject) => {
      const request = send(
        url,
        {
          method: 'POST',
          agent: this.#agent,
          signal: limit,
          headers: {
            ...headers,
            'user-agent': userAgent,
            'content-type': 'application/x-protobuf',
            'content-length': body.length,
            ...(compression === 'none' ? {} : { 'content-encoding': compression }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size <= ANSWER_LIMIT_BYTES) chunks.push(chunk);
          });
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode: status = 0, headers } = response;
            resolve({ status, headers, body: Buffer.concat(chunks) });
          });
        },
      );
      request.on('error', (error) => reject(limit.aborted && !signal.aborted ? timedOut(url, timeoutMs) : error));
      request.end(body);
    });
  }

  #resultOf({ status, headers, body }: Answer): SendResult {
    const { retryStatuses, now, url } = this.#options;
    const type = String(status);
    if (status >= 200 && status < 300) return accepted(headers['content-type'] ?? '', body, url);
    const text = body
      .toString('utf8', 0, 300)
      .replace(/[^\x20-\x7e]+/g, ' ')
      .trim();
    const error = `${url.href} answered ${status}${text === '' ? '' : `: ${text}`}`;
    if (RETRYABLE.includes(status) || retryStatuses.includes(status)) {
      const afterMs = retryAfterMs(headers['retry-after'], now());
      return { kind: 'retry', error, type, ...(afterMs === undefined ? {} : { afterMs }) };
    }
    return { kind: status === TOO_LARGE ? 'too-large' : 'refused', error, type };
  }
}

/** A 2xx whose body is no OTLP answer comes from something else than a receiver, and proves nothing. */
function accepted(contentType: string, body: Buffer, url: URL): SendResult {
  const response = contentType.includes('json') ? readJsonResponse(body.toString()) : readResponse(body);
  if (response !== undefined) return { kind: 'accepted', ...response };
  const error = `${url.href} answered with ${contentType || 'something'} that is no OTLP response; is it an OTLP receiver?`;
  return { kind: 'retry', error, type: 'malformed_response' };
}

/** Seconds or a date; anything else is not there. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

async function packed(request: Uint8Array, compression: Compression): Promise<Uint8Array> {
  if (compression === 'gzip') return gzipAsync(request);
  return compression === 'zstd' ? zstdAsync(request) : request;
}

function isTls(url: URL): boolean {
  return url.protocol === 'https:';
}

function timedOut(url: URL, timeoutMs: number): Error {
  return Object.assign(new Error(`${url.href} did not answer within ${timeoutMs} ms`), { code: 'timeout' });
}

import { type IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '@opentelemetry/api';
import type { Exposition } from '../exposition.ts';
import type { Lease } from '../exposition-queue.ts';
import { negotiate, negotiateEncoding } from '../format/accept.ts';
import { contentType, type Format, type Protocol } from '../format/format.ts';
import type { ResolvedOptions } from '../options.ts';
import type { ScrapeError } from '../stats.ts';
import { sendBody } from './send-body.ts';

/** Told of every scrape's end. */
export interface ScrapeListener {
  onScrape(outcome: {
    readonly protocol: Protocol;
    readonly seconds: number;
    readonly bytes: number;
    readonly error: ScrapeError | undefined;
  }): void;
}

const TIMEOUT_HEADER = 'x-prometheus-scrape-timeout-seconds';
const RETRY_SECONDS = '1';

/** Answers scrapes. Never throws and never rejects: whatever happens is an answer, and counted. */
export class ScrapeHandler {
  readonly #options: ResolvedOptions;
  readonly #next: (format: Format) => Lease;
  readonly #listener: ScrapeListener;
  readonly #controllers = new Set<AbortController>();
  // The scrapers that are being sent an exposition.
  readonly #held = new Map<Exposition, number>();

  constructor(options: ResolvedOptions, next: (format: Format) => Lease, listener: ScrapeListener) {
    this.#options = options;
    this.#next = next;
    this.#listener = listener;
  }

  /** Bytes of expositions that are being sent, each counted once. */
  get heldBytes(): number {
    let bytes = 0;
    for (const { length } of this.#held.keys()) bytes += length;
    return bytes;
  }

  /** Answers a request, whatever its path. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    // What goes wrong with the socket ends the scrape, which is counted there.
    response.on('error', () => undefined);
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain; charset=utf-8' });
      response.end('only GET and HEAD\n');
      return;
    }
    const format = negotiate(request.headers.accept);
    if (request.method === 'HEAD') {
      response.writeHead(200, { 'content-type': contentType(format), vary: 'accept, accept-encoding' });
      response.end();
      return;
    }
    void this.#scrape(request, response, format);
  }

  /** Ends what is under way. */
  close(): void {
    for (const controller of this.#controllers) controller.abort('aborted');
  }

  async #scrape(request: IncomingMessage, response: ServerResponse, format: Format): Promise<void> {
    const started = performance.now();
    const finish = (bytes: number, error?: ScrapeError): void => {
      const seconds = (performance.now() - started) / 1000;
      this.#listener.onScrape({ protocol: format.protocol, seconds, bytes, error });
    };
    const { scrapeLimit, heldBytesLimit } = this.#options;
    if (this.#controllers.size >= scrapeLimit || this.heldBytes > heldBytesLimit) {
      finish(0, 'overloaded');
      refuse(response, 503, 'too many scrapes are under way\n', { 'retry-after': RETRY_SECONDS });
      return;
    }
    const controller = new AbortController();
    this.#controllers.add(controller);
    const timer = setTimeout(() => controller.abort('timeout'), this.#timeoutOf(request));
    const onClose = (): void => controller.abort('aborted');
    response.once('close', onClose);
    try {
      finish(await this.#send(request, response, format, controller.signal));
    } catch (error) {
      const cause = (controller.signal.aborted ? controller.signal.reason : 'failed') as ScrapeError;
      if (cause === 'failed') diag.error('prometheus: a scrape failed', error);
      finish(0, cause);
      if (cause !== 'aborted') refuse(response, cause === 'timeout' ? 503 : 500, `the scrape ended: ${cause}\n`);
      else response.destroy();
    } finally {
      clearTimeout(timer);
      response.off('close', onClose);
      this.#controllers.delete(controller);
    }
  }

  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    format: Format,
    signal: AbortSignal,
  ): Promise<number> {
    const lease = this.#next(format);
    const exposition = await abortable(lease.exposition, signal);
    const accepted = request.headers['accept-encoding'];
    const encoding = this.#options.compression ? negotiateEncoding(headerText(accepted)) : undefined;
    this.#held.set(exposition, (this.#held.get(exposition) ?? 0) + 1);
    try {
      const sent = await sendBody(response, exposition, encoding, signal);
      // A scrape that was broken off is not released: its bytes may still be on their way through a socket or compressor.
      // Nor is one through a response that is not Node's own, whose `finish` may come earlier.
      if (response instanceof ServerResponse) lease.release();
      return sent;
    } finally {
      const scrapers = this.#held.get(exposition)! - 1;
      if (scrapers > 0) this.#held.set(exposition, scrapers);
      else this.#held.delete(exposition);
    }
  }

  #timeoutOf({ headers }: IncomingMessage): number {
    const seconds = Number(headerText(headers[TIMEOUT_HEADER]));
    const own = this.#options.scrapeTimeoutMillis;
    return seconds > 0 ? Math.min(own, seconds * 1000) : own;
  }
}

/** Answers with a status, or cuts the connection where the answer has begun. */
function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function headerText(header: string | readonly string[] | undefined): string {
  return header === undefined ? '' : typeof header === 'string' ? header : header.join(',');
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PrometheusExporterError } from '../errors.ts';

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Path that the handler answers; everything else is not found. */
  readonly endpoint: string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Time for the head of a request; a client that never finishes it holds a connection no longer. */
const HEADERS_TIMEOUT_MS = 10_000;

/** An HTTP server with one path. It does not keep the process alive. */
export class MetricsServer {
  readonly #options: MetricsServerOptions;
  readonly #server: Server;
  #opening: Promise<string> | undefined = undefined;

  constructor(options: MetricsServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.headersTimeout = HEADERS_TIMEOUT_MS;
    this.#server.unref();
  }

  /** Listens, once; resolves with the URL. @throws PrometheusExporterError `PORT_IN_USE`, `LISTEN_FAILED` */
  open(): Promise<string> {
    return (this.#opening ??= this.#listen());
  }

  /** Stops listening and closes every connection. Idempotent. */
  close(): Promise<void> {
    this.#opening = undefined;
    return new Promise((resolve) => {
      // It fails when it never listened, which is what was wanted.
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #listen(): Promise<string> {
    const { host, port, endpoint } = this.#options;
    return new Promise((resolve, reject) => {
      const onError = (cause: NodeJS.ErrnoException): void => {
        this.#opening = undefined;
        reject(listenError(cause, host, port));
      };
      this.#server.once('error', onError);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', onError);
        const { port: actual } = this.#server.address() as { port: number };
        resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}${endpoint}`);
      });
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { endpoint, handle } = this.#options;
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === endpoint) {
      handle(request, response);
      return;
    }
    request.resume();
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`see ${endpoint}\n`);
  }
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): PrometheusExporterError {
  if (cause.code === 'EADDRINUSE') {
    const text = `prometheus: port ${port} on ${host} is in use; choose another with the option port, or 0 for any`;
    return new PrometheusExporterError('PORT_IN_USE', text, 'port', cause);
  }
  const text = `prometheus: cannot listen on ${host}:${port}: ${cause.message}`;
  return new PrometheusExporterError('LISTEN_FAILED', text, 'host', cause);
}

import { createServer, type Server } from 'node:http';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { DemoError } from '../errors.ts';

/** Serves `/metrics` from a Prometheus exporter; its own server cannot take port 0, any free port. */
export class MetricsEndpoint {
  readonly #server: Server;
  readonly #host: string;
  readonly #port: number;

  constructor(exporter: PrometheusExporter, host: string, port: number) {
    this.#host = host;
    this.#port = port;
    this.#server = createServer((request, response) => {
      if (request.url?.split('?')[0] === '/metrics') exporter.getMetricsRequestHandler(request, response);
      else response.writeHead(404).end('see /metrics\n');
    });
  }

  /** Resolves with the URL. @throws DemoError `port_in_use` */
  open(): Promise<string> {
    const host = this.#host;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const inUse = cause.code === 'EADDRINUSE';
        const text = inUse
          ? `desk: port ${this.#port} on ${host}, for /metrics, is in use; choose another with --metrics-port, or 0 for any`
          : `desk: cannot listen on ${host}:${this.#port} for /metrics: ${cause.message}`;
        reject(new DemoError(inUse ? 'port_in_use' : 'invalid_option', text, { cause }));
      });
      this.#server.listen({ host, port: this.#port }, () => {
        const { port } = this.#server.address() as { port: number };
        resolve(`http://${host}:${port}/metrics`);
      });
    });
  }

  /** Closes the server and its connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

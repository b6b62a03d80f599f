import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that came in. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A body: none, one that does not go on, one that does not stop. */
interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: 'unfinished' | 'endless';
}

/** Answers each request with what `answer` says: a status, headers, or never. */
export class FakeReceiver {
  readonly received: Received[] = [];
  readonly #server: Server;
  answer: (request: Received) => Answer | 'hang' = () => ({ status: 200 });

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const received = { path: request.url ?? '', headers: request.headers, body };
        this.received.push(received);
        const answer = this.answer(received);
        if (answer === 'hang') return;
        response.writeHead(answer.status, answer.headers);
        if (answer.body === undefined) response.end();
        else response.write('x');
        if (answer.body === 'endless') this.#flood(response);
      });
    });
  }

  #flood(response: ServerResponse): void {
    const part = Buffer.alloc(16 * 1024);
    response.on('drain', () => response.write(part));
    response.write(Buffer.alloc(1024 * 1024));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

import { connect, createServer, type Server, type Socket } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Trouble } from './fault.ts';

const STATUS_TEXT = { 400: 'Bad Request', 429: 'Too Many Requests', 503: 'Service Unavailable' } as const;
const HEAD_END = Buffer.from('\r\n\r\n');
const RETRY_AFTER_SECONDS = 1;

/**
 * Stands between two programs that speak HTTP/1.1, and passes everything on until it is told to make trouble. When the trouble
 * begins or ends, open connections are cut, so that the next request meets the new state.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #open = new Set<Socket>();
  #trouble: Trouble | undefined;
  /** Requests that met trouble, by trouble. */
  readonly met: Partial<Record<Trouble, number>> = {};
  /** Bodies that were answered 400 and are therefore gone for good, as plain bytes. */
  readonly refused: Buffer[] = [];

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('connection', (client) => this.#accept(client));
  }

  /** Listens on a loopback port for one program and leads to another's. */
  static async listen(port: number, targetPort: number): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return new FaultProxy(server, targetPort);
  }

  /** Begins a trouble, or ends it with `undefined`. */
  set(trouble: Trouble | undefined): void {
    this.#trouble = trouble;
    for (const socket of this.#open) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    this.#track(client);
    const trouble = this.#trouble;
    switch (trouble) {
      case undefined:
        this.#pass(client, () => undefined);
        break;
      case 'refuse':
        this.#count(trouble);
        client.destroy();
        break;
      case 'hang':
        this.#count(trouble);
        client.resume();
        break;
      case '400':
      case '429':
      case '503':
        this.#answer(client, trouble);
        break;
      case 'lose-answer':
        // The receiver has the request, the sender never learns of it.
        this.#pass(client, () => {
          this.#count(trouble);
          client.destroy();
          return true;
        });
        break;
      case 'half-close':
        this.#pass(client, (answer) => {
          this.#count(trouble);
          client.end(answer.subarray(0, Math.floor(answer.length / 2)));
          return true;
        });
        break;
    }
  }

  /** Joins both sides; `meddle` sees each piece of the answer and returns true when it has dealt with it. */
  #pass(client: Socket, meddle: (answer: Buffer) => true | undefined): void {
    const upstream = connect(this.#targetPort, '127.0.0.1');
    this.#track(upstream);
    client.pipe(upstream);
    upstream.on('data', (answer: Buffer) => {
      if (meddle(answer) === undefined && client.writable && !client.write(answer)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
    upstream.on('end', () => client.end());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  }

  #answer(client: Socket, status: '400' | '429' | '503'): void {
    let received: Buffer = Buffer.alloc(0);
    client.on('data', (piece: Buffer) => {
      received = Buffer.concat([received, piece]);
      for (let request = readRequest(received); request !== undefined; request = readRequest(received)) {
        received = received.subarray(request.length);
        this.#count(status);
        if (status === '400') this.refused.push(request.body);
        const retry = status === '400' ? '' : `Retry-After: ${RETRY_AFTER_SECONDS}\r\n`;
        client.write(`HTTP/1.1 ${status} ${STATUS_TEXT[status]}\r\n${retry}Content-Length: 0\r\n\r\n`);
      }
    });
  }

  #track(socket: Socket): void {
    this.#open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#open.delete(socket));
  }

  #count(trouble: Trouble): void {
    this.met[trouble] = (this.met[trouble] ?? 0) + 1;
  }
}

/** The first whole request in the bytes, with its body unpacked; `undefined` while there is none. */
export function readRequest(bytes: Buffer): { readonly length: number; readonly body: Buffer } | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.subarray(0, headEnd).toString('latin1').toLowerCase();
  const bodyFrom = headEnd + HEAD_END.length;
  const encoding = /content-encoding: (\w+)/.exec(head)?.[1] ?? '';
  const whole = head.includes('transfer-encoding: chunked')
    ? readChunks(bytes, bodyFrom)
    : readLength(bytes, bodyFrom, Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0));
  return whole && { length: whole.length, body: unpacked(whole.body, encoding) };
}

function unpacked(body: Buffer, encoding: string): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'zstd' ? zstdDecompressSync(body) : body;
}

interface Whole {
  readonly length: number;
  readonly body: Buffer;
}

function readLength(bytes: Buffer, from: number, size: number): Whole | undefined {
  return bytes.length < from + size ? undefined : { length: from + size, body: bytes.subarray(from, from + size) };
}

function readChunks(bytes: Buffer, from: number): Whole | undefined {
  const chunks: Buffer[] = [];
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { length: next, body: Buffer.concat(chunks) };
    chunks.push(bytes.subarray(lineEnd + 2, next - 2));
    at = next;
  }
}
